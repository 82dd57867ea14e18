import fc from 'fast-check';
import { expect, test } from 'vitest';
import { figuresOf } from './budget';
import { tallyBuckets } from './counts';
import { objectiveOf } from './objective';
import { judgeSlice, type SliceOutcome, sliceOutcomes, sliceTargetOf, toSlices } from './slices';
import { dataStateOf } from './state';
import { anyRow, bucketsOf, countsOf, day, holds, impossible } from './testing/cases';

const target = sliceTargetOf('99.5');

test('a slice is good from its target on', () => {
  expect(judgeSlice(countsOf(1000, 5), target)).toEqual({ good: 1, bad: 0, total: 1 });
  expect(judgeSlice(countsOf(1000, 6), target)).toEqual({ good: 0, bad: 1, total: 1 });
  const all = sliceTargetOf('100');
  expect(judgeSlice(countsOf(1000, 0), all)).toEqual({ good: 1, bad: 0, total: 1 });
  expect(judgeSlice(countsOf(1000, 1), all)).toEqual({ good: 0, bad: 1, total: 1 });
  expect(() => sliceTargetOf('101')).toThrow(RangeError);
  expect(() => sliceTargetOf('0')).toThrow(RangeError);
});

test.each<[SliceOutcome, number, number]>([
  ['good', 4, 1],
  ['bad', 2, 3],
  ['ignored', 2, 1],
])('missing and quiet slices are %s as the policy says', (outcome, good, bad) => {
  const row = [countsOf(10, 0), null, countsOf(0, 0), countsOf(10, 0), countsOf(10, 10)];
  const slices = toSlices(bucketsOf(row, 60), 60, 60, target, { missing: outcome, noTraffic: outcome });
  expect(tallyBuckets(slices).counts).toEqual({ good, bad, total: good + bad });
});

test('by default nothing is invented, and no data, no traffic and impossible counts stay apart', () => {
  const state = (row: Parameters<typeof bucketsOf>[0]) =>
    dataStateOf(tallyBuckets(toSlices(bucketsOf(row, 60), 60, 300, target)));
  expect(state(Array.from({ length: 10 }, () => null))).toBe('no-data');
  expect(state(Array.from({ length: 10 }, () => countsOf(0, 0)))).toBe('no-traffic');
  expect(state(Array.from({ length: 10 }, () => countsOf(5, 0)))).toBe('no-errors');
  expect(state([countsOf(5, 5), ...Array.from({ length: 9 }, () => countsOf(5, 0))])).toBe('ok');
  for (const wrong of impossible) {
    expect(state([wrong, ...Array.from({ length: 9 }, () => countsOf(5, 0))])).toBe('invalid');
  }
});

test('five minutes are judged together, and on at least half of them', () => {
  const row = [countsOf(100, 2), countsOf(300, 0), null, null, null];
  expect(toSlices(bucketsOf(row, 60), 60, 300, target)).toEqual([{ end: 300, counts: null, method: null }]);
  const three = [countsOf(100, 2), countsOf(300, 0), null, null, countsOf(0, 0)];
  expect(toSlices(bucketsOf(three, 60), 60, 300, target)).toEqual([
    { end: 300, counts: { good: 1, bad: 0, total: 1 }, method: 'counted' },
  ]);
});

test('absent minutes inside the span are missing slices', () => {
  const buckets = bucketsOf([countsOf(10, 0), null, countsOf(10, 0)], 60).filter(({ counts }) => counts);
  expect(toSlices(buckets, 60, 60, target).map(({ end, counts }) => [end, counts?.good ?? null])).toEqual([
    [60, 1],
    [120, null],
    [180, 1],
  ]);
  expect(toSlices([], 60, 60, target)).toEqual([]);
});

test('an hour cannot be cut into minutes', () => {
  expect(() => toSlices(bucketsOf([countsOf(1, 0)], 3600), 3600, 60, target)).toThrow(RangeError);
});

test('each slice is good, bad or not counted, as its own events say', () => {
  const cases = fc.tuple(
    anyRow(1, 60),
    fc.constantFrom(...sliceOutcomes),
    fc.constantFrom(...sliceOutcomes),
    fc.constantFrom('90', '99.5', '100'),
  );
  holds(cases, ([row, missing, noTraffic, text]) => {
    const slices = toSlices(bucketsOf(row, 60), 60, 60, sliceTargetOf(text), { missing, noTraffic });
    expect(slices).toHaveLength(row.length);
    slices.forEach(({ counts }, index) => {
      const own = row[index] ?? null;
      const judged: SliceOutcome =
        own === null
          ? missing
          : own.total === 0
            ? noTraffic
            : own.good * 1000 >= own.total * Number(text) * 10
              ? 'good'
              : 'bad';
      expect([counts?.good ?? 0, counts?.bad ?? 0]).toEqual([
        judged === 'good' ? 1 : 0,
        judged === 'bad' ? 1 : 0,
      ]);
      // What is unknown stays so only where it is ignored.
      expect(counts === null).toBe(own === null && missing === 'ignored');
    });
  });
});

/** OpenSLO's example of budgeting methods: two weeks, 95 %, an attack with 1 % success. */
test('95 % of two weeks are 16 h 48 min of bad slices', () => {
  const objective = objectiveOf('95');
  const minutes = 14 * 24 * 60;
  const row = Array.from({ length: minutes }, (_, minute) => countsOf(100, minute < 1008 ? 99 : 1));
  const slices = toSlices(bucketsOf(row, 60), 60, 60, sliceTargetOf('98'));
  expect(figuresOf(tallyBuckets(slices), objective, 14 * day).budgetLeft).toBe(0);
  expect(figuresOf(tallyBuckets(slices), objective, 14 * day).budgetSeconds).toBe((16 * 60 + 48) * 60);
});
