import { expect, test } from 'vitest';
import { cacheAt, cpuModes, cpuSecondsAt } from './machines';

const NOW = Date.UTC(2026, 10, 21, 14);
const MINUTE = 60_000;
const minutes = Array.from({ length: 7 * 24 * 60 }, (_, index) => NOW - index * MINUTE);

test('a processor spends each second in one mode, and no counter falls', () => {
  for (const at of minutes) {
    const [before, after] = [cpuSecondsAt('node-a', at - MINUTE), cpuSecondsAt('node-a', at)];
    const spent = cpuModes.map((mode) => after[mode] - before[mode]);
    expect(spent.every((seconds) => seconds > 0)).toBe(true);
    expect(spent.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(60, 4);
  }
});

test('between 0.9 % and 3.3 % of the time is waited for disks', () => {
  const shares = minutes.map(
    (at) => (cpuSecondsAt('node-a', at).iowait - cpuSecondsAt('node-a', at - MINUTE).iowait) / 60,
  );
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.009);
  expect(Math.max(...shares)).toBeLessThanOrEqual(0.033);
});

test('the cache has more than 95 % of what it is asked for, and counts whole lookups', () => {
  for (const at of minutes) {
    const [before, after] = [
      cacheAt('architect-api', 'us-east-1', at - 10 * MINUTE),
      cacheAt('architect-api', 'us-east-1', at),
    ];
    const [hits, misses] = [after.hits - before.hits, after.misses - before.misses];
    expect(Number.isInteger(after.hits) && Number.isInteger(after.misses)).toBe(true);
    expect(hits / (hits + misses)).toBeGreaterThan(0.955);
  }
});

test('before their beginning counters are at 0', () => {
  expect(cpuSecondsAt('node-a', 0)).toEqual({ idle: 0, iowait: 0, system: 0, user: 0 });
  expect(cacheAt('architect-api', 'us-east-1', 0)).toEqual({ hits: 0, misses: 0 });
});
