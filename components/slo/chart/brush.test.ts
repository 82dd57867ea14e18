import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanBetween, stopAfter } from './brush';

const frame = { from: 10_000, to: 100_000 };

describe('a span that is marked', () => {
  it('is taken outwards to buckets of 5 minutes, whichever way it was drawn', () => {
    expect(spanBetween(20_100, 21_050, frame, 90_000)).toEqual({ from: 20_100, to: 21_300 });
    expect(spanBetween(21_050, 20_100, frame, 90_000)).toEqual({ from: 20_100, to: 21_300 });
  });

  it('ends with what is recorded, and is none after it', () => {
    expect(spanBetween(89_000, 99_000, frame, 90_010)).toEqual({ from: 88_800, to: 90_300 });
    expect(spanBetween(95_000, 99_000, frame, 90_000)).toBeNull();
    expect(spanBetween(21_000, 21_000, frame, 90_000)).toBeNull();
  });

  it('holds both of its ends', () => {
    let made = 0;
    const time = fc.integer({ min: 10_200, max: 89_700 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const span = spanBetween(a, b, frame, 90_000);
        if (a === b) return;
        made += 1;
        expect(span?.from).toBeLessThanOrEqual(Math.min(a, b));
        expect(span?.to).toBeGreaterThanOrEqual(Math.max(a, b));
        expect((span?.from ?? 1) % 300).toBe(0);
        expect((span?.to ?? 1) % 300).toBe(0);
      }),
      { numRuns: 1000 },
    );
    expect(made).toBeGreaterThan(950);
  });

  it('follows the keys, and stays on the chart', () => {
    expect(stopAfter('ArrowRight', 4, 40)).toBe(5);
    expect(stopAfter('ArrowLeft', 0, 40)).toBe(0);
    expect(stopAfter('PageDown', 10, 40)).toBe(6);
    expect(stopAfter('PageUp', 39, 40)).toBe(40);
    expect([stopAfter('Home', 7, 40), stopAfter('End', 7, 40)]).toEqual([0, 40]);
    expect(stopAfter('a', 7, 40)).toBeNull();
  });
});
