import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentText } from './adopt';

test('a ratio in binary becomes the decimal that was meant', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999_999 }), (millionths) => {
      cases++;
      const text = String(millionths / 1_000_000);
      fc.pre(!text.includes('e'));
      expect(percentText(Number(text) / 100)).toBe(text);
    }),
    { numRuns: 1000 },
  );
  expect(cases).toBeGreaterThanOrEqual(1000);
});
