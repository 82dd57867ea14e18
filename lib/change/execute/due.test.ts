import { expect, test } from 'vitest';
import { untilNext } from './due';

test('the nearest moment ahead is waited for, and no longer', () => {
  expect(untilNext(1000, [5000, 2500, null])).toBe(1510);
});

test('moments that are over, or none at all, shorten no wait', () => {
  expect(untilNext(1000, [1000, 400, null])).toBeNull();
  expect(untilNext(1000, [])).toBeNull();
});
