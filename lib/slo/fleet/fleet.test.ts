import { describe, expect, test } from 'vitest';
import { readingValue } from '@/lib/core/reading';
import { testConfig } from '@/lib/service/testing/config';
import { FleetRow } from '../contract';
import { sloWords } from '../math/word';
import type { Counts } from '../model';
import { budgetOfPlace } from './place';
import { momentsOf } from './read';
import { type FleetRows, fleetOf } from './row';
import { fleetOfPast, type Past } from './testing/state';

const [hour, day] = [3600, 86_400];
/** A 5-minute mark that is no whole hour. */
const to = 1_795_256_100 - (1_795_256_100 % 300);
const counts = (total: number, bad: number): Counts => ({ good: total - bad, bad, total });

test('figures stand for what was read of all, and what lags stands for itself', () => {
  const now = 10_000;
  expect(momentsOf([9995, 9930, 5001, null], now)).toEqual([9900, 9900, 4980, 9960]);
  expect(momentsOf([null], now)).toEqual([9960]);
});

const config = testConfig(
  {},
  {
    slos: [
      { id: 'a', service: 'shop-api', name: 'A', objective: '99.9', window: '7d' },
      {
        id: 'b',
        service: 'shop-api',
        name: 'B',
        objective: '99.9',
        window: { calendar: 'week', zone: 'Europe/Berlin' },
      },
    ],
  },
);
const past = (region: string, at: Past['at']): Past => ({ labels: { region }, at });
const steady = (total: number, bad: number) => () => counts(total, bad);
const fleet = (pasts: readonly Past[], more: Parameters<typeof fleetOfPast>[3] = {}, age = 0): FleetRows => {
  const state = fleetOfPast(config, to, pasts, more);
  const found = fleetOf(config, state, to + age, new Map());
  return { ...found, rows: found.rows.map((row) => FleetRow.parse(row)) };
};
const rowOf = (list: FleetRows, id = 'a'): FleetRow => {
  const row = list.rows.find((one) => one.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
};

describe('rows', () => {
  test.each<[string, Past['at'], Partial<FleetRow>, object]>([
    ['healthy', steady(1000, 0), { word: 'healthy' }, { state: 'no-errors', sli: 1, budgetLeft: 1 }],
    [
      'burning fast',
      steady(1000, 20),
      { word: 'burning-fast' },
      { state: 'ok', soonest: { kind: 'spent', recoversInSeconds: null } },
    ],
    [
      'without traffic',
      steady(0, 0),
      { word: 'no-traffic' },
      { state: 'no-traffic', sli: null, budgetLeft: null },
    ],
    ['without data', () => null, { word: 'no-data' }, { state: 'no-data', coverage: 0, burn1h: null }],
    [
      'contradicting itself',
      (end) => (end === to - day ? { good: 0, bad: 9, total: 1 } : counts(10, 0)),
      { word: 'invalid' },
      { state: 'invalid', budgetLeft: null, soonest: { kind: 'unknown' } },
    ],
    [
      'hardly known',
      (end) => (end > to - 2 * day ? counts(10, 0) : null),
      { word: 'partial' },
      { state: 'partial' },
    ],
    [
      'spent and quiet',
      (end) => counts(1000, end > to - 5 * day && end <= to - 4 * day ? 50 : 0),
      { word: 'exhausted' },
      { burn1h: 0 },
    ],
  ])('an objective that is %s says so in its row and its group', (_what, at, row, numbers) => {
    const found = rowOf(fleet([past('us-east-1', at)]));
    expect(found).toMatchObject(row);
    expect(readingValue(found.numbers)).toMatchObject(numbers);
    expect(found.groups).toMatchObject([{ labels: { region: 'us-east-1' }, ...row, numbers }]);
  });

  test('the worst comes first, and every word is counted', () => {
    const list = fleet([past('us-east-1', (end) => (end > to - 2 * day ? counts(10, 0) : null))]);
    const words = list.rows.map(({ word }) => sloWords.indexOf(word));
    expect(words).toEqual(words.toSorted((x, y) => x - y));
    expect(Object.values(list.counts).reduce((sum, one) => sum + one, 0)).toBe(2);
  });

  test('a calendar window ends with its period, and nothing rolls off', () => {
    const row = rowOf(fleet([past('us-east-1', steady(1000, 1))]), 'b');
    expect(row.window).toMatchObject({ kind: 'calendar', words: 'calendar week, Europe/Berlin', to });
    expect(row.window.end - row.window.from).toBe(7 * day);
    // Spent exactly as fast as it may be, it lasts to the end of the period.
    const { soonest, burn1h } = readingValue(row.numbers) ?? {};
    expect(burn1h).toBe(1);
    expect(soonest).toMatchObject({ kind: 'in' });
    expect(soonest?.kind === 'in' ? to + soonest.seconds : 0).toBeCloseTo(row.window.end, 3);
  });

  test('budget at the pace that spends it exactly lasts the window', () => {
    const half = (end: number) => counts(1000, end > to - 3.5 * day ? 1 : 0);
    const row = rowOf(fleet([past('us-east-1', half)]));
    const { soonest, budgetLeft } = readingValue(row.numbers) ?? {};
    expect(budgetLeft).toBeCloseTo(0.5, 2);
    expect(soonest?.kind).toBe('in');
    expect(soonest?.kind === 'in' ? soonest.seconds / day : 0).toBeCloseTo(3.5, 1);
  });
});

describe('ages', () => {
  const healthy = [past('us-east-1', steady(1000, 0))];

  test('counts that are old keep their figures and lose their word', () => {
    const list = fleet(healthy, {}, 2 * hour);
    const row = rowOf(list);
    expect(row).toMatchObject({
      word: 'no-data',
      numbers: { state: 'stale', reason: 'too-late', value: { budgetLeft: 1 } },
    });
    expect(list.freshness.sentence).toBe(
      'The recorder has stopped: nothing new is counted. The newest counts are 2 h old.',
    );
  });

  test('the source that is away is named', () => {
    const problem = { reason: 'timeout', message: 'Prometheus main did not answer within 5 s.' };
    expect(rowOf(fleet(healthy, { progress: { problem } }, 600)).numbers).toMatchObject({
      state: 'stale',
      reason: 'timeout',
      detail: 'Prometheus main did not answer within 5 s. The newest counts are 10 min old.',
    });
    // Where it is known why nothing came, nobody waits long to say so.
    expect(rowOf(fleet(healthy, { progress: { problem } }, 60)).numbers.state).toBe('stale');
    expect(rowOf(fleet(healthy, {}, 60)).numbers.state).toBe('fresh');
    // A problem that did not keep the newest counts away is told beside fresh figures.
    const row = rowOf(fleet(healthy, { progress: { problem } }, 30));
    expect([row.numbers.state, row.progress?.problem?.reason]).toEqual(['fresh', 'timeout']);
  });

  test('what was never recorded is missing', () => {
    const row = rowOf(fleet([], { progress: { recordedUntil: null } }, 0));
    expect(row).toMatchObject({
      word: 'no-data',
      groups: [],
      numbers: { state: 'missing', detail: 'The recorder has not counted this objective yet.' },
    });
  });
});

describe('a service in a region', () => {
  const pasts = [past('us-east-1', steady(1000, 20)), past('eu-west-1', steady(1000, 0))];
  const place = (region: string, now = to) =>
    budgetOfPlace(fleetOfPast(config, to, pasts), { service: 'shop-api', region, label: 'region' }, now);

  test('has the budget, the burn and the strip of its own group', () => {
    const [bad, good] = [place('us-east-1'), place('eu-west-1')];
    expect(readingValue(bad.burn1h)).toBeCloseTo(20, 10);
    expect(readingValue(good.budgetLeft)).toBe(1);
    expect(bad.pairs?.filter(({ firing }) => firing)).toHaveLength(4);
    const strip = readingValue(bad.strip) ?? [];
    expect(strip).toHaveLength(72);
    expect(strip.at(-1)?.[0]).toBe(to);
    expect(strip.every(([, burn]) => Math.abs((burn ?? 0) - 20) < 1e-9)).toBe(true);
  });

  test('old counts fire no alert, and a region without a group has no budget', () => {
    expect(place('us-east-1', to + hour)).toMatchObject({ pairs: null, budgetLeft: { state: 'stale' } });
    expect(place('ap-south-1').budgetLeft).toMatchObject({ state: 'missing', reason: 'no-series' });
    expect(
      budgetOfPlace(
        fleetOfPast(config, to, pasts),
        { service: 'mailer', region: 'us-east-1', label: 'region' },
        to,
      ).budgetLeft,
    ).toMatchObject({ state: 'missing', reason: 'not-configured' });
  });
});
