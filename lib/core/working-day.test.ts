import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterWorkingTime, beforeWorkingTime, DAY_MS, type WorkingDays } from './working-day';

const RUNS = 300;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const first = Date.UTC(2025, 0, 1);

const anyMinute = fc.integer({ min: 0, max: 3 * 366 * 1440 }).map((n) => new Date(first + n * MINUTE_MS));
const anyMinutes = fc.integer({ min: 1, max: 3 * 1440 });
const anyHolidays = fc
  .array(fc.integer({ min: 0, max: 3 * 366 }), { maxLength: 60 })
  .map((all) => all.map((n) => new Date(first + n * DAY_MS).toISOString().slice(0, 10)));

/** Counts each minute by itself: those of Saturdays, Sundays and holidays are none. */
function workingMinutes(from: Date, to: Date, holidays: readonly string[]): number {
  const free = new Map<number, boolean>();
  const isFree = (day: number): boolean => {
    const date = new Date(day * DAY_MS);
    return [0, 6].includes(date.getUTCDay()) || holidays.includes(date.toISOString().slice(0, 10));
  };
  let minutes = 0;
  for (let at = from.getTime(); at < to.getTime(); at += MINUTE_MS) {
    const day = Math.floor(at / DAY_MS);
    const known = free.get(day) ?? isFree(day);
    free.set(day, known);
    minutes += known ? 0 : 1;
  }
  return minutes;
}

test('exactly so much working time passes, forth and back', () => {
  let cases = 0;
  fc.assert(
    fc.property(anyMinute, anyMinutes, anyHolidays, (at, minutes, holidays) => {
      const days: WorkingDays = { timeZone: 'UTC', holidays };
      const later = afterWorkingTime(at, minutes * MINUTE_MS, days);
      const earlier = beforeWorkingTime(at, minutes * MINUTE_MS, days);
      expect(workingMinutes(at, later, holidays)).toBe(minutes);
      expect(workingMinutes(earlier, at, holidays)).toBe(minutes);
      // The first moment forth, the last one back: a minute less is too little.
      expect(workingMinutes(at, new Date(+later - MINUTE_MS), holidays)).toBe(minutes - 1);
      expect(workingMinutes(new Date(+earlier + MINUTE_MS), at, holidays)).toBe(minutes - 1);
      cases += 1;
    }),
    { numRuns: RUNS },
  );
  expect(cases).toBe(RUNS);
});

test('what happens later is never due earlier, and half a working day before it is due lies between', () => {
  let cases = 0;
  fc.assert(
    fc.property(anyMinute, fc.integer({ min: 0, max: 5000 }), anyHolidays, (at, more, holidays) => {
      const days: WorkingDays = { timeZone: 'UTC', holidays };
      const due = afterWorkingTime(at, DAY_MS, days);
      const later = afterWorkingTime(new Date(+at + more * MINUTE_MS), DAY_MS, days);
      expect(+later).toBeGreaterThanOrEqual(+due);
      const half = beforeWorkingTime(due, DAY_MS / 2, days);
      expect(+half).toBeGreaterThan(+at);
      expect(workingMinutes(at, half, holidays)).toBe(720);
      expect(workingMinutes(half, due, holidays)).toBe(720);
      cases += 1;
    }),
    { numRuns: RUNS },
  );
  expect(cases).toBe(RUNS);
});

test.each([
  ['Asia/Kolkata', 5.5],
  ['Etc/GMT+8', -8],
  ['Pacific/Kiritimati', 14],
])('in %s the same happens by the clock on its walls', (timeZone, offsetHours) => {
  let cases = 0;
  fc.assert(
    fc.property(anyMinute, anyMinutes, anyHolidays, (at, minutes, holidays) => {
      const local = new Date(+at + offsetHours * HOUR_MS);
      const inUtc = afterWorkingTime(local, minutes * MINUTE_MS, { timeZone: 'UTC', holidays });
      const there = afterWorkingTime(at, minutes * MINUTE_MS, { timeZone, holidays });
      expect(+there).toBe(+inUtc - offsetHours * HOUR_MS);
      cases += 1;
    }),
    { numRuns: RUNS },
  );
  expect(cases).toBe(RUNS);
});

test.each(['Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'Asia/Jerusalem'])(
  'in %s, whose clock changes, a working day later is the same time of a day, an hour more or less at most',
  (timeZone) => {
    let cases = 0;
    fc.assert(
      fc.property(anyMinute, (at) => {
        const due = afterWorkingTime(at, DAY_MS, { timeZone, holidays: [] });
        const passed = (+due - +at) / HOUR_MS;
        expect(passed).toBeGreaterThanOrEqual(23);
        expect(passed).toBeLessThanOrEqual(73);
        cases += 1;
      }),
      { numRuns: RUNS },
    );
    expect(cases).toBe(RUNS);
  },
);

test('the end of the last working day is a moment of it, whatever the clock does then', () => {
  const days: WorkingDays = { timeZone: 'Europe/Berlin', holidays: [] };
  // Friday, 00:00, to its end; then the weekend on which the clocks go forward.
  expect(afterWorkingTime(new Date('2026-03-26T23:00:00Z'), DAY_MS, days).toISOString()).toBe(
    '2026-03-27T23:00:00.000Z',
  );
  expect(afterWorkingTime(new Date('2026-03-27T08:00:00Z'), DAY_MS, days).toISOString()).toBe(
    '2026-03-30T07:00:00.000Z',
  );
});
