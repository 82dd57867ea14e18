const hour = 3600;
const week = 7 * 24 * hour;

/** Weeks that are looked back. */
export const baselineWeeks = 4;
/** The hour is read in slots of this length, in seconds. */
export const slotSeconds = 300;
/** An hour of which less than half is known says nothing about its traffic. */
const leastSlots = hour / slotSeconds / 2;

/** `from` exclusive, `to` inclusive, unix seconds. */
export type HourSpan = { weeksAgo: number; from: number; to: number };

/** The hour of the clock (UTC) that holds `nowSeconds`, in each of the last weeks, newest first. */
export function sameHours(nowSeconds: number): HourSpan[] {
  const begin = Math.floor(nowSeconds / hour) * hour;
  return Array.from({ length: baselineWeeks }, (_, index) => {
    const from = begin - (index + 1) * week;
    return { weeksAgo: index + 1, from, to: from + hour };
  });
}

/** The mean of the slots of an hour; null when less than half of them is known. */
export function meanOfHour(values: readonly number[]): number | null {
  const known = values.filter((value) => Number.isFinite(value) && value >= 0);
  if (known.length < leastSlots) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Number.isFinite(mean) ? mean : null;
}

/** The middle one, or the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[middle - 1];
  return sorted.length % 2 === 1 || lower === undefined ? upper : lower + (upper - lower) / 2;
}
