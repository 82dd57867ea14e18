import { formatDuration } from '@/lib/core/duration';
import type { Forecast } from '../staged/contract';
import { abortWriteSeconds, type BudgetEvents, nothingCounted, percentWords, weighed } from './forecast';

export type RolloutForecastParts = {
  /** Of the region of the change; null: not known. */
  requestsPerSecond: number | null;
  budget: BudgetEvents | null;
  /** Numbers of the two steps with requests in the plan, from 1. */
  steps: { rollout: number; watch: number };
  /** The rollout takes about as long as this, and the one back too. */
  rolloutSeconds: number;
  watchSeconds: number;
  guard: { intervalSeconds: number; maxErrorRatio: number };
  scrapeSeconds: number;
  ingestLagSeconds: number;
};

/** Until the guard has failed requests before it: two samples, their way into the store, and its next look. */
const seenSeconds = ({ guard, scrapeSeconds, ingestLagSeconds }: RolloutForecastParts): number =>
  guard.intervalSeconds + 2 * scrapeSeconds + ingestLagSeconds + abortWriteSeconds;

/**
 * What the rollout of one Deployment may cost in failed requests (change-engine.md 2.8): the share of the new version
 * rises pod by pod and is all of them in the watch, and the way back is a rollout too. When all its requests fail until
 * that is seen and undone, and when it fails just below the guard's limit for the whole time.
 */
export function rolloutForecast(parts: RolloutForecastParts): Forecast {
  const { requestsPerSecond: rate, rolloutSeconds, watchSeconds, guard, steps } = parts;
  if (rate === null) return nothingCounted;
  const seen = seenSeconds(parts);
  /** Of the requests that go to new pods when it is seen. */
  const share = Math.min(1, seen / Math.max(1, rolloutSeconds));
  const failing = (of: number) => rate * of * (seen + rolloutSeconds * of);
  const costs = [
    {
      n: steps.rollout,
      share,
      totalFailure: failing(share),
      slowBurn: rate * rolloutSeconds * guard.maxErrorRatio,
    },
    {
      n: steps.watch,
      share: 1,
      totalFailure: failing(1),
      slowBurn: rate * watchSeconds * guard.maxErrorRatio,
    },
  ];
  return weighed(costs, { requestsPerSecond: rate, budget: parts.budget }, (at) =>
    at.totalFailure >= at.slowBurn
      ? `when all requests of the new version fail after the rollout, until that is seen (about ${formatDuration(Math.round(seen))}) and rolled back (about ${formatDuration(rolloutSeconds)})`
      : `when the new version fails just below the guard's ${percentWords(guard.maxErrorRatio)} for the whole ${at.n === steps.watch ? 'watch' : 'rollout'}`,
  );
}
