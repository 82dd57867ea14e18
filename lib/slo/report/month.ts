import { type Bounds, periodBounds, periodName, shiftPeriod } from '../math/window';
import { monthForm } from './words';

/** Noon of the 15th in UTC: inside the month in every zone. Throws RangeError for text that is no month. */
function middleOf(month: string): number {
  const match = monthForm.exec(month);
  if (match === null) throw new RangeError(`"${month}" is no month. Write it such as 2026-11.`);
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, 15, 12) / 1000;
}

/** The month that holds an instant in a zone. */
export const monthOf = (zone: string, at: number): string => periodName('month', zone, at);

/** From its first midnight to the next month's, in unix seconds: 28 to 31 days, an hour more or less with DST. */
export const monthBounds = (month: string, zone: string): Bounds =>
  periodBounds('month', zone, middleOf(month));

/** The month so many months later; earlier when negative. */
export const shiftMonth = (month: string, by: number): string =>
  monthOf('UTC', shiftPeriod('month', 'UTC', middleOf(month), by).from);

/** Every month from the first to the last, both included; none when the last is before the first. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = shiftMonth(month, 1)) months.push(month);
  return months;
}
