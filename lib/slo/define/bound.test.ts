import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundPattern, boundSeconds, boundTexts, bucketBound } from './bound';

test.each([
  ['300ms', 0.3],
  ['700ms', 0.7],
  ['1.1s', 1.1],
  ['1s', 1],
  ['2.5ms', 0.0025],
  ['2m', 120],
])('%s is %d s', (text, seconds) => {
  expect(boundSeconds(text)).toBe(seconds);
});

/** `le` as Prometheus 2 keeps it from Go, as Prometheus 3 writes it, and as other libraries do. */
test.each([
  [1, ['1', '1.0']],
  [0.3, ['0.3']],
  [2.5, ['2.5']],
  [10, ['10', '10.0']],
  [0.00001, ['0.00001', '1e-05']],
  [0.000025, ['0.000025', '2.5e-05']],
  [1_000_000, ['1000000', '1000000.0', '1e+06']],
  [1_234_567, ['1234567', '1234567.0', '1.234567e+06']],
])('%d is written as %j', (value, texts) => {
  expect(boundTexts(value)).toEqual(texts);
});

test('the pattern of a bound matches every spelling of the number and of no other', () => {
  let cases = 0;
  const millis = fc.integer({ min: 1, max: 5_000_000 });
  fc.assert(
    fc.property(millis, millis, (one, other) => {
      cases++;
      const anchored = new RegExp(`^(?:${boundPattern(`${one}ms`)})$`);
      for (const text of boundTexts(one / 1000)) expect(anchored.test(text), text).toBe(true);
      for (const text of boundTexts(other / 1000)) expect(anchored.test(text), text).toBe(one === other);
      for (const text of boundTexts(one / 1000)) expect(bucketBound(text)).toBe(one / 1000);
    }),
    { numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});

test.each([
  ['+Inf', Number.POSITIVE_INFINITY],
  ['Inf', Number.POSITIVE_INFINITY],
  ['1', 1],
  ['1.0', 1],
  ['1e+06', 1_000_000],
  ['.5', 0.5],
  ['', null],
  ['1s', null],
  ['0x10', null],
  ['NaN', null],
])('the label %j is the bound %s', (le, bound) => {
  expect(bucketBound(le)).toBe(bound);
});
