import type { Bucket } from '../model';
import { budgetLeft } from './budget';
import { burnRate } from './burn';
import { coverage, tallyOf } from './counts';
import { between, type Cumulative, cumulate } from './cumulative';
import type { Objective } from './objective';
import { partialBelow } from './state';
import { type Bounds, bucketEnds } from './window';

/** Unix seconds and a value; null is a gap and is drawn as one. */
export type Point = [end: number, value: number | null];

/**
 * Budget left over a window that starts full and only falls (mode Fixed): each failure is weighed against the
 * budget of all events in `bounds`, so the last point is the tile's figure. Gaps at unknown buckets; nothing but
 * gaps when the window holds impossible counts, since its budget is unknown then.
 */
export function fixedSeries(
  buckets: readonly Bucket[],
  size: number,
  bounds: Bounds,
  objective: Objective,
): Point[] {
  const sums = cumulate(buckets, size, bounds);
  const whole = between(sums, sums.from, sums.to);
  const total = whole.invalid > 0 ? 0 : (whole.counts?.total ?? 0);
  return bucketEnds(bounds, size).map((end, index) => {
    const isKnown = (sums.known[index + 1] ?? 0) > (sums.known[index] ?? 0);
    const bad = sums.bad[index + 1] ?? 0;
    return [end, isKnown ? budgetLeft({ good: total - bad, bad, total }, objective) : null];
  });
}

/**
 * Budget left of the window that ends at each of `ends` (mode Rolling): it recovers as errors age. `sums` must
 * reach a window further back than the first of them; a point of which less than half is known is a gap, so that
 * a chart over young data does not start at a made-up 100 % (pyrra#1576).
 */
export const rollingSeries = (
  sums: Cumulative,
  ends: readonly number[],
  windowSeconds: number,
  objective: Objective,
): Point[] =>
  ends.map((end) => {
    const tally = between(sums, end - windowSeconds, end);
    const isKnown = tally.invalid === 0 && coverage(tally) >= partialBelow;
    return [end, isKnown && tally.counts !== null ? budgetLeft(tally.counts, objective) : null];
  });

/** Burn rate of each bucket; gaps where nothing was measured or nobody asked. */
export const burnSeries = (buckets: readonly Bucket[], objective: Objective): Point[] =>
  buckets.map(({ end, counts }) => [end, burnRate(tallyOf(counts), objective)]);

/** The line of a budget spent evenly: full at the start of the window, 0 at its end. */
export const idealLine = ({ from, to }: Bounds): [Point, Point] => [
  [from, 1],
  [to, 0],
];
