import type { Counts } from '../model';
import type { Sample, Span } from './count';

export type Healthy = { op: '>=' | '<=' | '>' | '<' | '=='; value: number };

export function isHealthy(value: number, { op, value: bound }: Healthy): boolean {
  switch (op) {
    case '>=':
      return value >= bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '<':
      return value < bound;
    case '==':
      return value === bound;
    default:
      return op satisfies never;
  }
}

/**
 * Slices of a probe: one event each, good when every sample of every series of the group in (end - size, end] is
 * healthy. A slice without a sample that is a number is not known.
 */
export function sliceSamples(
  series: readonly (readonly Sample[])[],
  { from, to, size }: Span,
  healthy: Healthy,
): Map<number, Counts> {
  const slices = new Map<number, Counts>();
  for (const samples of series) {
    for (const [at, value] of samples) {
      if (!Number.isFinite(value) || at <= from || at > to) continue;
      const end = Math.ceil(at / size) * size;
      const bad = isHealthy(value, healthy) ? (slices.get(end)?.bad ?? 0) : 1;
      slices.set(end, { good: 1 - bad, bad, total: 1 });
    }
  }
  return slices;
}
