import 'server-only';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs, now } from '@/lib/core/time';
import { database } from '@/lib/db/client';
import { databaseFailure } from '@/lib/db/failure';
import { Poll } from '@/lib/sources/poll';
import { HourStore } from './hours';
import { readFleet, slosIn } from './read';
import type { FleetState } from './state';
import { unreadFleet } from './unread';

declare global {
  var signalboxFleets: Map<string, Poll<FleetState>> | undefined;
}

const intervalMs = 10_000;

/** The newest state with what went wrong since: what was read once stays. */
function failed(
  config: Config,
  environment: string,
  previous: FleetState | undefined,
  error: unknown,
): FleetState {
  logger('web').error({ environment, error: messageOf(error) }, 'recorded counts could not be read');
  const failure =
    databaseFailure(error) === 'down'
      ? 'it cannot be reached.'
      : 'the recorded counts cannot be read; the log of the web process says why.';
  if (previous !== undefined) return { ...previous, failure };
  const at = { seconds: now().getTime() / 1000, ms: monotonicMs() };
  return unreadFleet(slosIn(config, environment), environment, at, failure);
}

/** The recorded counts of an environment, read anew every 10 s while somebody looks, whoever and how many. */
export function fleetPoll(config: Config, environment: string): Poll<FleetState> {
  globalThis.signalboxFleets ??= new Map();
  const known = globalThis.signalboxFleets.get(environment);
  if (known !== undefined) return known;
  const store = new HourStore();
  const poll = new Poll<FleetState>({
    name: `objectives of ${environment}`,
    intervalMs,
    read: async (previous) => {
      try {
        return await readFleet(database(), config, environment, store, previous);
      } catch (error) {
        return failed(config, environment, previous, error);
      }
    },
  });
  globalThis.signalboxFleets.set(environment, poll);
  return poll;
}

/** Passes on what a verb answers when those who look have read what it wrote. */
export async function seenAnew<T>(verb: Promise<T>): Promise<T> {
  const answer = await verb;
  await Promise.all([...(globalThis.signalboxFleets?.values() ?? [])].map((poll) => poll.refresh()));
  return answer;
}

/** The state as it stands, or the list of what is not known yet. */
export async function fleetState(config: Config, environment: string, waitMs: number): Promise<FleetState> {
  const state = await fleetPoll(config, environment).get(waitMs);
  const at = { seconds: now().getTime() / 1000, ms: monotonicMs() };
  return (
    state ?? unreadFleet(slosIn(config, environment), environment, at, 'its first answer has not come yet.')
  );
}

/** The database's clock now, as far as the newest read tells it; unix seconds. */
export const clockOf = (state: FleetState): number => state.at + (monotonicMs() - state.readAtMs) / 1000;
