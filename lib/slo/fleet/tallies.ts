import { applyExclusions } from '../ledger/cells';
import type { Span } from '../ledger/spans';
import { countsProblem, joinMethods, type Tally } from '../math/counts';
import { judgeSlice, type SliceTarget, toSlices } from '../math/slices';
import type { Bucket, CountMethod, Counts } from '../model';
import { methodOf, type Sums } from '../record/sums';

/**
 * What is known of spans, in seconds: `known` and `expected` of these tallies are seconds, so `rateOf(tally, 1)` is
 * a pace. Several groups of one span have the mean of what is known, since the span is the same.
 */
export const tallyOfSums = (sums: Sums): Tally => ({
  counts: sums.counts,
  known: sums.knownSeconds,
  expected: sums.expectedSeconds,
  invalid: sums.invalid,
  method: methodOf(sums.methods),
});

/** Groups of one span together; nothing known of `expected` seconds when there is none. */
export function joinGroups(all: readonly Tally[], expected: number): Tally {
  const add = (of: (tally: Tally) => number) => all.reduce((sum, one) => sum + of(one), 0);
  const known = all.flatMap(({ counts }) => counts ?? []);
  return {
    counts: known.length === 0 ? null : known.reduce(plus),
    known: all.length === 0 ? 0 : add((tally) => tally.known) / all.length,
    expected: all[0]?.expected ?? expected,
    invalid: add((tally) => tally.invalid),
    method: joinMethods(all.map(({ method }) => method)),
  };
}

const plus = (a: Counts, b: Counts): Counts => ({
  good: a.good + b.good,
  bad: a.bad + b.bad,
  total: a.total + b.total,
});

/** Buckets of one size, oldest first. */
export type Run = { size: number; buckets: Bucket[] };

/** Runs that follow one another, as running sums: any span of them is two searches and a subtraction. */
export type Recorded = {
  ends: Float64Array;
  good: Float64Array;
  bad: Float64Array;
  total: Float64Array;
  known: Float64Array;
  invalid: Float64Array;
  methods: Map<CountMethod, Float64Array>;
};

/** Sums the buckets of runs; those that contradict themselves are counted as invalid and not summed. */
export function recordedOf(runs: readonly Run[]): Recorded {
  const length = runs.reduce((sum, { buckets }) => sum + buckets.length, 0);
  const row = () => new Float64Array(length + 1);
  const sums: Recorded = {
    ends: new Float64Array(length),
    good: row(),
    bad: row(),
    total: row(),
    known: row(),
    invalid: row(),
    methods: new Map(),
  };
  let at = 0;
  for (const { size, buckets } of runs) {
    for (const { end, counts, method } of buckets) {
      sums.ends[at] = end;
      at += 1;
      const usable = counts !== null && countsProblem(counts) === null;
      set(sums.good, at, usable ? counts.good : 0);
      set(sums.bad, at, usable ? counts.bad : 0);
      set(sums.total, at, usable ? counts.total : 0);
      set(sums.known, at, usable ? size : 0);
      set(sums.invalid, at, counts !== null && !usable ? 1 : 0);
      if (usable && method !== null && !sums.methods.has(method)) sums.methods.set(method, row());
      for (const [name, values] of sums.methods) set(values, at, usable && name === method ? size : 0);
    }
  }
  return sums;
}

function set(values: Float64Array, at: number, more: number): void {
  values[at] = (values[at - 1] ?? 0) + more;
}

/** How many of the ends are at or before a moment. */
function endsUntil(ends: Float64Array, until: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? Number.POSITIVE_INFINITY) <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is known of the buckets that end in (from, to]; `known` and `expected` in seconds. */
export function tallyBetween(sums: Recorded, from: number, to: number): Tally {
  const first = endsUntil(sums.ends, from);
  const last = Math.max(first, endsUntil(sums.ends, to));
  const part = (values: Float64Array) => (values[last] ?? 0) - (values[first] ?? 0);
  const known = part(sums.known);
  const methods = [...sums.methods].filter(([, values]) => part(values) > 0).map(([method]) => method);
  return {
    counts: known <= 0 ? null : { good: part(sums.good), bad: part(sums.bad), total: part(sums.total) },
    known,
    expected: to - from,
    invalid: part(sums.invalid),
    method: methodOf(methods),
  };
}

/** Seconds of a span by the way they were counted. */
export function methodSeconds(sums: Recorded, from: number, to: number): [CountMethod, number][] {
  const [first, last] = [endsUntil(sums.ends, from), endsUntil(sums.ends, to)];
  return [...sums.methods]
    .map(([method, values]): [CountMethod, number] => [method, (values[last] ?? 0) - (values[first] ?? 0)])
    .filter(([, seconds]) => seconds > 0);
}

/** How an objective sees its buckets: what it leaves out, and whether it judges slices of time. */
export type Lens = {
  excluded: readonly Span[];
  slices: { seconds: number; target: SliceTarget } | null;
};

/** Whether a lens shows buckets as they are. */
export const isClear = ({ excluded, slices }: Lens): boolean => excluded.length === 0 && slices === null;

/**
 * Buckets as an objective counts them. Slices finer than the buckets that are left are judged as one: all of a
 * bucket is good or bad, which is an estimate.
 */
export function throughLens({ size, buckets }: Run, { excluded, slices }: Lens): Run {
  const counted = excluded.length === 0 ? buckets : applyExclusions(buckets, excluded, size);
  if (slices === null) return { size, buckets: counted };
  if (slices.seconds >= size && slices.seconds % size === 0) {
    return { size: slices.seconds, buckets: toSlices(counted, size, slices.seconds, slices.target) };
  }
  const within = size / slices.seconds;
  return {
    size,
    buckets: counted.map(({ end, counts }) => {
      const slice = judgeSlice(counts, slices.target);
      if (slice === null || countsProblem(slice) !== null) return { end, counts: slice, method: null };
      const { good, bad, total } = slice;
      const many = { good: good * within, bad: bad * within, total: total * within };
      return { end, counts: many, method: 'estimated' };
    }),
  };
}
