import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day, holds } from './testing/cases';
import {
  bucketEnds,
  isTimeZone,
  periodBounds,
  periodName,
  periodUnits,
  shiftPeriod,
  windowBounds,
  windowSeconds,
} from './window';

const at = (iso: string): number => Date.parse(iso) / 1000;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const hour = 3600;

test.each([
  ['March of Berlin loses an hour', 'month', 'Europe/Berlin', '2026-03-31T12:00:00Z', 31 * 24 - 1],
  ['October of Berlin gains one', 'month', 'Europe/Berlin', '2026-10-01T12:00:00Z', 31 * 24 + 1],
  ['November has 30 days', 'month', 'Europe/Berlin', '2026-11-30T22:59:59Z', 30 * 24],
  ['February has 28', 'month', 'Europe/Berlin', '2026-02-28T22:00:00Z', 28 * 24],
  ['a leap February has 29', 'month', 'UTC', '2028-02-29T23:59:59Z', 29 * 24],
  ['the day of 23 hours', 'day', 'Europe/Berlin', '2026-03-29T00:30:00Z', 23],
  ['the day of 25 hours', 'day', 'Europe/Berlin', '2026-10-25T00:30:00Z', 25],
  ['half an hour less on Lord Howe', 'day', 'Australia/Lord_Howe', '2026-10-04T00:00:00Z', 23.5],
  ['the week of spring', 'week', 'America/New_York', '2026-03-08T12:00:00Z', 7 * 24 - 1],
  ['the week of autumn', 'week', 'America/New_York', '2026-11-01T12:00:00Z', 7 * 24 + 1],
  ['the first quarter', 'quarter', 'Europe/Berlin', '2026-02-14T00:00:00Z', 90 * 24 - 1],
  ['the fourth quarter', 'quarter', 'Europe/Berlin', '2026-12-31T22:00:00Z', 92 * 24 + 1],
  ['a quarter in UTC', 'quarter', 'UTC', '2026-12-31T23:59:59Z', 92 * 24],
] as const)('%s', (_what, unit, zone, instant, hours) => {
  const { from, to } = periodBounds(unit, zone, at(instant));
  expect((to - from) / hour).toBe(hours);
  expect(from <= at(instant) && at(instant) < to).toBe(true);
});

test.each([
  [
    'a month',
    'month',
    'Europe/Berlin',
    '2026-10-31T22:59:59Z',
    '2026-09-30T22:00:00Z',
    '2026-10-31T23:00:00Z',
  ],
  [
    'its first instant',
    'month',
    'Europe/Berlin',
    '2026-10-31T23:00:00Z',
    '2026-10-31T23:00:00Z',
    '2026-11-30T23:00:00Z',
  ],
  [
    'Sunday ends the week',
    'week',
    'Europe/Berlin',
    '2026-11-22T22:59:59Z',
    '2026-11-15T23:00:00Z',
    '2026-11-22T23:00:00Z',
  ],
  [
    'Monday begins it',
    'week',
    'Europe/Berlin',
    '2026-11-22T23:00:00Z',
    '2026-11-22T23:00:00Z',
    '2026-11-29T23:00:00Z',
  ],
  [
    'half-hour zones',
    'day',
    'Asia/Kolkata',
    '2026-11-21T00:00:00Z',
    '2026-11-20T18:30:00Z',
    '2026-11-21T18:30:00Z',
  ],
  [
    'no midnight',
    'day',
    'America/Sao_Paulo',
    '2018-11-04T12:00:00Z',
    '2018-11-04T03:00:00Z',
    '2018-11-05T02:00:00Z',
  ],
  [
    'two midnights',
    'day',
    'America/Havana',
    '2026-11-01T12:00:00Z',
    '2026-11-01T04:00:00Z',
    '2026-11-02T05:00:00Z',
  ],
  [
    '23 o’clock twice',
    'day',
    'America/Sao_Paulo',
    '2018-02-17T12:00:00Z',
    '2018-02-17T02:00:00Z',
    '2018-02-18T03:00:00Z',
  ],
] as const)('%s has its bounds', (_what, unit, zone, instant, from, to) => {
  const bounds = periodBounds(unit, zone, at(instant));
  expect([iso(bounds.from), iso(bounds.to)]).toEqual([from, to]);
});

test('the day that Samoa left out is empty, and those around it touch', () => {
  const before = at('2011-12-29T12:00:00Z');
  const left = shiftPeriod('day', 'Pacific/Apia', before, 1);
  expect(left.to - left.from).toBe(0);
  expect(periodBounds('day', 'Pacific/Apia', before).to).toBe(left.from);
  expect(iso(shiftPeriod('day', 'Pacific/Apia', before, 2).from)).toBe('2011-12-30T10:00:00Z');
});

test.each([
  ['week', '2026-11-21T12:00:00Z', '2026-W47'],
  ['week', '2027-01-03T12:00:00Z', '2026-W53'],
  ['week', '2024-12-30T12:00:00Z', '2025-W01'],
  ['month', '2026-01-31T23:30:00Z', '2026-02'],
  ['quarter', '2026-12-31T23:30:00Z', '2027-Q1'],
  ['day', '2026-11-20T23:30:00Z', '2026-11-21'],
] as const)('the %s of %s is named %s in Berlin', (unit, instant, name) => {
  expect(periodName(unit, 'Europe/Berlin', at(instant))).toBe(name);
});

/** The local date by the runtime's own formatter: a second opinion that shares no code with ours. */
function localDay(zone: string, seconds: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  return parts.format(new Date(seconds * 1000));
}

const zones = Intl.supportedValuesOf('timeZone');

test('in every zone periods hold their instants, touch one another and begin with their first second', () => {
  expect(zones.length).toBeGreaterThan(300);
  const cases = fc.tuple(
    fc.constantFrom(...zones),
    fc.constantFrom(...periodUnits),
    fc.integer({ min: at('2012-01-01T00:00:00Z'), max: at('2037-01-01T00:00:00Z') }),
  );
  holds(
    cases,
    ([zone, unit, instant]) => {
      const { from, to } = periodBounds(unit, zone, instant);
      expect(from <= instant && instant < to).toBe(true);
      expect(shiftPeriod(unit, zone, instant, 1).from).toBe(to);
      expect(shiftPeriod(unit, zone, instant, -1).to).toBe(from);
      expect(periodBounds(unit, zone, from)).toEqual({ from, to });
      expect(periodBounds(unit, zone, to - 1)).toEqual({ from, to });
      const first = localDay(zone, from);
      expect(localDay(zone, from - 1) < first).toBe(true);
      if (unit === 'month') expect(first.slice(8)).toBe('01');
      if (unit === 'quarter') expect(first.slice(5)).toMatch(/^(01|04|07|10)-01$/);
      if (unit === 'week') expect(new Date(`${first}T00:00:00Z`).getUTCDay()).toBe(1);
    },
    3000,
  );
});

/** Noon on the first of each month of 2026, in the hours that the zone's clocks show. */
const changesClocks = (zone: string): boolean => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' });
  const shown = Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2026, month, 1, 12)));
  return new Set(shown).size > 1;
};

test('the days of a year cover it without a hole wherever clocks change', () => {
  const changing = zones.filter(changesClocks);
  expect(changing.length).toBeGreaterThan(80);
  for (const zone of changing.filter((_, index) => index % 4 === 0)) {
    const start = periodBounds('day', zone, at('2026-01-01T12:00:00Z'));
    const lengths = new Map<number, number>();
    let { to } = start;
    for (let count = 0; count < 365; count += 1) {
      const next = periodBounds('day', zone, to);
      expect(next.from).toBe(to);
      lengths.set(next.to - to, (lengths.get(next.to - to) ?? 0) + 1);
      to = next.to;
    }
    expect(localDay(zone, to)).toBe('2027-01-02');
    expect(lengths.get(day) ?? 0).toBeGreaterThan(355);
    expect(lengths.size).toBeGreaterThan(1);
  }
});

test('an unknown zone is refused, and an offset is none', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('UTC')).toBe(true);
  expect(['Europe/Atlantis', '+01:00', '-0500', ''].some(isTimeZone)).toBe(false);
  expect(() => periodBounds('day', 'Europe/Atlantis', 0)).toThrow(RangeError);
});

test('a rolling window ends now, a calendar one with its period', () => {
  const now = at('2026-10-28T10:00:00Z');
  const rolling = { kind: 'rolling', seconds: 30 * day } as const;
  expect(windowBounds(rolling, now)).toEqual({ from: now - 30 * day, to: now, end: now });
  expect(windowSeconds(rolling, now)).toBe(30 * day);
  const month = { kind: 'calendar', unit: 'month', zone: 'Europe/Berlin' } as const;
  const bounds = windowBounds(month, now);
  expect([iso(bounds.from), iso(bounds.to), iso(bounds.end)]).toEqual([
    '2026-09-30T22:00:00Z',
    '2026-10-28T10:00:00Z',
    '2026-10-31T23:00:00Z',
  ]);
  expect(windowSeconds(month, now)).toBe(31 * day + hour);
});

test('buckets of a span end after its start and not after its end, on the grid, without a hole', () => {
  const span = fc.tuple(fc.nat(2_000_000_000), fc.nat(100_000), fc.constantFrom(60, 300, 3600, 86_400));
  holds(span, ([from, length, size]) => {
    const ends = bucketEnds({ from, to: from + length }, size);
    expect(ends.every((end) => end % size === 0 && end > from && end <= from + length)).toBe(true);
    expect(ends.every((end, index) => index === 0 || end - (ends[index - 1] ?? 0) === size)).toBe(true);
    expect(ends).toHaveLength(Math.floor((from + length) / size) - Math.floor(from / size));
  });
});
