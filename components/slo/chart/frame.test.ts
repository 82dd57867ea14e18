import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaOf,
  burnScale,
  freeLabels,
  gapsOf,
  nearest,
  type Point,
  pathOf,
  shareScale,
  yShare,
} from './frame';

const span = { from: 0, to: 100 };

describe('the budget scale', () => {
  it('keeps room below zero while nothing is overspent', () => {
    expect(
      shareScale([
        [0, 1],
        [50, 0.4],
      ]),
    ).toEqual({
      low: -0.25,
      high: 1,
      ticks: [-0.25, 0, 0.25, 0.5, 0.75, 1],
      log: false,
    });
  });

  it('never cuts an overspent budget off, and always has zero as a tick', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -900, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const points = values.map((value, index): Point => [index, value]);
        const scale = shareScale(points);
        expect(scale.low).toBeLessThanOrEqual(Math.min(...values));
        expect(scale.ticks.some((tick) => Math.abs(tick) < 1e-9)).toBe(true);
        expect(scale.ticks.length).toBeLessThanOrEqual(10);
        for (const value of values) expect(yShare(scale, value)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the burn scale', () => {
  it('reaches the highest of data and levels, and draws zero on its foot', () => {
    const scale = burnScale(
      [
        [0, 0],
        [1, 40],
      ],
      [14.4, 3],
    );
    expect(scale.high).toBeGreaterThan(40);
    expect(yShare(scale, 0)).toBe(1);
    expect(yShare(scale, scale.high)).toBe(0);
    expect(yShare(scale, 1)).toBeGreaterThan(yShare(scale, 14.4));
  });
});

describe('lines', () => {
  const scale = { low: 0, high: 1, ticks: [], log: false };

  it('break where nothing is known', () => {
    expect(
      pathOf(
        [
          [0, 1],
          [10, 0.5],
          [20, null],
          [30, 0.5],
          [40, 0],
        ],
        span,
        scale,
      ),
    ).toBe('M0.0 0.00L100.0 50.00M300.0 50.00L400.0 100.00');
  });

  it('show a lone point', () => {
    expect(
      pathOf(
        [
          [0, null],
          [50, 0.5],
          [60, null],
        ],
        span,
        scale,
      ),
    ).toBe('M500.0 50.00h0.1');
  });

  it('run below the scale instead of stopping at its foot', () => {
    expect(
      pathOf(
        [
          [0, 0],
          [100, -1],
        ],
        span,
        scale,
      ),
    ).toBe('M0.0 100.00L1000.0 200.00');
  });

  it('span an area only where both are known', () => {
    expect(
      areaOf(
        [
          [0, 1],
          [100, 1],
        ],
        [
          [0, 0],
          [100, 0],
        ],
        span,
        scale,
      ),
    ).toBe('M0.0 0.00L1000.0 0.00L1000.0 100.00L0.0 100.00Z');
    expect(
      areaOf(
        [
          [0, 1],
          [100, null],
        ],
        [
          [0, 0],
          [100, 0],
        ],
        span,
        scale,
      ),
    ).toBe('');
  });
});

describe('gaps', () => {
  it('reach from the last known point to the next one', () => {
    expect(
      gapsOf([
        [0, 1],
        [10, null],
        [20, null],
        [30, 1],
        [40, 1],
      ]),
    ).toEqual([{ from: 0, to: 30 }]);
  });

  it('stand at both ends as well', () => {
    expect(
      gapsOf([
        [0, null],
        [10, 1],
        [20, null],
        [30, null],
      ]),
    ).toEqual([
      { from: 0, to: 10 },
      { from: 10, to: 30 },
    ]);
    expect(
      gapsOf([
        [0, 1],
        [10, 1],
      ]),
    ).toEqual([]);
  });
});

it('finds the nearest point, known or not', () => {
  expect(
    nearest(
      [
        [0, 1],
        [10, null],
        [20, 3],
      ],
      12,
    ),
  ).toEqual([10, null]);
  expect(nearest([], 12)).toBeNull();
});

describe('names of marks', () => {
  it('are left out where they would lie on the next mark or leave the plot', () => {
    const labels = [
      { at: 0, width: 50 },
      { at: 4, width: 50 },
      { at: 50, width: 50 },
      { at: 98, width: 50 },
    ];
    expect(freeLabels(labels, span, 1000)).toEqual([false, true, true, false]);
  });
});
