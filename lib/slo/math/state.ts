import type { DataState } from '../model';
import { countsProblem, coverage, type Tally } from './counts';

/** Below this share of known buckets a figure is marked partial (slo.md 1.7). */
export const partialBelow = 0.5;

/**
 * What may be said about a span. One impossible bucket makes the whole span invalid: the true sum is unknown until
 * someone mends the source or excludes those minutes. Partial comes before the states that need all of the span.
 */
export function dataStateOf(tally: Tally): DataState {
  if (tally.invalid > 0) return 'invalid';
  if (tally.counts === null) return 'no-data';
  if (countsProblem(tally.counts) !== null) return 'invalid';
  if (coverage(tally) < partialBelow) return 'partial';
  if (tally.counts.total === 0) return 'no-traffic';
  return tally.counts.bad === 0 ? 'no-errors' : 'ok';
}
