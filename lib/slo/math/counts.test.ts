import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bucket, Counts } from '../model';
import { figuresOf } from './budget';
import { burnRate } from './burn';
import {
  addTallies,
  countsProblem,
  coverage,
  emptyTally,
  invalidBuckets,
  joinMethods,
  tallyBuckets,
  tallyOf,
} from './counts';
import { between, cumulate } from './cumulative';
import { objectiveOf } from './objective';
import { dataStateOf } from './state';
import { anyCounts, anyRow, bucketsOf, countsOf, day, holds, impossible } from './testing/cases';

const objective = objectiveOf('99.9');

test.each([
  [{ good: Number.NaN, bad: 0, total: 1 }, 'not-finite'],
  [{ good: 0, bad: 0, total: Number.POSITIVE_INFINITY }, 'not-finite'],
  [{ good: -1, bad: 1, total: 0 }, 'negative'],
  [{ good: 0, bad: 11, total: 10 }, 'bad-above-total'],
  [{ good: 11, bad: 0, total: 10 }, 'good-above-total'],
  [{ good: 5, bad: 6, total: 10 }, 'parts-differ'],
  [{ good: 5, bad: 4, total: 10 }, 'parts-differ'],
  [{ good: 0.1 + 0.2, bad: 0.7, total: 1 }, null],
  [{ good: 0, bad: 0, total: 0 }, null],
] as const)('%o is %s', (counts, problem) => {
  expect(countsProblem(counts)).toBe(problem);
});

test.each<[string, (Counts | null)[], string]>([
  ['no series', [null, null], 'no-data'],
  ['series without an increase', [countsOf(0, 0), countsOf(0, 0)], 'no-traffic'],
  ['requests without failures', [countsOf(10, 0), null], 'no-errors'],
  ['requests and failures', [countsOf(10, 1), null], 'ok'],
  ['impossible counts', [countsOf(10, 11)], 'invalid'],
  ['a third of the buckets', [countsOf(10, 1), null, null], 'partial'],
  ['a third, and that without failures', [countsOf(10, 0), null, null], 'partial'],
  ['nothing expected', [], 'no-data'],
])('%s is a state of its own', (_what, row, state) => {
  expect(dataStateOf(tallyBuckets(bucketsOf(row, 60)))).toBe(state);
});

test('one impossible bucket among good ones makes the span invalid, never a number', () => {
  const cases = fc.tuple(anyRow(1, 20), fc.nat(), fc.constantFrom(...impossible));
  holds(cases, ([row, position, wrong]) => {
    const buckets = bucketsOf(row.toSpliced(position % (row.length + 1), 0, wrong), 300);
    const sums = cumulate(buckets, 300, { from: 0, to: buckets.length * 300 });
    for (const tally of [tallyBuckets(buckets), between(sums, 0, buckets.length * 300)]) {
      const figures = figuresOf(tally, objective, 30 * day);
      expect([figures.state, burnRate(tally, objective)]).toEqual(['invalid', null]);
      const { sli, budgetLeft, allowedFailures, failuresLeft, failureCosts, isMet, secondsLeft } = figures;
      expect([sli, budgetLeft, allowedFailures, failuresLeft, failureCosts, isMet, secondsLeft]).toEqual(
        Array.from({ length: 7 }, () => null),
      );
    }
    expect(invalidBuckets(buckets)).toHaveLength(1);
  });
});

test('a sum made elsewhere that contradicts itself is invalid too', () => {
  for (const counts of impossible) {
    const tally = { ...emptyTally(1), counts, known: 1 };
    expect(dataStateOf(tally)).toBe('invalid');
    expect(figuresOf(tally, objective, day).sli).toBeNull();
    expect(burnRate(tally, objective)).toBeNull();
  }
});

test('a sum is the sum of its parts, in any order and any grouping', () => {
  holds(fc.tuple(anyRow(1, 40), fc.nat()), ([row, at]) => {
    const buckets = bucketsOf(row, 60);
    const whole = tallyBuckets(buckets);
    const cut = at % buckets.length;
    const parts = [tallyBuckets(buckets.slice(cut)), tallyBuckets(buckets.slice(0, cut))];
    expect(addTallies(parts)).toEqual(whole);
    const known = row.filter((counts) => counts !== null);
    expect(whole.known).toBe(known.length);
    expect(whole.counts?.bad ?? null).toBe(
      known.length === 0 ? null : known.reduce((sum, { bad }) => sum + bad, 0),
    );
  });
});

test('any span of the running sums is what summing its buckets gives, gaps and edges included', () => {
  const cases = fc.tuple(
    anyRow(1, 50),
    fc.integer({ min: -20, max: 70 }),
    fc.integer({ min: 0, max: 60 }),
    fc.infiniteStream(fc.constantFrom('counted', 'estimated', 'adopted', 'mixed')),
  );
  holds(cases, ([row, first, length, methods]) => {
    const size = 300;
    const origin = 1_795_000_200;
    const buckets = bucketsOf(row, size, origin).map((one): Bucket => {
      const method = methods.next().value ?? null;
      return { ...one, method: one.counts === null ? null : method };
    });
    // Gaps may be absent as well as null.
    const given = buckets.filter(({ counts }, index) => counts !== null || index % 2 === 0);
    const sums = cumulate(given, size, { from: origin, to: origin + row.length * size });
    const [from, to] = [origin + first * size, origin + (first + length) * size];
    const inside = buckets.filter(({ end }) => end > from && end <= to);
    expect(between(sums, from, to)).toEqual(tallyBuckets(inside, length));
  });
});

test('buckets off the grid are refused', () => {
  const off = [{ end: 301, counts: countsOf(1, 0), method: null }];
  expect(() => cumulate(off, 300, { from: 0, to: 600 })).toThrow(RangeError);
});

test('methods stay what they are until they differ', () => {
  expect(joinMethods(['counted', null, 'counted'])).toBe('counted');
  expect(joinMethods(['counted', 'estimated'])).toBe('mixed');
  expect(joinMethods(['mixed', 'mixed'])).toBe('mixed');
  expect(joinMethods([null])).toBeNull();
  expect(joinMethods([])).toBeNull();
});

test('coverage tells the share of known buckets', () => {
  expect(coverage(tallyBuckets(bucketsOf([countsOf(1, 0), null, null, null], 60)))).toBe(0.25);
  expect(coverage(emptyTally(0))).toBe(0);
  holds(anyCounts, (counts) => expect(coverage(tallyOf(counts))).toBe(1), 100);
});
