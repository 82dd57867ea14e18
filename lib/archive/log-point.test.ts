import fc from 'fast-check';
import { expect, test } from 'vitest';
import { append, emptyFrontier, hex, leafHash, rootOf } from '@/lib/audit/merkle';
import { LogWalk, samePoint, startOfLog } from './log-point';

test('a log that is walked in parts, in whatever parts, ends where it ends when it is walked at once', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.array(fc.nat(80), { maxLength: 6 }), (size, cuts) => {
      cases += 1;
      const leaves = Array.from({ length: size }, (_, n) => leafHash(Buffer.from(`entry ${n}`)));
      const whole = leaves.reduce(append, emptyFrontier());
      let point = startOfLog();
      const bounds = [...new Set([0, ...cuts.filter((cut) => cut < size), size])].toSorted((a, b) => a - b);
      bounds.slice(1).forEach((to, index) => {
        // Each part begins with nothing but the end of the one before.
        const walk = new LogWalk(structuredClone(point));
        for (const leaf of leaves.slice(bounds[index], to)) walk.add(leaf);
        point = walk.point;
      });
      expect(point).toMatchObject({
        size,
        root: hex(rootOf(whole)),
        leaf: hex(leaves.at(-1) ?? leafHash(Buffer.alloc(0))),
      });
      expect(samePoint(point, { ...point })).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(cases).toBe(300);
});

test('a frontier that cannot be that of its size is refused', () => {
  expect(() => new LogWalk({ ...startOfLog(), size: 3 })).toThrow(RangeError);
});
