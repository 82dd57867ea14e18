import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldOthers, highest, lastValue, niceTicks, timeTicks, toRows } from './series';

describe('chart preparation', () => {
  it('puts lines side by side and keeps gaps as null', () => {
    const rows = toRows([
      {
        name: 'a',
        points: [
          [0, 1],
          [60, null],
        ],
      },
      { name: 'b', points: [[60, 4]] },
    ]);
    expect(rows).toEqual([
      { at: 0, a: 1, b: null },
      { at: 60, a: null, b: 4 },
    ]);
  });

  it('covers every top with at most six rounded ticks', () => {
    let cases = 0;
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (top) => {
        cases += 1;
        const ticks = niceTicks(top);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(top * (1 - 1e-6));
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 500 },
    );
    expect(cases).toBe(500);
  });

  it('has an axis when nothing is known', () => {
    expect(niceTicks(0)).toEqual([0, 1]);
    expect(highest([])).toBe(0);
  });

  it('places round times inside the range', () => {
    expect(timeTicks(1000, 8200)).toEqual([1800, 3600, 5400, 7200]);
  });

  it('takes the newest known value', () => {
    expect(
      lastValue({
        name: 'a',
        points: [
          [0, 1],
          [60, 2],
          [120, null],
        ],
      }),
    ).toBe(2);
    expect(lastValue({ name: 'a', points: [[0, null]] })).toBeNull();
  });

  it('sums the smaller lines beyond the fifth', () => {
    const lines = Array.from({ length: 7 }, (_, index) => ({
      name: `l${index}`,
      points: [[0, index]] satisfies [number, number][],
    }));
    const folded = foldOthers(lines);
    expect(folded.map((line) => line.name)).toEqual(['l6', 'l5', 'l4', 'l3', 'others']);
    expect(folded.at(-1)?.points).toEqual([[0, 0 + 1 + 2]]);
  });
});
