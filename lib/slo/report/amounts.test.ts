import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../math/testing/cases';
import { difference, rounded, shareOut, sumOf } from './amounts';

test('parts and the rest are the whole, exactly, and none is below nothing', () => {
  const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
  holds(fc.tuple(amount, fc.array(amount, { maxLength: 8 })), ([whole, shares]) => {
    const sum = shares.reduce((all, share) => all + share, 0);
    // Parts as a ledger has them: together at most the whole.
    const parts = shares.map((share) => (sum === 0 ? 0 : (share / sum) * whole));
    const shared = shareOut(whole, parts);
    expect(sumOf([...shared.parts, shared.rest])).toBe(shared.whole);
    expect(Math.min(...shared.parts, shared.rest)).toBeGreaterThanOrEqual(0);
    for (const [index, part] of shared.parts.entries()) {
      expect(Math.abs(part - (parts[index] ?? 0))).toBeLessThanOrEqual(0.0021);
    }
  });
});

test('whole failures stay whole', () => {
  expect(shareOut(1503, [1000, 500])).toEqual({ whole: 1503, parts: [1000, 500], rest: 3 });
  expect(shareOut(0.3, [0.1, 0.2])).toEqual({ whole: 0.3, parts: [0.1, 0.2], rest: 0 });
  expect(shareOut(1, [1 / 3, 1 / 3, 1 / 3])).toEqual({ whole: 1, parts: [0.333, 0.333, 0.333], rest: 0.001 });
});

test('more than the whole is taken off the largest part', () => {
  expect(shareOut(10, [4, 8])).toEqual({ whole: 10, parts: [4, 6], rest: 0 });
  expect(shareOut(0, [5, 5])).toEqual({ whole: 0, parts: [0, 0], rest: 0 });
});

test('differences leave no binary fractions behind', () => {
  expect(difference(22.32, 0.1)).toBe(22.22);
  expect(difference(0.3, 0.1)).toBe(0.2);
  expect(rounded(-0.0001)).toBe(0);
  expect(sumOf([0.1, 0.2, -0.3])).toBe(0);
});
