import type { Guard } from '@/lib/config/policy';
import type { Metrics } from '@/lib/config/service';
import type { Strategies } from '@/lib/config/traffic';
import type { Analysis } from '../staged/contract';
import { analysisQueries, type Versions } from './queries';

/**
 * The limits of a comparison that every plan prints (change-engine.md 2.7). A difference of a point is what the
 * guides' objectives feel; below it the own limit and the error budget decide.
 */
export const analysisDefaults = {
  maxExcessRatio: 0.01,
  failsInRow: 3,
  failsInAll: 4,
  errorsInRow: 3,
  noDataMax: 5,
} as const;

type Parts = {
  metrics: Metrics;
  at: { environment: string; region: string };
  versions: Versions;
  guard: Guard;
  strategies: Pick<
    Strategies,
    'window' | 'minVerdict' | 'shareTolerance' | 'proveTimeout' | 'proveWindow' | 'ingestLag'
  >;
  scrapeSeconds: number;
};

/**
 * The analysis of one region, as a plan signs it. After a change of weights a window must have left the time before
 * behind: settling takes the window, two scrapes and the lag of the store (2.7).
 */
export function makeAnalysis({ metrics, at, versions, guard, strategies, scrapeSeconds }: Parts): Analysis {
  const windowSeconds = strategies.window ?? guard.window;
  const share = {
    scrapeSeconds,
    longestSeconds: strategies.proveTimeout,
    shortestSeconds: strategies.proveWindow,
  };
  return {
    region: at.region,
    queries: analysisQueries(metrics, at, versions, windowSeconds, share),
    windowSeconds,
    intervalSeconds: guard.interval,
    scrapeSeconds,
    ingestLagSeconds: strategies.ingestLag,
    settleSeconds: windowSeconds + 2 * scrapeSeconds + strategies.ingestLag,
    minRequests: strategies.minVerdict,
    maxErrorRatio: guard.maxErrorRatio,
    graceSeconds: guard.grace,
    shareTolerance: strategies.shareTolerance,
    proveTimeoutSeconds: strategies.proveTimeout,
    ...analysisDefaults,
  };
}
