import fc from 'fast-check';
import { expect, test } from 'vitest';
import { budgetLeft } from './budget';
import { coverage, tallyBuckets } from './counts';
import { cumulate } from './cumulative';
import { objectiveOf } from './objective';
import { burnSeries, fixedSeries, idealLine, rollingSeries } from './series';
import { anyObjective, anyRow, bucketsOf, countsOf, holds } from './testing/cases';
import { bucketEnds } from './window';

const size = 300;
const objective = objectiveOf('99.9');

test('the fixed line only falls, breaks at gaps, and ends at the tile', () => {
  holds(fc.tuple(anyRow(1, 60), anyObjective), ([row, text]) => {
    const parsed = objectiveOf(text);
    const buckets = bucketsOf(row, size, 1_795_000_200);
    const bounds = { from: 1_795_000_200, to: 1_795_000_200 + row.length * size };
    const line = fixedSeries(buckets, size, bounds, parsed);
    expect(line.map(([end]) => end)).toEqual(buckets.map(({ end }) => end));
    const whole = tallyBuckets(buckets).counts;
    const drawn = line.flatMap(([, left]) => (left === null ? [] : [left]));
    if (whole === null || whole.total === 0) return expect(drawn).toEqual([]);
    expect(line.map(([, left]) => left === null)).toEqual(row.map((counts) => counts === null));
    expect(drawn.every((left, index) => index === 0 || left <= (drawn[index - 1] ?? 0))).toBe(true);
    expect(drawn.at(-1)).toBe(budgetLeft(whole, parsed));
  });
});

test('each point of the rolling line is the figure of the window that ends there', () => {
  const cases = fc.tuple(anyRow(2, 60), fc.integer({ min: 1, max: 30 }), anyObjective);
  holds(cases, ([row, length, text]) => {
    const parsed = objectiveOf(text);
    const buckets = bucketsOf(row, size);
    const bounds = { from: 0, to: row.length * size };
    const line = rollingSeries(
      cumulate(buckets, size, bounds),
      bucketEnds(bounds, size),
      length * size,
      parsed,
    );
    expect(line).toHaveLength(row.length);
    for (const [end, left] of line) {
      const inside = buckets.filter((one) => one.end > end - length * size && one.end <= end);
      const tally = tallyBuckets(inside, length);
      const expected =
        tally.counts === null || coverage(tally) < 0.5 ? null : budgetLeft(tally.counts, parsed);
      expect(left).toBe(expected);
    }
  });
});

test('the rolling line recovers when errors age, and does not begin at a made-up 100 %', () => {
  const row = Array.from({ length: 12 }, (_, index) => countsOf(1000, index === 2 ? 2 : 0));
  const sums = cumulate(bucketsOf(row, size), size, { from: 0, to: 12 * size });
  const line = rollingSeries(sums, bucketEnds({ from: 0, to: 12 * size }, size), 4 * size, objective);
  expect(line.map(([, left]) => left)).toEqual([null, 1, 1 / 3, 0.5, 0.5, 0.5, 1, 1, 1, 1, 1, 1]);
});

test('impossible counts leave gaps, not lines', () => {
  const row = [countsOf(10, 0), countsOf(10, 11), countsOf(10, 0), countsOf(10, 0)];
  const buckets = bucketsOf(row, size);
  const bounds = { from: 0, to: 4 * size };
  expect(fixedSeries(buckets, size, bounds, objective).every(([, left]) => left === null)).toBe(true);
  const sums = cumulate(buckets, size, bounds);
  const line = rollingSeries(sums, bucketEnds(bounds, size), 2 * size, objective);
  expect(line.map(([, left]) => left)).toEqual([1, null, null, 1]);
});

test('the burn line has a gap where nobody asked', () => {
  const buckets = bucketsOf([countsOf(1000, 2), null, countsOf(0, 0), countsOf(10, 11), countsOf(5, 0)], 60);
  expect(burnSeries(buckets, objective).map(([, burn]) => burn)).toEqual([2, null, null, null, 0]);
});

test('the even line runs from full to empty', () => {
  expect(idealLine({ from: 5, to: 9 })).toEqual([
    [5, 1],
    [9, 0],
  ]);
});
