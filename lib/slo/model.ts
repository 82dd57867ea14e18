/**
 * What the parts of the SLO engine share: counts, buckets, windows and groups. Times are unix seconds, sizes and
 * spans seconds, objectives per cent as decimal text. Pure types and constants: the browser may import them.
 */

/** Events over some span. `total` is measured by itself: good + bad differ from it only when a source contradicts. */
export type Counts = { good: number; bad: number; total: number };

/** Bucket sizes in seconds: one minute for the last three days, five minutes, then rolled up to an hour and a day. */
export const bucketSizes = [60, 300, 3600, 86_400] as const;
export type BucketSize = (typeof bucketSizes)[number];

/**
 * How the counts of a bucket came to be. `counted`: from raw samples, resets and births seen, whole numbers.
 * `estimated`: from increase(), which extrapolates and loses births. `adopted`: from recorded ratios of another
 * tool. `mixed`: a rolled-up bucket or a sum with several of them.
 */
export const countMethods = ['counted', 'estimated', 'adopted', 'mixed'] as const;
export type CountMethod = (typeof countMethods)[number];

/** Events in (end - size, end], aligned to `size` since 1970; counts null where no series said anything. */
export type Bucket = { end: number; counts: Counts | null; method: CountMethod | null };

/** The span over which an objective is judged. */
export type SloWindow =
  | { kind: 'rolling'; seconds: number }
  | { kind: 'calendar'; unit: 'week' | 'month' | 'quarter'; zone: string };

/**
 * Five states that are never taken for one another (slo.md 1.7): no series at all; series without an increase;
 * requests without failures; counts that contradict one another; less than half of the buckets known.
 */
export const dataStates = ['no-data', 'no-traffic', 'no-errors', 'ok', 'invalid', 'partial'] as const;
export type DataState = (typeof dataStates)[number];

/** Labels that tell the groups of one objective apart, such as {region: "us-east-1"}; empty for an ungrouped one. */
export type GroupLabels = Readonly<Record<string, string>>;
