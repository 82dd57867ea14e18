/** The indicators of the fourth guide's table, SLI-01 to SLI-09, in its order. */
export const sliIds = [
  'latency-p95',
  'latency-p99',
  'error-rate',
  'cpu',
  'memory',
  'disk-io-wait',
  'connections',
  'cache-hits',
  'requests',
] as const;
export type SliId = (typeof sliIds)[number];

/** Latency in seconds; shares as ratios, 0 to 1. */
export type SliUnit = 'seconds' | 'ratio';

/**
 * Which side is the bad one. `below`: higher is worse, the target is strictly below. `band`: the same with a lower
 * edge, and both edges belong to the target. `above`: lower is worse (SLI-08).
 */
export type LevelKind = 'below' | 'band' | 'above';
export type Levels = {
  kind: LevelKind;
  /** Values below it are under-used, never bad; of a band alone. */
  low: number | null;
  target: number;
  warning: number;
  critical: number;
};

/**
 * Changes against the same hour of the week, as ratios of it: 0.5 is 50 %. A rise is over its limit when it is above
 * it, a fall when it reaches it: a fall of 100 % is no traffic at all, and nothing can exceed it.
 */
export type Changes = {
  kind: 'baseline';
  up: { warning: number; critical: number };
  down: { warning: number; critical: number };
};

export type GuideSli =
  | { ref: string; name: string; unit: SliUnit; limits: Levels }
  | { ref: string; name: string; unit: 'per-second'; limits: Changes };

const below = (target: number, warning: number, critical: number): Levels => ({
  kind: 'below',
  low: null,
  target,
  warning,
  critical,
});
const band = (low: number, target: number, warning: number, critical: number): Levels => ({
  kind: 'band',
  low,
  target,
  warning,
  critical,
});

/** The table of guide 004, "Key Metrics (SLIs)", as it stands there: what holds where nobody configured another. */
export const guideSlis = {
  'latency-p95': { ref: 'SLI-01', name: 'Latency P95', unit: 'seconds', limits: below(0.1, 0.15, 0.3) },
  'latency-p99': { ref: 'SLI-02', name: 'Latency P99', unit: 'seconds', limits: below(0.3, 0.5, 1) },
  'error-rate': { ref: 'SLI-03', name: 'Error rate', unit: 'ratio', limits: below(0.0001, 0.0005, 0.001) },
  cpu: { ref: 'SLI-04', name: 'CPU usage', unit: 'ratio', limits: band(0.4, 0.6, 0.7, 0.85) },
  memory: { ref: 'SLI-05', name: 'Memory usage', unit: 'ratio', limits: band(0.5, 0.7, 0.8, 0.9) },
  'disk-io-wait': { ref: 'SLI-06', name: 'Disk I/O wait', unit: 'ratio', limits: below(0.05, 0.1, 0.2) },
  connections: {
    ref: 'SLI-07',
    name: 'Database connections',
    unit: 'ratio',
    limits: band(0.5, 0.7, 0.8, 0.9),
  },
  'cache-hits': {
    ref: 'SLI-08',
    name: 'Cache hit ratio',
    unit: 'ratio',
    limits: { kind: 'above', low: null, target: 0.95, warning: 0.9, critical: 0.85 },
  },
  requests: {
    ref: 'SLI-09',
    name: 'QPS',
    unit: 'per-second',
    limits: {
      kind: 'baseline',
      up: { warning: 0.5, critical: 1 },
      down: { warning: 0.5, critical: 1 },
    },
  },
} as const satisfies Record<SliId, GuideSli>;

/** The indicators that are judged by levels; the other one, `requests`, by its change. */
export type LevelSliId = Exclude<SliId, 'requests'>;
export const levelSliIds = sliIds.filter((id) => id !== 'requests');
