import { TZDate } from '@date-fns/tz';

/** Monday to Friday by the calendar of a place, without its holidays (`2026-12-25`). */
export type WorkingDays = { timeZone: string; holidays: readonly string[] };

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A moment by the clock on the wall: the day (its midnight as if it were UTC) and the time in it. */
type Wall = { dayMs: number; timeMs: number };

function wallOf(at: Date, timeZone: string): Wall {
  const local = new TZDate(at.getTime(), timeZone);
  const dayMs = Date.UTC(local.getFullYear(), local.getMonth(), local.getDate());
  const seconds = (local.getHours() * 60 + local.getMinutes()) * 60 + local.getSeconds();
  return { dayMs, timeMs: seconds * 1000 + local.getMilliseconds() };
}

/** A time that a day does not have, in spring, is as much later; one that it has twice is the first. */
function instantOf({ dayMs, timeMs }: Wall, timeZone: string): Date {
  const day = new Date(dayMs);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  const [hours, minutes] = [Math.floor(timeMs / HOUR_MS), Math.floor(timeMs / 60_000) % 60];
  const [seconds, rest] = [Math.floor(timeMs / 1000) % 60, timeMs % 1000];
  return new Date(+new TZDate(year, month, date, hours, minutes, seconds, rest, timeZone));
}

function isWorking(dayMs: number, { holidays }: WorkingDays): boolean {
  const day = new Date(dayMs);
  const weekday = day.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.includes(day.toISOString().slice(0, 10));
}

/**
 * So much working time later, by the clock on the wall: a whole working day counts 24 hours, every other day none. One
 * working day after Friday 09:00 is Monday 09:00; after any moment of a weekend it is the end of Monday.
 */
export function afterWorkingTime(at: Date, ms: number, days: WorkingDays): Date {
  let { dayMs, timeMs } = wallOf(at, days.timeZone);
  for (let left = ms; ; dayMs += DAY_MS, timeMs = 0) {
    if (!isWorking(dayMs, days)) continue;
    const today = DAY_MS - timeMs;
    if (left < today) return instantOf({ dayMs, timeMs: timeMs + left }, days.timeZone);
    if (left === today) return instantOf({ dayMs: dayMs + DAY_MS, timeMs: 0 }, days.timeZone);
    left -= today;
  }
}

/** So much working time earlier: the latest moment from which it is that long until `at`. */
export function beforeWorkingTime(at: Date, ms: number, days: WorkingDays): Date {
  let { dayMs, timeMs } = wallOf(at, days.timeZone);
  for (let left = ms; ; dayMs -= DAY_MS, timeMs = DAY_MS) {
    const today = isWorking(dayMs, days) ? timeMs : 0;
    if (left <= today) return instantOf({ dayMs, timeMs: today - left }, days.timeZone);
    left -= today;
  }
}
