import { expect, test } from 'vitest';
import { finalReleases, majorOf, supportOf } from './end-of-life';

test.each([
  [14, '2026-11-12T23:59:59Z', 'ending'],
  [14, '2026-11-13T00:00:00Z', 'ended'],
  [15, '2026-11-22T00:00:00Z', 'supported'],
  [15, '2027-05-14T00:00:00Z', 'supported'],
  [15, '2027-05-17T00:00:00Z', 'ending'],
  [19, '2026-11-22T00:00:00Z', 'unknown'],
] as const)('PostgreSQL %i on %s: %s', (major, today, state) => {
  expect(supportOf(major, new Date(today)).state).toBe(state);
});

test('on 2026-11-21 all from 10 to 14 are past their end, and none from 15 on (X-27)', () => {
  const today = new Date('2026-11-21T12:00:00Z');
  const ended = Object.keys(finalReleases).filter(
    (major) => supportOf(Number(major), today).state === 'ended',
  );
  expect(ended).toEqual(['10', '11', '12', '13', '14']);
});

test('a version newer than the table is not called old', () => {
  expect(supportOf(42, new Date('2040-01-01'))).toEqual({ state: 'unknown', ends: null });
});

test('the major version is that of server_version_num', () => {
  expect([150_018, 180_004, 100_023].map(majorOf)).toEqual([15, 18, 10]);
});
