import type { Bucket, CountMethod } from '../model';
import { countsProblem, emptyTally, type Tally } from './counts';
import type { Bounds } from './window';

/** Running sums over the grid of a span: any part of it is one subtraction, whatever its length. */
export type Cumulative = {
  size: number;
  /** Start of the first bucket, unix seconds. */
  from: number;
  /** End of the last bucket. */
  to: number;
  /** Element i sums the buckets before i; one longer than there are buckets. */
  good: Float64Array;
  bad: Float64Array;
  total: Float64Array;
  known: Float64Array;
  invalid: Float64Array;
  methods: Record<CountMethod, Float64Array>;
};

/**
 * Sums the buckets of `size` seconds that end in (from, to]. Buckets in any order; one that is absent is unknown,
 * one that contradicts itself is counted as invalid and not summed, one that lies off the grid throws RangeError.
 * Each running sum only grows, so a part without failures has exactly none, estimated or not.
 */
export function cumulate(buckets: readonly Bucket[], size: number, bounds: Bounds): Cumulative {
  const from = Math.floor(bounds.from / size) * size;
  const length = Math.max(0, Math.floor(bounds.to / size) - from / size);
  const row = () => new Float64Array(length + 1);
  const sums: Cumulative = {
    size,
    from,
    to: from + length * size,
    good: row(),
    bad: row(),
    total: row(),
    known: row(),
    invalid: row(),
    methods: { counted: row(), estimated: row(), adopted: row(), mixed: row() },
  };
  for (const { end, counts, method } of buckets) {
    if (end % size !== 0)
      throw new RangeError(`A bucket that ends at ${end} is not on the grid of ${size} s.`);
    const index = (end - from) / size;
    if (index < 1 || index > length || counts === null) continue;
    if (countsProblem(counts) !== null) {
      sums.invalid[index] = 1;
      continue;
    }
    sums.good[index] = counts.good;
    sums.bad[index] = counts.bad;
    sums.total[index] = counts.total;
    sums.known[index] = 1;
    if (method !== null) sums.methods[method][index] = 1;
  }
  for (const values of rowsOf(sums)) {
    for (let index = 1; index <= length; index += 1) {
      values[index] = (values[index] ?? 0) + (values[index - 1] ?? 0);
    }
  }
  return sums;
}

const rowsOf = ({ good, bad, total, known, invalid, methods }: Cumulative): Float64Array[] => [
  good,
  bad,
  total,
  known,
  invalid,
  ...Object.values(methods),
];

/**
 * What is known of (from, to], both taken down to the grid. What lies outside the summed span is expected and
 * unknown: it lowers the coverage instead of passing for good.
 */
export function between(sums: Cumulative, from: number, to: number): Tally {
  const { size } = sums;
  const first = Math.floor(from / size);
  const last = Math.floor(to / size);
  const expected = Math.max(0, last - first);
  const origin = sums.from / size;
  const length = sums.known.length - 1;
  const low = Math.min(length, Math.max(0, first - origin));
  const high = Math.min(length, Math.max(low, last - origin));
  const part = (values: Float64Array) => (values[high] ?? 0) - (values[low] ?? 0);
  const known = part(sums.known);
  const invalid = part(sums.invalid);
  if (known === 0) return { ...emptyTally(expected), invalid };
  return {
    counts: { good: part(sums.good), bad: part(sums.bad), total: part(sums.total) },
    known,
    expected,
    invalid,
    method: methodIn(sums, part),
  };
}

const allMethods: readonly CountMethod[] = ['counted', 'estimated', 'adopted', 'mixed'];

/** The one method of a part, mixed when there are several; it is asked for each moment of a month. */
function methodIn({ methods }: Cumulative, part: (values: Float64Array) => number): CountMethod | null {
  let found: CountMethod | null = null;
  for (const method of allMethods) {
    if (part(methods[method]) <= 0) continue;
    if (found !== null) return 'mixed';
    found = method;
  }
  return found;
}
