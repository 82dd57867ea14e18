import { tzOffset } from '@date-fns/tz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localDays } from './calendar';

const day = 86_400_000;
/** Half an hour, a day that a country left out, changes at midnight, a change taken back after a month. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Asuncion',
  'Africa/Casablanca',
];

test('the local day is that of the clock at each instant, in whatever order they are asked', () => {
  let cases = 0;
  const instant = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2036, 0, 1) });
  // Steps of minutes around an instant, so that the weeks in which clocks change are met from both sides.
  const near = fc.tuple(instant, fc.array(fc.integer({ min: -8 * 1440, max: 8 * 1440 }), { maxLength: 40 }));
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.array(near, { minLength: 1, maxLength: 6 }), (zone, asked) => {
      const dayAt = localDays(zone);
      for (const [at, steps] of asked) {
        for (const step of [0, ...steps]) {
          cases += 1;
          const ms = at + step * 60_000;
          expect(dayAt(ms)).toBe(Math.floor((ms + tzOffset(zone, new Date(ms)) * 60_000) / day));
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(cases).toBeGreaterThan(4000);
});

test('every quarter of an hour of the weeks in which Berlin and Apia changed their clocks', () => {
  const weeks = [
    ['Europe/Berlin', '2026-03-26'],
    ['Europe/Berlin', '2026-10-22'],
    ['Pacific/Apia', '2011-12-27'],
  ] as const;
  for (const [zone, from] of weeks) {
    const dayAt = localDays(zone);
    for (let n = 0; n < 8 * 96; n += 1) {
      const ms = Date.parse(`${from}T00:00:00Z`) + n * 900_000;
      expect(dayAt(ms)).toBe(Math.floor((ms + tzOffset(zone, new Date(ms)) * 60_000) / day));
    }
  }
});

test('a zone that nobody knows is refused', () => {
  expect(() => localDays('Mars/Olympus')(0)).toThrow(RangeError);
});
