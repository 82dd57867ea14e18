import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../math/testing/cases';
import { addGap, type Gap, joinGaps, triedAgain, withoutSpan } from './gaps';

const anyGap = fc
  .tuple(fc.nat(100), fc.integer({ min: 1, max: 20 }), fc.nat(5))
  .map(([from, length, tries]): Gap => ({ from, to: from + length, tries, next: from }));
const covered = (gaps: readonly Gap[]) => {
  const seconds = new Set<number>();
  for (const { from, to } of gaps) for (let at = from; at < to; at += 1) seconds.add(at);
  return [...seconds].sort((a, b) => a - b);
};

test('gaps keep every second that is missing, apart and in order', () => {
  holds(
    fc.tuple(fc.array(anyGap, { maxLength: 8 }), fc.nat(100), fc.integer({ min: 1, max: 30 })),
    ([gaps, from, length]) => {
      const joined = joinGaps(gaps);
      expect(covered(joined)).toEqual(covered(gaps));
      for (const [index, gap] of joined.entries())
        expect(gap.from).toBeGreaterThan(joined[index - 1]?.to ?? -1);
      const to = from + length;
      const left = covered(withoutSpan(joined, from, to));
      expect(left).toEqual(covered(joined).filter((at) => at < from || at >= to));
      expect(covered(addGap(joined, from, to, 0))).toEqual(
        covered([...joined, { from, to, tries: 0, next: 0 }]),
      );
    },
    1000,
  );
});

test('a gap is tried ever more seldom and given up after days', () => {
  let gap: Gap | null = { from: 0, to: 300, tries: 0, next: 0 };
  const waits: number[] = [];
  while (gap !== null) {
    const again: Gap | null = triedAgain(gap, gap.next);
    if (again !== null) waits.push(again.next - gap.next);
    gap = again;
  }
  expect(waits.slice(0, 4)).toEqual([120, 240, 480, 960]);
  expect(Math.max(...waits)).toBe(6 * 3600);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(2 * 86_400);
});

test('a span that stays silent is not asked for more often because it grows', () => {
  const [old] = addGap([{ from: 0, to: 300, tries: 6, next: 9000 }], 300, 600, 1000);
  expect(old).toEqual({ from: 0, to: 600, tries: 6, next: 9000 });
});
