import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, riseOf, stackBars } from './volume';

const flat = (count: number, from: number, to: number): [number, number][] =>
  Array.from({ length: to - from }, (_, index) => [(from + index) * 60, count]);

describe('volume', () => {
  it('stacks in the order of the bands, the first on the baseline', () => {
    const bars = stackBars(
      [
        { key: 'error', points: [[60, 2]] },
        {
          key: 'info',
          points: [
            [60, 5],
            [120, null],
          ],
        },
      ],
      0,
      120,
      60,
    );
    expect(bars).toEqual([
      { at: 0, total: 0, parts: [] },
      {
        at: 60,
        total: 7,
        parts: [
          { key: 'error', from: 0, count: 2 },
          { key: 'info', from: 2, count: 5 },
        ],
      },
      { at: 120, total: 0, parts: [] },
    ]);
    expect(countOf(bars, 'info')).toBe(5);
  });

  it('loses no line inside the range', () => {
    let cases = 0;
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 3599 }), fc.integer({ min: 0, max: 50 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(points, fc.constantFrom(15, 60, 300), (some, step) => {
        cases += 1;
        const bars = stackBars([{ key: 'a', points: some }], 0, 3600, step);
        expect(countOf(bars, 'a')).toBe(some.reduce((sum, [, count]) => sum + count, 0));
      }),
      { numRuns: 200 },
    );
    expect(cases).toBe(200);
  });

  it('finds the clearest rise', () => {
    const bars = stackBars(
      [{ key: 'error', points: [...flat(2, 0, 30), ...flat(137, 30, 60)] }],
      0,
      3540,
      60,
    );
    expect(riseOf(bars, ['error'])).toEqual({ at: 1800, before: 2, after: 137 });
  });

  it('calls neither noise nor a single spike a rise', () => {
    const calm = stackBars([{ key: 'error', points: flat(4, 0, 60) }], 0, 3540, 60);
    expect(riseOf(calm, ['error'])).toBeNull();
    const spike = stackBars([{ key: 'error', points: [...flat(1, 0, 60), [1800, 90]] }], 0, 3540, 60);
    expect(riseOf(spike, ['error'])).toBeNull();
  });
});
