import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecimal, shiftPoint } from './decimal';

test.each([
  ['99.95', -2, '0.9995'],
  ['0.9995', 2, '99.95'],
  ['1', 2, '100'],
  ['1.0', 2, '100'],
  ['5', -2, '0.05'],
  ['0', 2, '0'],
  ['0.000001', -2, '0.00000001'],
])('%s by %i is %s', (text, by, moved) => {
  expect(shiftPoint(text, by)).toBe(moved);
});

test('a point that goes and comes back stands where it was', () => {
  let cases = 0;
  const digits = fc.stringMatching(/^\d{1,8}$/);
  fc.assert(
    fc.property(digits, digits, fc.integer({ min: 0, max: 12 }), (whole, fraction, by) => {
      cases++;
      const text = `${whole}.${fraction}`;
      expect(shiftPoint(shiftPoint(text, -by), by)).toBe(plainDecimal(text));
      expect(shiftPoint(shiftPoint(text, by), -by)).toBe(plainDecimal(text));
      expect(Number(plainDecimal(text))).toBe(Number(text));
    }),
    { numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});
