import { describe, expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { FleetDays } from './contract';
import { fleetDays, spentByDay } from './days';
import { judgeSlo } from './figures';
import { fleetOfPast, type Past } from './testing/state';

const [hour, day] = [3600, 86_400];
/** A 5-minute mark that is no whole hour, at about 11:15 UTC. */
const to = 1_795_256_100 - (1_795_256_100 % 300);
const slo = (id: string, more: object = {}) => ({
  id,
  service: 'shop-api',
  name: id,
  objective: '99.9',
  window: '7d',
  ...more,
});
const config = testConfig(
  {},
  {
    slos: [
      slo('week'),
      slo('long', { window: '28d' }),
      slo('slices', { method: { timeslices: '5m', target: '99' } }),
    ],
  },
);
const past = (at: Past['at']) => [{ labels: { region: 'us-east-1' }, at }];
const pause = async () => undefined;
const daysOf = async (at: Past['at']) =>
  FleetDays.parse(await fleetDays(fleetOfPast(config, to, past(at)), pause));

describe('the days of a budget', () => {
  test.each([
    ['steady failures', () => ({ good: 999, bad: 1, total: 1000 })],
    [
      'an outage',
      (end: number) => ({
        good: end > to - 5 * hour ? 0 : 100,
        bad: end > to - 5 * hour ? 100 : 0,
        total: 100,
      }),
    ],
    ['gaps', (end: number) => (end % day < 6 * hour ? null : { good: 97, bad: 3, total: 100 })],
  ] satisfies [string, Past['at']][])('together are all that is spent: %s', (_name, at) => {
    const state = fleetOfPast(config, to, past(at));
    for (const known of state.known) {
      const left = judgeSlo(known, known.whole).figures.budgetLeft ?? Number.NaN;
      const spent = [...(spentByDay(known)?.values() ?? [])].reduce<number>(
        (sum, one) => sum + (one ?? 0),
        0,
      );
      // The window may begin inside its first hour, which counts whole for the days.
      expect(spent).toBeGreaterThanOrEqual(1 - left - 1e-9);
      expect(spent).toBeLessThan((1 - left) * 1.01 + 1e-9);
    }
  });

  test('name the day of an outage, and no other', async () => {
    const from = Math.floor(to / day) * day - 3 * day;
    const during = (end: number) => end > from + 10 * hour && end <= from + 11 * hour;
    const { days, rows } = await daysOf((end) =>
      during(end) ? { good: 0, bad: 100, total: 100 } : { good: 100, bad: 0, total: 100 },
    );
    const at = days.indexOf(new Date(from * 1000).toISOString().slice(0, 10));
    expect(at).toBe(days.length - 4);
    const week = rows.find(({ id }) => id === 'week')?.spent ?? [];
    expect(week.flatMap((spent, index) => (spent !== null && spent > 0 ? [index] : []))).toEqual([at]);
    // An hour without a success in 168 hours, of which 0.1 % may fail.
    expect(week[at]).toBeCloseTo(1 / 168 / 0.001, 1);
  });

  test('tell apart a day without failures, one that is not known and one before the window', async () => {
    const gapDay = Math.floor(to / day) - 2;
    const { days, rows } = await daysOf((end) =>
      Math.floor((end - 1) / day) === gapDay ? null : { good: 100, bad: 0, total: 100 },
    );
    expect(days).toHaveLength(29);
    const week = rows.find(({ id }) => id === 'week')?.spent ?? [];
    expect(week.slice(-3)).toEqual([null, 0, 0]);
    expect(week.slice(0, 20).every((spent) => spent === null)).toBe(true);
    expect(rows.find(({ id }) => id === 'long')?.spent?.at(-3)).toBeNull();
  });

  test('are none where there is no budget to spend', async () => {
    const none = await daysOf(() => null);
    expect(none.rows.map(({ spent }) => spent)).toEqual([null, null, null]);
    const quiet = await daysOf(() => ({ good: 0, bad: 0, total: 0 }));
    expect(quiet.rows.find(({ id }) => id === 'week')?.spent).toBeNull();
  });
});
