import { describe, expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import type { LastChange } from '../contract';
import { Fleet, type ListChange } from './contract';
import { linesOf } from './lines';
import { listOf } from './list';
import { fleetOf } from './row';
import { fleetOfPast } from './testing/state';

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
      slo('a'),
      slo('b', { objective: '99.95' }),
      slo('month', { window: { calendar: 'month', zone: 'Europe/Berlin' } }),
      slo('slices', { method: { timeslices: '5m', target: '99' } }),
    ],
  },
);
const at = (bad: number) => () => ({ good: 997 - bad, bad, total: 997 });
const rowsOf = (...bad: number[]) =>
  fleetOf(
    config,
    fleetOfPast(
      config,
      to,
      bad.map((each, index) => ({ labels: { region: `region-${index}` }, at: at(each) })),
    ),
    to,
    new Map(),
  );
const change: ListChange = {
  id: 'c-7',
  service: 'shop-api',
  region: 'us-east-1',
  title: 'Deploy 2.0',
  by: 'Ana',
  at: new Date((to - 7200) * 1000).toISOString(),
  state: 'Succeeded',
};
const cost: LastChange = {
  id: 'c-7',
  title: change.title,
  by: change.by,
  at: change.at,
  failed: 12,
  low: 8,
  high: 17,
  share: 0.125,
  isShared: true,
};

describe('the list as it is sent', () => {
  test.each([[[1]], [[1, 0]], [[0, 3, 997]], [[]]])('is the rows again where it is read: %j', (bad) => {
    const rows = rowsOf(...bad);
    const sent = listOf(rows, { costs: new Map([['a', [cost]]]), changes: [change] });
    const lines = linesOf(Fleet.parse(JSON.parse(JSON.stringify(sent))));
    expect(lines.rows).toHaveLength(rows.rows.length);
    for (const [index, row] of rows.rows.entries()) {
      const line = lines.rows[index];
      const own = row.id === 'a' ? cost : null;
      expect(line).toMatchObject({
        id: row.id,
        serviceName: row.serviceName,
        owner: row.owner,
        window: row.window,
        unit: row.unit,
        sliceSeconds: row.sliceSeconds,
        word: row.word,
        lastChange: own,
        ticks: [to - 7200],
      });
      expect(line?.numbers.state).toBe(row.numbers.state);
      if (row.numbers.state !== 'missing' && line?.numbers.state === 'fresh') {
        const { burn1h, ...exact } = row.numbers.value;
        expect(line.numbers.value).toMatchObject(exact);
        expect(line.numbers.value.burn1h ?? 0).toBeCloseTo(burn1h ?? 0, 5);
      }
      expect(line?.groups.map(({ key, labels, word }) => ({ key, labels, word }))).toEqual(
        row.groups.map(({ key, labels, word }) => ({ key, labels, word })),
      );
      expect(line?.groups.map(({ numbers }) => numbers.failuresLeft)).toEqual(
        row.groups.map(({ numbers }) => numbers.failuresLeft),
      );
      const [mine, theirs] = [line?.sparkline, row.sparkline];
      expect([mine?.from, mine?.step, mine?.values.length]).toEqual([
        theirs?.from,
        theirs?.step,
        theirs?.values.length,
      ]);
      for (const [place, value] of (theirs?.values ?? []).entries()) {
        expect(mine?.values[place] ?? 0).toBeCloseTo(value ?? 0, 2);
      }
    }
  });

  test('says what rows have in common once, and leaves out what has nothing to say', () => {
    const sent = listOf(rowsOf(0), { costs: new Map(), changes: [] });
    expect(Object.keys(sent.services)).toEqual(['shop-api']);
    // Two rolling windows are one; the month and its own grid are another.
    expect(sent.windows.map(({ words }) => words).sort()).toEqual(['7 d', 'calendar month, Europe/Berlin']);
    const [row] = sent.rows;
    expect(Object.keys(row ?? {})).not.toContain('costs');
    expect(Object.keys(row ?? {})).not.toContain('progress');
    expect(row?.groups[0]).not.toHaveProperty('numbers');
  });

  test('tells the end of the counts to the minute, so that it is the same list for a minute', () => {
    const rows = rowsOf(0);
    const freshness = { ...rows.freshness, recordedUntil: new Date((to + 47) * 1000).toISOString() };
    const sent = (state: 'fresh' | 'stale') =>
      listOf({ ...rows, freshness: { ...freshness, state } }, { costs: new Map(), changes: [] }).freshness;
    expect(Date.parse(sent('fresh').recordedUntil ?? '') % 60_000).toBe(0);
    expect(sent('stale').recordedUntil).toBe(freshness.recordedUntil);
  });

  test('names no change that is older than every window', () => {
    const old = { ...change, id: 'c-1', at: new Date((to - 60 * 86_400) * 1000).toISOString() };
    const sent = listOf(rowsOf(0), { costs: new Map(), changes: [change, old] });
    expect(sent.changes.map(({ id }) => id)).toEqual(['c-7']);
  });
});
