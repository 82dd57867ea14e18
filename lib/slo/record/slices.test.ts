import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../math/testing/cases';
import type { Sample } from './count';
import { type Healthy, isHealthy, sliceSamples } from './slices';

const ops = ['>=', '<=', '>', '<', '=='] as const;

test('a slice is good when all its samples are healthy, bad when one is not, unknown without any', () => {
  const anySeries = fc.array(
    fc
      .tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom(0, 1, 2, Number.NaN))
      .map((one): Sample => one),
    { maxLength: 30 },
  );
  const anyHealthy = fc.record({ op: fc.constantFrom(...ops), value: fc.constantFrom(0, 1, 2) });
  let known = 0;
  holds(
    fc.tuple(fc.array(anySeries, { maxLength: 3 }), anyHealthy, fc.constantFrom(60, 300)),
    ([series, healthy, size]) => {
      const slices = sliceSamples(series, { from: 300, to: 900, size }, healthy);
      for (let end = 300 + size; end <= 900; end += size) {
        const inside = series
          .flat()
          .filter(([at, value]) => at > end - size && at <= end && !Number.isNaN(value));
        const bad = inside.some(([, value]) => !isHealthy(value, healthy)) ? 1 : 0;
        if (inside.length > 0) known += 1;
        expect(slices.get(end)).toEqual(inside.length === 0 ? undefined : { good: 1 - bad, bad, total: 1 });
      }
      expect([...slices.keys()].every((end) => end > 300 && end <= 900)).toBe(true);
    },
    1000,
  );
  expect(known).toBeGreaterThan(1000);
});

test('each comparison is the one it says', () => {
  const holdsFor = (op: Healthy['op']) => [1, 2, 3].filter((value) => isHealthy(value, { op, value: 2 }));
  expect(ops.map(holdsFor)).toEqual([[2, 3], [1, 2], [3], [1], [2]]);
});
