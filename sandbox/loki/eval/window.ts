import type { RangeQuery } from '../logql/ast';
import type { Samples } from './samples';
import type { Series } from './series';

/** Value of one window of samples [low, high); never called for an empty one. */
type Aggregate = (values: readonly number[], low: number, high: number) => number;

const sum: Aggregate = (values, low, high) => {
  let total = 0;
  for (let at = low; at < high; at += 1) total += values[at] ?? 0;
  return total;
};

/** Linear interpolation between the two nearest ranks, as Prometheus does. */
function quantile(share: number, sorted: readonly number[]): number {
  if (share < 0) return Number.NEGATIVE_INFINITY;
  if (share > 1) return Number.POSITIVE_INFINITY;
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}

function aggregateOf(query: RangeQuery): Aggregate {
  const seconds = query.rangeNs / 1e9;
  switch (query.op) {
    case 'count_over_time':
      return (_, low, high) => high - low;
    case 'rate':
      return (_, low, high) => (high - low) / seconds;
    case 'bytes_over_time':
    case 'sum_over_time':
      return sum;
    case 'bytes_rate':
      return (values, low, high) => sum(values, low, high) / seconds;
    case 'avg_over_time':
      return (values, low, high) => sum(values, low, high) / (high - low);
    case 'min_over_time':
      return (values, low, high) => values.slice(low, high).reduce((a, b) => Math.min(a, b));
    case 'max_over_time':
      return (values, low, high) => values.slice(low, high).reduce((a, b) => Math.max(a, b));
    case 'first_over_time':
      return (values, low) => values[low] ?? 0;
    case 'last_over_time':
      return (values, _, high) => values[high - 1] ?? 0;
    case 'quantile_over_time':
      return (values, low, high) =>
        quantile(
          query.parameter ?? 0,
          values.slice(low, high).sort((a, b) => a - b),
        );
    case 'absent_over_time':
      return () => 1;
  }
}

/** Slides (t - range, t] over the times (nanoseconds after the base, ascending). An empty window has no point. */
export function slide(samples: Samples, query: RangeQuery, times: readonly number[]): Series {
  const { offsets, values } = samples;
  const aggregate = aggregateOf(query);
  let low = 0;
  let high = 0;
  const points = times.map((time) => {
    const end = time - query.offsetNs;
    while (high < offsets.length && (offsets[high] ?? 0) <= end) high += 1;
    while (low < high && (offsets[low] ?? 0) <= end - query.rangeNs) low += 1;
    return low === high ? null : aggregate(values, low, high);
  });
  return { labels: samples.labels, points };
}
