import { tzOffset } from '@date-fns/tz';

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** Whole days since 1970-01-01, as the clocks of a zone count them. */
export type LocalDay = (atMs: number) => number;

/** Shorter spans in which the clock changes are not halved any more: their instants are asked one by one. */
const leastMs = 3_600_000;

/**
 * Reads the local day of many instants fast. The clock of a zone is asked once for each bound of a week; a week in which
 * its offset changes (DST, a country that moves over the date line) is halved until the instant lies in a part without
 * the change. No zone has ever changed and changed back within a week. Throws RangeError for an unknown zone.
 */
export function localDays(zone: string): LocalDay {
  const offset = (atMs: number): number => {
    const minutes = tzOffset(zone, new Date(atMs));
    if (Number.isNaN(minutes)) throw new RangeError(`The time zone ${zone} is unknown.`);
    return Math.round(minutes * 60_000);
  };
  let [from, to] = [Number.NaN, Number.NaN];
  let ahead: number | null = null;
  let [asked, begins] = [Number.NaN, 0];
  const look = (atMs: number): void => {
    const week = Math.floor(atMs / weekMs) * weekMs;
    // Newest first: the week that was asked before begins where this one ends.
    let end = week + weekMs === asked ? begins : offset(week + weekMs);
    let start = week === asked ? begins : offset(week);
    [asked, begins] = [week, start];
    [from, to] = [week, week + weekMs];
    while (start !== end && to - from > leastMs) {
      const middle = Math.floor((from + to) / 2);
      const there = offset(middle);
      if (atMs < middle) [to, end] = [middle, there];
      else [from, start] = [middle, there];
    }
    ahead = start === end ? start : null;
  };
  return (atMs) => {
    if (!(atMs >= from && atMs < to)) look(atMs);
    return Math.floor((atMs + (ahead ?? offset(atMs))) / dayMs);
  };
}

/** ISO 8601 weeks begin on Monday; 1970-01-01 was a Thursday. Counted from the week of that day. */
export const weekOf = (day: number): number => Math.floor((day + 3) / 7);

/** Months since January of the year 0. */
export function monthOf(day: number): number {
  const date = new Date(day * dayMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** `2026-11-20` */
export const dayName = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** `2026-W46`: the year is that of the week's Thursday, as ISO 8601 counts. */
export function weekName(week: number): string {
  const thursday = new Date(week * 7 * dayMs);
  const year = thursday.getUTCFullYear();
  const first = Date.UTC(year, 0, 1);
  const number = Math.floor((thursday.getTime() - first) / dayMs / 7) + 1;
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** `2026-10` */
export const monthName = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
