import 'server-only';
import { matchPolicy } from '@/lib/config/policy-rules';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { paths } from '@/lib/core/paths';
import type { Database } from '@/lib/db/client';
import { environmentOf, serviceOf } from '@/lib/service/placements';
import { knownNow } from '../fleet/known-now';
import { clockOf, fleetState } from '../fleet/poll';
import { slosIn } from '../fleet/read';
import type { FleetState } from '../fleet/state';
import type { GateQuery, GateView } from './contract';
import { decideGate } from './decide-gate';
import { type GatePlace, gateObjective, gatePolicy, isAsked, kindOf } from './objectives';

/** How long the first question after a start waits for the database; without an answer every budget is unknown. */
const firstWaitMs = 3000;

type Asked = Pick<GateQuery, 'environment' | 'action'> & { service: string };

/**
 * Whether a change of a service may go its usual way now. Reads what the pages read, so it is seconds old at most and
 * any number may ask. Throws OpsError `not-found` for a service or environment that is not there.
 */
export async function gateView(config: Config, asked: Asked): Promise<GateView> {
  const place = placeOf(config, asked);
  const state = await fleetState(config, place.environment, firstWaitMs);
  return answer(config, place, asked.action, state, clockOf(state));
}

/** The same, read from the database at this moment. */
export async function gateViewNow(db: Database, config: Config, asked: Asked): Promise<GateView> {
  const place = placeOf(config, asked);
  const policy = gatePolicy(config, place, kindOf(asked.action));
  const slos = slosIn(config, place.environment).filter(
    (slo) => policy !== null && isAsked(slo, place.service, policy.budget),
  );
  const state = await knownNow(db, config, place.environment, slos);
  return answer(config, place, asked.action, state, state.at);
}

function placeOf(config: Config, { service: id, environment: asked, action }: Asked): GatePlace {
  const service = serviceOf(config, id);
  const environment = environmentOf(config, asked);
  if (service.placements[environment] !== undefined) return { service: id, environment };
  const runs = Object.keys(service.placements).join(', ');
  const message = `${service.name} does not run in ${environment}, so there is no ${action} to ask about.`;
  throw new OpsError('not-found', message, { next: `It runs in: ${runs}.` });
}

function answer(
  config: Config,
  place: GatePlace,
  action: GateQuery['action'],
  state: FleetState,
  now: number,
): GateView {
  const { service: id, environment } = place;
  const kind = kindOf(action);
  const policy = gatePolicy(config, place, kind);
  const known = state.known.filter(({ slo }) => policy !== null && isAsked(slo, id, policy.budget));
  const objectives = known.map((one) => gateObjective(one, state, now));
  const decision = decideGate({ action, policy, objectives });
  const covering = matchPolicy(config.policies, kind, environment, id);
  const [first] = decision.objectives;
  return {
    open: decision.verdict === 'open',
    ...decision,
    ...place,
    serviceName: serviceOf(config, id).name,
    action,
    policy: covering?.id ?? null,
    usualSignOffs: covering?.signOffs ?? [],
    at: new Date(now * 1000).toISOString(),
    href: first === undefined ? paths.service(id, { environment }) : paths.slo(first.id),
  };
}
