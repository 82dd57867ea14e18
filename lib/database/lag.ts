import { formatDuration } from '@/lib/core/duration';
import type { Receiving, StandbySeen } from '@/lib/sources/postgresql/replication';
import type { ReplicationView } from './contract';
import type { Replication } from './read';

type Lag = ReplicationView['standbys'][number]['lag'];

const seconds = (value: number): string =>
  value < 1 ? `${Math.round(value * 1000)} ms` : formatDuration(value);

function judged(lagSeconds: number, bytes: number | null, limit: number): Lag {
  const isLate = lagSeconds > limit;
  return {
    seconds: lagSeconds,
    bytes,
    state: isLate ? 'late' : 'within',
    sentence: isLate
      ? `${seconds(lagSeconds)} behind; the limit is ${seconds(limit)}.`
      : `${lagSeconds === 0 ? 'Caught up' : `${seconds(lagSeconds)} behind`}, within ${seconds(limit)}.`,
  };
}

/**
 * Lag of a standby as its primary sees it (DBO-07). The time is not known of one that is caught up and idle, which is
 * no lag, and of one that has never answered, which is unknown.
 */
export function standbyLag({ state, lagSeconds, lagBytes }: StandbySeen, limit: number): Lag {
  if (state === null) {
    return { seconds: null, bytes: null, state: 'unknown', sentence: 'Hidden from our account.' };
  }
  if (lagSeconds !== null) return judged(lagSeconds, lagBytes, limit);
  if (lagBytes !== null && lagBytes <= 0) return judged(0, lagBytes, limit);
  return {
    seconds: null,
    bytes: lagBytes,
    state: 'unknown',
    sentence: 'It has not said yet how long it takes to replay.',
  };
}

/**
 * Lag of a standby as it sees itself. The age of its newest transaction is a lag only while something waits to be
 * replayed, or nothing arrives: while the primary writes nothing that age rises and means nothing.
 */
export function receivingLag(receiving: Receiving, limit: number): Lag {
  const { replayedSecondsAgo, bytesToReplay, paused } = receiving;
  if (!receiving.receiving) {
    const since =
      replayedSecondsAgo === null ? '' : ` Its newest transaction is ${seconds(replayedSecondsAgo)} old.`;
    return {
      seconds: replayedSecondsAgo,
      bytes: bytesToReplay,
      state: replayedSecondsAgo !== null && replayedSecondsAgo > limit ? 'late' : 'unknown',
      sentence: `It receives nothing from a primary.${since}`,
    };
  }
  if (paused) {
    return {
      seconds: replayedSecondsAgo,
      bytes: bytesToReplay,
      state: 'late',
      sentence: 'Replay is paused: SELECT pg_wal_replay_resume() goes on.',
    };
  }
  if (bytesToReplay === 0) return judged(0, 0, limit);
  if (replayedSecondsAgo === null) {
    return {
      seconds: null,
      bytes: bytesToReplay,
      state: 'unknown',
      sentence: 'It has replayed no transaction yet.',
    };
  }
  return judged(replayedSecondsAgo, bytesToReplay, limit);
}

export const replicationView = (
  { receiving, standbys }: Replication,
  limitSeconds: number,
): ReplicationView => ({
  standby: receiving !== null,
  limitSeconds,
  receiving: receiving === null ? null : receivingLag(receiving, limitSeconds),
  standbys: standbys.map((one) => ({
    name: one.name === '' ? 'without a name' : one.name,
    address: one.address,
    mode: one.state ?? 'hidden',
    sync: one.sync,
    lag: standbyLag(one, limitSeconds),
  })),
});
