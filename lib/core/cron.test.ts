import { Cron } from 'croner';
import { describe, expect, test, vi } from 'vitest';
import { cronProblem, longestPause, momentsBetween, nextMoments, scheduleWords } from './cron';

const timeZone = 'Europe/Berlin';
const at = (text: string) => new Date(text);
const texts = (dates: readonly Date[]) => dates.map((date) => date.toISOString().slice(0, 16));

describe('what a cron text may be', () => {
  test.each(['0 2 * * *', '*/15 * * * *', '30 1 * * MON-FRI', '0 3 1 * *', '0 2 29 2 *', '0 2 L * *'])(
    '%s is one',
    (cron) => expect(cronProblem(cron)).toBe(null),
  );
  test.each([
    ['0 2 * *', /five fields .* and has 4/],
    ['0 0 2 * * *', /five fields .* and has 6/],
    ['99 2 * * *', /invalid value for minute: 99/],
    ['0 25 * * *', /invalid value for hour: 25/],
    ['0 2 * * nonday', /cannot be read/],
    ['? 2 * * *', /may not have \?/],
    ['0 2 30 2 *', /no year has such a day/],
    ['@daily', /five fields/],
  ])('%s is refused', (cron, says) => expect(cronProblem(cron)).toMatch(says));
});

describe('when the clock is changed', () => {
  const nightly = { cron: '30 2 * * *', timeZone };
  test('a time that a night in spring does not have comes right after the gap, once', () => {
    expect(texts(nextMoments(nightly, at('2026-03-28T12:00:00Z'), 2))).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
  });
  test('a time that a night in autumn has twice comes once', () => {
    expect(texts(nextMoments(nightly, at('2026-10-24T12:00:00Z'), 2))).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });
  test.each([
    ['spring', '2026-03-28T22:30:00Z'],
    ['autumn', '2026-10-24T22:30:00Z'],
  ])('every hour is every real hour, in %s too', (_, from) => {
    const moments = nextMoments({ cron: '0 * * * *', timeZone }, at(from), 6);
    const pauses = moments.slice(1).map((moment, index) => moment.getTime() - Number(moments[index]));
    expect(pauses).toEqual(Array(5).fill(3_600_000));
  });
  test('no moment of a whole year comes twice or goes back', () => {
    for (const cron of ['30 2 * * *', '*/30 1-3 * * *']) {
      const moments = momentsBetween(
        { cron, timeZone },
        at('2026-01-01T00:00:00Z'),
        at('2027-01-01T00:00:00Z'),
        100_000,
      );
      expect(moments.length).toBeGreaterThan(364);
      expect(
        moments.every((moment, index) => index === 0 || Number(moment) > Number(moments[index - 1])),
      ).toBe(true);
    }
  });
});

test('moments between: the first is left out, the last is in, and many are the newest', () => {
  const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
  const [from, to] = [at('2026-01-01T00:00:00Z'), at('2026-01-01T05:00:00Z')];
  expect(texts(momentsBetween(hourly, from, to))).toEqual([1, 2, 3, 4, 5].map((h) => `2026-01-01T0${h}:00`));
  expect(texts(momentsBetween(hourly, from, to, 2))).toEqual(['2026-01-01T04:00', '2026-01-01T05:00']);
});

test.each([timeZone, 'America/New_York', 'Australia/Lord_Howe'])(
  'moments between are those that come one after another, in %s',
  (zone) => {
    for (const cron of ['30 2 * * *', '*/30 1-3 * * *', '0 * * * *', '0 3 31 * *', '5 4 * * 1-5']) {
      const [schedule, from] = [{ cron, timeZone: zone }, at('2026-01-01T00:00:00Z')];
      const moments = momentsBetween(schedule, from, at('2027-01-01T00:00:00Z'), 100_000);
      expect(moments.length).toBeGreaterThan(6);
      expect(moments).toEqual(nextMoments(schedule, from, moments.length));
    }
  },
);

test('of a long span only the newest moments are looked for', () => {
  const forward = vi.spyOn(Cron.prototype, 'nextRun');
  const back = vi.spyOn(Cron.prototype, 'previousRuns');
  const minutes = { cron: '* * * * *', timeZone };
  const found = momentsBetween(minutes, at('2026-01-01T00:00:00Z'), at('2026-01-04T00:00:30Z'), 100);
  expect(found).toHaveLength(100);
  expect(texts([...found.slice(0, 1), ...found.slice(-1)])).toEqual(['2026-01-03T22:21', '2026-01-04T00:00']);
  expect(forward.mock.calls.length + back.mock.calls.length).toBeLessThan(110);
  vi.restoreAllMocks();
});

test('the longest pause is that of a day with 25 hours, or of a weekend', () => {
  expect(longestPause({ cron: '0 4 * * *', timeZone }, at('2026-01-01T00:00:00Z'))).toBe(25 * 3600);
  expect(longestPause({ cron: '0 4 * * 1-5', timeZone: 'UTC' }, at('2026-01-01T00:00:00Z'))).toBe(72 * 3600);
});

test('a schedule in words', () => {
  expect(scheduleWords({ cron: '0 2 * * *', timeZone })).toBe('At 02:00, every day (Europe/Berlin)');
  expect(texts(nextMoments({ cron: '0 2 29 2 *', timeZone: 'UTC' }, at('2026-03-01T00:00:00Z'), 1))).toEqual([
    '2028-02-29T02:00',
  ]);
});
