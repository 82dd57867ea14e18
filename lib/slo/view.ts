import 'server-only';
import type { ChangeWithRow } from '@/lib/change/row';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { database } from '@/lib/db/client';
import { changesPoll } from '@/lib/service/changes';
import { environmentOf } from '@/lib/service/placements';
import type { LastChange } from './contract';
import type { Fleet } from './fleet/contract';
import { fleetDays } from './fleet/days';
import { ChangeCosts } from './fleet/last-change';
import { listChanges, listOf } from './fleet/list';
import { pauseBetween } from './fleet/pause';
import { clockOf, fleetPoll, fleetState } from './fleet/poll';
import { type FleetRows, fleetOf } from './fleet/row';
import { Sent, type SentJson } from './fleet/sent';

/** How long the first page after a start waits for the database before it shows what is missing. */
export const firstWaitMs = 3000;

type Shared = { costs: ChangeCosts; list?: Sent; days?: Sent };

declare global {
  var signalboxFleetLists: Map<string, Shared> | undefined;
}

function sharedOf(environment: string): Shared {
  globalThis.signalboxFleetLists ??= new Map();
  const known = globalThis.signalboxFleetLists.get(environment);
  if (known !== undefined) return known;
  const shared: Shared = { costs: new ChangeCosts() };
  globalThis.signalboxFleetLists.set(environment, shared);
  return shared;
}

type Read = {
  fleet: FleetRows;
  costs: ReadonlyMap<string, readonly LastChange[]>;
  changes: readonly ChangeWithRow[];
};

async function readAll(config: Config, environment: string): Promise<Read> {
  const [state, all = []] = await Promise.all([
    fleetState(config, environment, firstWaitMs),
    changesPoll(config).get(1000),
  ]);
  const changes = all.filter(({ row }) => row.environment === environment);
  const costs =
    state.failure === null
      ? await sharedOf(environment)
          .costs.read(database, config, state, changes)
          .catch((error: unknown) => {
            logger('web').error({ environment, error: messageOf(error) }, 'changes could not be priced');
            return new Map<string, LastChange[]>();
          })
      : new Map<string, LastChange[]>();
  const last = new Map([...costs].flatMap(([id, [first]]) => (first === undefined ? [] : [[id, first]])));
  return { fleet: fleetOf(config, state, clockOf(state), last), costs, changes };
}

/** Every objective of an environment with all its figures, worst first. Throws OpsError `not-found`. */
export const fleetView = async (config: Config, asked: string | undefined): Promise<FleetRows> =>
  (await readAll(config, environmentOf(config, asked))).fleet;

/** The list that is sent of it. Throws OpsError `not-found`. */
export async function fleetList(config: Config, asked: string | undefined): Promise<Fleet> {
  const { fleet, costs, changes } = await readAll(config, environmentOf(config, asked));
  return listOf(fleet, { costs, changes: listChanges(changes) });
}

/** What is sent of the list, the same for everybody. Throws OpsError `not-found`. */
export function sentFleet(config: Config, asked: string | undefined): Promise<SentJson> {
  const environment = environmentOf(config, asked);
  const poll = fleetPoll(config, environment);
  poll.peek();
  const shared = sharedOf(environment);
  shared.list ??= new Sent(`objectives of ${environment}`, async () => {
    await poll.get(firstWaitMs);
    const { version } = poll;
    const { at, ...value } = await fleetList(config, environment);
    return { version, head: { at }, value };
  });
  return shared.list.of(poll.version);
}

/** What is sent of the days of all objectives. Throws OpsError `not-found`. */
export function sentDays(config: Config, asked: string | undefined): Promise<SentJson> {
  const environment = environmentOf(config, asked);
  const poll = fleetPoll(config, environment);
  poll.peek();
  const shared = sharedOf(environment);
  shared.days ??= new Sent(`days of ${environment}`, async () => {
    const state = await fleetState(config, environment, firstWaitMs);
    return { version: poll.version, value: await fleetDays(state, pauseBetween()) };
  });
  return shared.days.of(poll.version);
}
