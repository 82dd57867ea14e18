import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { OpsError } from '@/lib/core/errors';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { knownFromBuckets } from '../fleet/measure';
import { fleetState } from '../fleet/poll';
import type { FleetState, Known } from '../fleet/state';
import { requireSlo } from '../ledger/allowed';
import type { GroupLabels } from '../model';
import { firstWaitMs } from '../view';

export type KnownAsk = { slo: string; environment?: string | undefined };

/** An objective as the fleet knows it. Throws OpsError `not-found`. */
export async function knownOf(
  config: Config,
  ask: KnownAsk,
): Promise<{ state: FleetState; known: Known; environment: string }> {
  const { slo, environment } = requireSlo(config, ask.slo, ask.environment);
  const state = await fleetState(config, environment, firstWaitMs);
  const known = state.known.find((one) => one.slo.id === slo.id);
  if (known === undefined) throw new Error(`The fleet of ${environment} lacks ${slo.id}.`);
  return { state, known, environment };
}

/** An objective where it holds, and the labels of the group that is asked for; none for all of them. */
export async function requireGroup(
  config: Config,
  ask: KnownAsk & Pick<Look, 'group'>,
): Promise<{ slo: Slo; environment: string; labels: GroupLabels }> {
  const { slo, environment } = requireSlo(config, ask.slo, ask.environment);
  if (ask.group === undefined) return { slo, environment, labels: {} };
  const { known } = await knownOf(config, ask);
  const found = known.groups.find(({ key }) => key === ask.group);
  if (found === undefined) refuseGroup(slo, ask.group);
  return { slo, environment, labels: found.labels };
}

function refuseGroup({ name }: Slo, group: string): never {
  throw new OpsError('not-found', `${name} has no group "${group}".`, {
    next: 'Open the objective without a group to see those it has.',
  });
}

/** How somebody looks at an objective: with or without what it excludes, and at all groups or at one. */
export type Look = { exclusions: 'on' | 'off'; group?: string | undefined };

/** An objective as somebody looks at it. Throws OpsError `not-found` for a group that there is not. */
export async function knownAs(
  db: DatabaseOrTransaction,
  known: Known,
  { exclusions, group }: Look,
  at: number,
): Promise<Known> {
  const isAll = exclusions === 'on' || known.lens.excluded.length === 0;
  if (isAll && group === undefined) return known;
  const { whole: _whole, groups, ...draft } = known;
  const found = group === undefined ? groups : groups.filter(({ key }) => key === group);
  if (group !== undefined && found.length === 0) refuseGroup(known.slo, group);
  const lens = isAll ? known.lens : { ...known.lens, excluded: [] };
  return knownFromBuckets(db, { ...draft, lens, found }, at);
}
