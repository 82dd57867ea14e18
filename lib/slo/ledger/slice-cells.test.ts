import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sliceTargetOf, toSlices } from '../math/slices';
import { sumCells } from './cells';
import { sliceCells } from './slice-cells';
import { row } from './testing/cells';

const target = sliceTargetOf('99');
const judged = (cells: ReturnType<typeof row>, seconds: number) =>
  sliceCells(cells, { seconds, target }).map(({ from, to, counts }) => [
    from,
    to,
    counts === null ? null : [counts.bad, counts.total],
  ]);

describe('slices of five minutes', () => {
  test('are good or bad, whatever their traffic', () => {
    expect(judged(row([[0, 5], [1, 100], [2, 100], [1, 1], [0, 0], null]), 300)).toEqual([
      [0, 300, [0, 1]],
      [300, 600, [0, 1]],
      [600, 900, [1, 1]],
      [900, 1200, [1, 1]],
      // Nothing was asked: neither good nor bad, yet known.
      [1200, 1500, [0, 0]],
      [1500, 1800, null],
    ]);
  });

  test('are made of minutes where there are any, and unknown when most of them are', () => {
    const minutes = row([[9, 100], [0, 900], [0, 0], [0, 0], [0, 0], [3, 100], null, null, null, [9, 9]], {
      size: 60,
    });
    expect(judged(minutes, 300)).toEqual([
      [0, 300, [0, 1]],
      [300, 600, null],
    ]);
  });

  test('of an hour of which no slice is known are all good or all bad', () => {
    expect(
      judged(
        row(
          [
            [30, 1000],
            [1, 1000],
          ],
          { size: 3600 },
        ),
        300,
      ),
    ).toEqual([
      [0, 3600, [12, 12]],
      [3600, 7200, [0, 12]],
    ]);
  });
});

test('slices of a minute from buckets of five are an estimate of five', () =>
  expect(judged(row([[50, 100]]), 60)).toEqual([[0, 300, [5, 5]]]));

test('are those that the figures of the page count', () => {
  let cases = 0;
  const bucket = fc.option(fc.tuple(fc.nat(5), fc.nat(300)), { nil: null, freq: 5 });
  fc.assert(
    fc.property(fc.array(bucket, { minLength: 5, maxLength: 60 }), (given) => {
      cases++;
      const cells = row(
        given.map((one) => (one === null ? null : [Math.min(one[0], one[1]), one[1]])),
        { size: 60 },
      );
      const buckets = cells.map(({ to, counts }) => ({ end: to, counts, method: null }));
      const expected = toSlices(buckets, 60, 300, target);
      const found = sliceCells(cells, { seconds: 300, target });
      expect(found.map(({ counts }) => counts)).toEqual(expected.map(({ counts }) => counts));
      const sum = sumCells(found);
      expect(sum.all).toBe(cells.length * 60);
      expect(sum.bad).toBe(expected.reduce((all, { counts }) => all + (counts?.bad ?? 0), 0));
    }),
    { numRuns: 300 },
  );
  expect(cases).toBe(300);
});
