import { describe, expect, it } from 'vitest';
import { nextRun, parseSchedule } from './cron-schedule';

function next(text: string, after: string, zone?: string): string | null {
  const schedule = parseSchedule(text);
  if (!schedule) throw new Error(`cannot read ${text}`);
  const at = nextRun(schedule, Date.parse(after), zone);
  return at === null ? null : new Date(at).toISOString();
}

describe('cron schedules', () => {
  it.each([
    ['0 2 * * *', '2026-11-21T06:00:00Z', '2026-11-22T02:00:00.000Z'],
    ['*/15 * * * *', '2026-11-21T06:14:59Z', '2026-11-21T06:15:00.000Z'],
    ['*/15 * * * *', '2026-11-21T06:15:00Z', '2026-11-21T06:30:00.000Z'],
    ['30 8-10/2 * * mon-fri', '2026-11-21T06:00:00Z', '2026-11-23T08:30:00.000Z'],
    ['0 0 1 jan *', '2026-11-21T06:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 13 * 5', '2026-11-21T06:00:00Z', '2026-11-27T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-11-21T06:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 * * 7', '2026-11-21T06:00:00Z', '2026-11-22T00:00:00.000Z'],
    ['@weekly', '2026-11-21T06:00:00Z', '2026-11-22T00:00:00.000Z'],
  ])('%s after %s is %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  it('follow the clocks of their time zone', () => {
    expect(next('0 2 * * *', '2026-11-21T06:00:00Z', 'Europe/Berlin')).toBe('2026-11-22T01:00:00.000Z');
    expect(next('0 2 * * *', '2026-07-21T06:00:00Z', 'Europe/Berlin')).toBe('2026-07-22T00:00:00.000Z');
  });

  it('that never come are null', () => {
    expect(next('0 0 31 2 *', '2026-11-21T06:00:00Z')).toBeNull();
  });

  it.each([
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '5-1 * * * *',
    '*/0 * * * *',
    'a * * * *',
    '* * 0 * *',
    '1/2/3 * * * *',
  ])('that make no sense are refused: %s', (text) => {
    expect(parseSchedule(text)).toBeNull();
  });
});
