import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aheadOfIdeal, newest, stopsOf, valueAt, zeroOf } from './budget-model';
import type { Point } from './frame';

const line: Point[] = [
  [0, 1],
  [10, 0.5],
  [20, null],
  [30, 0.2],
];

describe('values of a line', () => {
  it('lie between its points, and nowhere beside a gap or outside', () => {
    expect([valueAt(line, 0), valueAt(line, 5), valueAt(line, 10)]).toEqual([1, 0.75, 0.5]);
    expect([valueAt(line, 15), valueAt(line, 20), valueAt(line, 25)]).toEqual([null, null, null]);
    expect([valueAt(line, 30), valueAt(line, 31), valueAt(line, -1)]).toEqual([0.2, null, null]);
  });

  it('end with the newest known one', () => {
    expect(newest(line)).toBe(0.2);
    expect(newest([[0, null]])).toBeNull();
  });
});

it('finds where a falling line is spent', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (start, fall) => {
        const points: Point[] = Array.from({ length: 12 }, (_, index) => [index * 10, start - fall * index]);
        const zero = zeroOf(points);
        const expected = (start / fall) * 10;
        if (expected <= 110) expect(zero).toBeCloseTo(expected, 6);
        else expect(zero).toBeNull();
      },
    ),
    { numRuns: 200 },
  );
  expect(zeroOf(line)).toBeNull();
});

const mode = {
  from: 0,
  to: 30,
  end: 50,
  budget: line,
  ideal: [
    [0, 1],
    [60, 0],
  ] satisfies Point[],
  forecast: {
    soonest: [
      [30, 0.2],
      [40, 0],
      [50, -0.2],
    ] satisfies Point[],
    likely: [],
    latest: [],
  },
};

it('compares with an even spend at the present', () => {
  expect(aheadOfIdeal(mode)).toBeCloseTo(-0.3, 12);
  expect(aheadOfIdeal({ ...mode, ideal: null })).toBeNull();
});

it('stands at every step of the past and of the forecast once', () => {
  expect(stopsOf(mode)).toEqual([0, 10, 20, 30, 40, 50]);
});
