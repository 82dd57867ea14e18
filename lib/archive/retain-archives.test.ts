import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leavingArchives, type Standing } from './retain-archives';

const day = 86_400_000;
const nowMs = Date.parse('2026-11-22T04:00:00Z');
const at = (days: number, more: Partial<Standing> = {}): Standing => ({
  id: `${days} days`,
  startedMs: nowMs - days * day,
  level: 4,
  isEnding: false,
  ...more,
});
const keep = { keepSeconds: 90 * 86_400, nowMs };

test('an archive goes 90 days after another took its place, and not by its own age', () => {
  expect(leavingArchives([at(400)], keep)).toEqual([]);
  expect(leavingArchives([at(400), at(89)], keep)).toEqual([]);
  expect(leavingArchives([at(400), at(91)], keep)).toEqual(['400 days']);
  expect(leavingArchives([at(400), at(300), at(91), at(1)], keep)).toEqual(['300 days', '400 days']);
});

test('nothing goes while the newest is not read in full, and nothing of the future counts', () => {
  expect(leavingArchives([at(400), at(91), at(1, { level: 2 })], keep)).toEqual([]);
  expect(leavingArchives([at(400), at(91), at(1, { level: null })], keep)).toEqual([]);
  expect(leavingArchives([at(-1)], keep)).toEqual([]);
  expect(leavingArchives([at(400), at(-1)], keep)).toEqual([]);
});

test('one whose end has begun is brought to its end', () => {
  expect(leavingArchives([at(50, { isEnding: true }), at(1)], keep)).toEqual(['50 days']);
});

const standing = fc.record({
  id: fc.uuid(),
  startedMs: fc.integer({ min: nowMs - 900 * day, max: nowMs + 5 * day }),
  level: fc.option(fc.integer({ min: 0, max: 4 })),
  isEnding: fc.constant(false),
});

test('whatever was in force during the last 90 days stays, and the newest always does', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.uniqueArray(standing, { selector: ({ id }) => id, maxLength: 30 }), (archives) => {
      cases += 1;
      const leaving = new Set(leavingArchives(archives, keep));
      const past = archives.filter(({ startedMs }) => startedMs <= nowMs);
      const newest = Math.max(...past.map(({ startedMs }) => startedMs));
      for (const one of archives.filter(({ id }) => leaving.has(id))) {
        // The one that was in force when the 90 days began is older than this only when a later one is as well.
        const inForceSince = Math.max(
          ...past.map(({ startedMs }) => startedMs).filter((ms) => ms < nowMs - 90 * day),
        );
        expect(one.startedMs).toBeLessThanOrEqual(inForceSince);
        expect(past.some(({ id, startedMs }) => !leaving.has(id) && startedMs >= one.startedMs)).toBe(true);
        expect(one.startedMs).toBeLessThanOrEqual(newest);
      }
    }),
    { numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});
