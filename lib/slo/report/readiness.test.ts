import { expect, test } from 'vitest';
import { type Recorded, readinessOf } from './readiness';

const day = 86_400;
const hour = 3600;
const month = { from: Date.UTC(2026, 9, 1) / 1000, to: Date.UTC(2026, 10, 1) / 1000 };
const options = { month, grace: 2 * hour, longestWait: 3 * day, zone: 'UTC' };
const final: NonNullable<Recorded['progress']> = {
  finalUntil: month.to + hour,
  backfilledFrom: month.from - day,
  backfillUntil: month.from - day,
  backfill: { done: 31, total: 31 },
  gaps: [],
};
const recorded = (progress: Partial<typeof final> | null = {}, more: Partial<Recorded> = {}): Recorded => ({
  name: 'Availability',
  month,
  isRetired: false,
  firstSeen: month.from - 90 * day,
  progress: progress === null ? null : { ...final, ...progress },
  ...more,
});
const at = (seconds: number, all: Recorded[] = [recorded()]) =>
  readinessOf(all, { ...options, now: month.to + seconds });

test('a month that is not over is not closed, nor is one in its grace', () => {
  expect(at(-1)).toEqual({ isDue: false, waiting: [], missing: [] });
  expect(at(hour)).toMatchObject({
    isDue: false,
    waiting: ['It is frozen on 2026-11-01 02:00 UTC at the earliest.'],
  });
  expect(at(2 * hour)).toEqual({ isDue: true, waiting: [], missing: [] });
});

test.each([
  ['the last counts are provisional', { finalUntil: month.to - 1 }, /last counts .* not final/],
  [
    'a gap of the month is asked for again',
    { gaps: [{ from: month.to - hour, to: month.to + hour }] },
    /1 h; they are asked/,
  ],
  [
    'the past is being filled in',
    { backfilledFrom: month.to - day, backfill: { done: 21, total: 31 } },
    /21 of 31 days/,
  ],
  ['nothing was read yet', { backfilledFrom: null }, /being filled in/],
])('it waits while %s, and no longer than the longest wait, which is then stated', (_, progress, words) => {
  const waits = at(2 * hour, [recorded(), recorded(progress)]);
  expect(waits).toMatchObject({ isDue: false, missing: [] });
  expect(waits.waiting).toEqual([
    expect.stringMatching(words),
    'It is frozen with what there is on 2026-11-04 00:00 UTC.',
  ]);
  expect(at(3 * day, [recorded(), recorded(progress)])).toEqual({
    isDue: true,
    waiting: [],
    missing: [expect.stringMatching(words)],
  });
});

test('what cannot change the month does not hold it', () => {
  const later = {
    gaps: [
      { from: month.to, to: month.to + day },
      { from: month.from - day, to: month.from },
    ],
  };
  expect(at(2 * hour, [recorded(later)]).isDue).toBe(true);
  // A window that begins within the month is filled in to where it begins.
  const short = { backfillUntil: month.to - 7 * day, backfilledFrom: month.to - 7 * day };
  expect(at(2 * hour, [recorded(short)]).isDue).toBe(true);
  expect(at(2 * hour, [recorded({ finalUntil: month.from }, { isRetired: true })]).isDue).toBe(true);
  expect(at(2 * hour, []).isDue).toBe(true);
});

test('where the recorder began after the month, the longest wait runs from there', () => {
  const fresh = recorded({ backfilledFrom: null }, { firstSeen: month.to + 20 * day });
  expect(at(20 * day + hour, [fresh]).isDue).toBe(false);
  expect(at(23 * day, [fresh])).toMatchObject({ isDue: true, missing: [expect.stringMatching(/filled in/)] });
  expect(at(2 * hour, [recorded(null)]).waiting[0]).toMatch(/recording has not begun/);
});

test('an objective whose month ends later in its own zone holds all', () => {
  const west = recorded(
    { finalUntil: month.to + day },
    { month: { from: month.from + 8 * hour, to: month.to + 8 * hour } },
  );
  expect(at(9 * hour, [recorded(), west]).isDue).toBe(false);
  expect(at(10 * hour, [recorded(), west]).isDue).toBe(true);
});
