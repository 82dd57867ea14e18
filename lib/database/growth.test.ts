import { expect, test } from 'vitest';
import { growthOver, type SizeSample, thinned } from './growth';

const hour = 3600;
const day = 24 * hour;
/** One sample an hour, 10 bytes more each. */
const hourly = (hours: number, from = 1_000_000): SizeSample[] =>
  Array.from({ length: hours + 1 }, (_, index) => [from + index * hour, 1000 + index * 10]);

test('a span is taken from the newest sample back', () => {
  expect(growthOver(hourly(24 * 30), 7)).toEqual({
    days: 7,
    seconds: 7 * day,
    bytes: 1680,
    bytesPerDay: 240,
  });
  expect(growthOver(hourly(24 * 30).toReversed(), 1)).toMatchObject({ seconds: day, bytes: 240 });
});

test('a shorter past is told with its own span, and less than half of one is not known', () => {
  expect(growthOver(hourly(24 * 4), 7)).toMatchObject({ seconds: 4 * day, bytes: 960, bytesPerDay: 240 });
  expect(growthOver(hourly(24 * 3), 7)).toBeNull();
  expect(growthOver(hourly(0), 1)).toBeNull();
  expect(growthOver([], 1)).toBeNull();
});

test('a gap is bridged by the newest sample that is old enough', () => {
  const samples: SizeSample[] = [
    [0, 100],
    [9 * day, 50],
  ];
  const growth = growthOver(samples, 7);
  expect(growth).toMatchObject({ seconds: 9 * day, bytes: -50 });
  expect(growth?.bytesPerDay).toBeCloseTo(-50 / 9);
});

test('thinning keeps the newest and the order', () => {
  const all = hourly(719);
  const few = thinned(all, 120);
  expect(few).toHaveLength(120);
  expect(few.at(-1)).toEqual(all.at(-1));
  expect(few).toEqual(few.toSorted(([a], [b]) => a - b));
  expect(thinned(hourly(5), 120)).toHaveLength(6);
});
