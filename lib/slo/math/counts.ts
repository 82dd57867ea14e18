import type { Bucket, CountMethod, Counts } from '../model';

/** Why counts cannot be true (slo.md 1.7, pyrra#448). */
export const countsProblems = [
  'not-finite',
  'negative',
  'bad-above-total',
  'good-above-total',
  'parts-differ',
] as const;
export type CountsProblem = (typeof countsProblems)[number];

/** Estimated counts are not whole, so their sums differ in the last digits without contradicting one another. */
const tolerance = 1e-9;

/** What is wrong with counts; null when they can be used. Good and bad together must be all events. */
export function countsProblem({ good, bad, total }: Counts): CountsProblem | null {
  if (![good, bad, total].every(Number.isFinite)) return 'not-finite';
  if (good < 0 || bad < 0 || total < 0) return 'negative';
  const slack = tolerance * total;
  if (bad > total + slack) return 'bad-above-total';
  if (good > total + slack) return 'good-above-total';
  return Math.abs(good + bad - total) > slack ? 'parts-differ' : null;
}

/**
 * What is known about a span: the sum of its valid buckets, null when there is none, and how many buckets that
 * are. `invalid` buckets are in neither; their number is kept, so that no sum looks better than its parts.
 */
export type Tally = {
  counts: Counts | null;
  known: number;
  expected: number;
  invalid: number;
  method: CountMethod | null;
};

/** Nothing known of `expected` buckets. */
export const emptyTally = (expected: number): Tally => ({
  counts: null,
  known: 0,
  expected,
  invalid: 0,
  method: null,
});

/** The method of a sum: that of its parts, `mixed` when they differ. */
export function joinMethods(methods: readonly (CountMethod | null)[]): CountMethod | null {
  const [first = null, ...others] = new Set(methods.filter((method) => method !== null));
  return others.length > 0 ? 'mixed' : first;
}

const plus = (a: Counts, b: Counts): Counts => ({
  good: a.good + b.good,
  bad: a.bad + b.bad,
  total: a.total + b.total,
});

/** One bucket as a tally. */
export function tallyOf(counts: Counts | null, method: CountMethod | null = null): Tally {
  if (counts === null) return emptyTally(1);
  return countsProblem(counts) === null
    ? { counts, known: 1, expected: 1, invalid: 0, method }
    : { ...emptyTally(1), invalid: 1 };
}

/**
 * Sum of spans, groups or regions: sums of counts, never means of ratios. A part that nobody knows adds to what
 * was expected and to nothing else.
 */
export function addTallies(all: readonly Tally[]): Tally {
  const counts = all.flatMap((tally) => (tally.counts === null ? [] : [tally.counts]));
  const sum = (of: (tally: Tally) => number) => all.reduce((so, tally) => so + of(tally), 0);
  return {
    counts: counts.length === 0 ? null : counts.reduce(plus),
    known: sum(({ known }) => known),
    expected: sum(({ expected }) => expected),
    invalid: sum(({ invalid }) => invalid),
    method: joinMethods(all.map(({ method }) => method)),
  };
}

/** Sum of buckets. `expected` is their number unless the span should have held more. */
export function tallyBuckets(buckets: readonly Bucket[], expected = buckets.length): Tally {
  return { ...addTallies(buckets.map(({ counts, method }) => tallyOf(counts, method))), expected };
}

/** Share of the buckets whose counts are known, 0 to 1; 0 when none was expected. */
export const coverage = ({ known, expected }: Tally): number =>
  expected <= 0 ? 0 : Math.min(1, known / expected);

/** The buckets whose counts contradict themselves, for a page that must name them. */
export const invalidBuckets = (buckets: readonly Bucket[]): { end: number; problem: CountsProblem }[] =>
  buckets.flatMap(({ end, counts }) => {
    const problem = counts === null ? null : countsProblem(counts);
    return problem === null ? [] : [{ end, problem }];
  });
