import { formatDuration } from '@/lib/core/duration';
import type { Explained } from './explain';
import type { Config } from './schema';

/** One rule: `less` must be shorter than `more`, both named by their keys. */
type Order = { path: string[]; less: number; lessName: string; more: number; moreName: string; why: string };

/**
 * The timing rules of the execution (change-engine.md 2.7): a worker that lost its lease must have stopped acting
 * before another takes over, whatever call it had under way.
 */
export function checkTiming({ timing, guard, access, clusters }: Config): Explained[] {
  const orders: Order[] = [
    {
      path: ['timing', 'heartbeat'],
      less: timing.heartbeat,
      lessName: 'heartbeat',
      more: timing.stopActing,
      moreName: 'stopActing',
      why: 'A worker must renew its lease several times before it stops acting.',
    },
    {
      path: ['timing', 'stopActing'],
      less: timing.stopActing,
      lessName: 'stopActing',
      more: timing.lease,
      moreName: 'lease',
      why: 'A worker must stop acting before its lease ends.',
    },
    {
      path: ['timing', 'callTimeout'],
      less: timing.callTimeout + timing.stopActing,
      lessName: 'callTimeout + stopActing',
      more: timing.lease,
      moreName: 'lease',
      why: 'The last call must be over before another worker may act.',
    },
    {
      path: ['timing', 'watch'],
      less: guard.interval,
      lessName: 'guard.interval',
      more: timing.watch,
      moreName: 'watch',
      why: 'The guard must look at least once while a change is watched.',
    },
    {
      path: ['guard', 'interval'],
      less: guard.interval,
      lessName: 'interval',
      more: timing.maxHold,
      moreName: 'timing.maxHold',
      why: 'A hold must outlast a look of the guard.',
    },
    {
      path: ['access', 'sessionIdle'],
      less: access.sessionIdle,
      lessName: 'sessionIdle',
      more: access.sessionMax + 0.001,
      moreName: 'sessionMax',
      why: 'A session cannot idle for longer than it lasts.',
    },
    ...clusters.map((cluster, index) => ({
      path: ['clusters', String(index), 'timeout'],
      less: cluster.timeout,
      lessName: 'timeout',
      more: timing.lease - timing.stopActing + 0.001,
      moreName: 'timing.lease - timing.stopActing',
      why: 'A call to the cluster must be over before another worker may act.',
    })),
  ];
  const wrong = orders
    .filter(({ less, more }) => less >= more)
    .map(({ path, less, lessName, more, moreName, why }) => ({
      path: path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
      message: `${lessName} (${inWords(less)}) must be shorter than ${moreName} (${inWords(more)}).`,
      hint: why,
    }));
  const zero = Object.entries(timing).flatMap(([key, value]) =>
    typeof value === 'number' && value <= 0
      ? [
          {
            path: ['timing', key],
            message: 'must be longer than nothing.',
            hint: 'Use a duration such as 30s.',
          },
        ]
      : [],
  );
  return [...wrong, ...zero, ...tierProblems(timing.watchTiers)];
}

/** Each tier of the watch begins where the one before it ends. */
function tierProblems(tiers: readonly number[]): Explained[] {
  const bad = tiers.findIndex((seconds, index) => seconds <= (tiers[index - 1] ?? 0));
  return bad === -1
    ? []
    : [
        {
          path: ['timing', 'watchTiers', bad],
          message: 'must be longer than the one before it.',
          hint: 'Write the times after the deploy in rising order, such as [15m, 1h, 4h, 24h, 7d].',
        },
      ];
}

const inWords = (seconds: number): string =>
  seconds < 1 ? `${Math.round(seconds * 1000)} ms` : formatDuration(seconds);
