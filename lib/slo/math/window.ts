import { tzOffset } from '@date-fns/tz';
import type { SloWindow } from '../model';

/** A span (from, to] in unix seconds: the bucket that ends at `from` is before it, the one at `to` is its last. */
export type Bounds = { from: number; to: number };

export const periodUnits = ['day', 'week', 'month', 'quarter'] as const;
export type PeriodUnit = (typeof periodUnits)[number];

/** Whether the runtime knows a zone such as `Europe/Berlin`; offsets such as `+01:00` have no DST and are refused. */
export function isTimeZone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Seconds that the zone's clocks are ahead of UTC. Throws RangeError for an unknown zone. */
function offsetSeconds(zone: string, at: number): number {
  const minutes = isKnown(zone) ? tzOffset(zone, new Date(at * 1000)) : Number.NaN;
  if (Number.isNaN(minutes)) throw new RangeError(`The time zone ${zone} is unknown.`);
  return Math.round(minutes * 60);
}

/** Zones that were asked for before: building a formatter for each question would cost more than the answer. */
const knownZones = new Map<string, boolean>();
function isKnown(zone: string): boolean {
  const kept = knownZones.get(zone);
  if (kept !== undefined) return kept;
  const known = isTimeZone(zone);
  knownZones.set(zone, known);
  return known;
}

const day = 86_400;

/**
 * The first instant of a local day. Where clocks skip midnight it is the moment they jump; where midnight comes
 * twice it is the first. `local` is the midnight as if the zone were UTC.
 */
function startOfLocalDay(zone: string, local: number): number {
  const before = offsetSeconds(zone, local - 1.5 * day);
  const after = offsetSeconds(zone, local + 1.5 * day);
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  if (early + offsetSeconds(zone, early) === local) return early;
  if (late + offsetSeconds(zone, late) === local) {
    // Clocks that fall back across midnight show the day before again until `late`.
    return late;
  }
  let low = early;
  let high = late;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle + offsetSeconds(zone, middle) >= local) high = middle;
    else low = middle;
  }
  return high;
}

/** The local date of an instant, as a Date whose UTC fields are the zone's. */
const localDate = (zone: string, at: number): Date => new Date((at + offsetSeconds(zone, at)) * 1000);

/** UTC seconds of the local midnight that begins the period `by` periods after that of `local`. */
function localStart(unit: PeriodUnit, local: Date, by: number): number {
  const [year, month, date] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  // ISO 8601: the week begins on Monday. getUTCDay counts from Sunday.
  const sinceMonday = (local.getUTCDay() + 6) % 7;
  const starts = {
    day: () => Date.UTC(year, month, date + by),
    week: () => Date.UTC(year, month, date - sinceMonday + 7 * by),
    month: () => Date.UTC(year, month + by, 1),
    quarter: () => Date.UTC(year, month - (month % 3) + 3 * by, 1),
  };
  return starts[unit]() / 1000;
}

/**
 * Bounds of the period that lies `by` periods after the one holding `at`. Days of 23 and 25 hours come out as they
 * are. Throws RangeError for an unknown zone.
 */
export function shiftPeriod(unit: PeriodUnit, zone: string, at: number, by: number): Bounds {
  const local = localDate(zone, at);
  return {
    from: startOfLocalDay(zone, localStart(unit, local, by)),
    to: startOfLocalDay(zone, localStart(unit, local, by + 1)),
  };
}

/** Bounds of the period that holds the instant `at`; the instant a period begins belongs to it. */
export const periodBounds = (unit: PeriodUnit, zone: string, at: number): Bounds =>
  shiftPeriod(unit, zone, at, 0);

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-21`, `2026-W47` (ISO 8601: the year that holds the week's Thursday), `2026-11`, `2026-Q4`. */
export function periodName(unit: PeriodUnit, zone: string, at: number): string {
  const local = localDate(zone, at);
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  switch (unit) {
    case 'day':
      return `${year}-${two(month + 1)}-${two(local.getUTCDate())}`;
    case 'week': {
      const thursday = new Date((localStart('week', local, 0) + 3 * day) * 1000);
      const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
      const week = Math.floor((thursday.getTime() - firstDay) / (7 * day * 1000)) + 1;
      return `${thursday.getUTCFullYear()}-W${two(week)}`;
    }
    case 'month':
      return `${year}-${two(month + 1)}`;
    case 'quarter':
      return `${year}-Q${Math.floor(month / 3) + 1}`;
    default:
      return unit satisfies never;
  }
}

/** The part of a window that has passed, and where it ends: for a rolling one now, for a calendar one its period. */
export function windowBounds(window: SloWindow, now: number): Bounds & { end: number } {
  if (window.kind === 'rolling') return { from: now - window.seconds, to: now, end: now };
  const { from, to } = periodBounds(window.unit, window.zone, now);
  return { from, to: now, end: to };
}

/** Length of the whole window in seconds; a calendar month has 28 to 31 days, an hour more or less with DST. */
export function windowSeconds(window: SloWindow, at: number): number {
  if (window.kind === 'rolling') return window.seconds;
  const { from, to } = periodBounds(window.unit, window.zone, at);
  return to - from;
}

/** Ends of the buckets of `size` seconds in (from, to], oldest first. */
export function bucketEnds({ from, to }: Bounds, size: number): number[] {
  const first = Math.floor(from / size) + 1;
  const count = Math.max(0, Math.floor(to / size) - first + 1);
  return Array.from({ length: count }, (_, index) => (first + index) * size);
}
