import { describe, expect, test } from 'vitest';
import { validateConfig } from '@/lib/config/validate';
import { planOf } from '@/lib/slo/record/plan';
import { asTable } from '../report/table';
import { benchConfig } from './config';
import { sloSheet } from './figures';
import { sampleTimes } from './history';
import { mostWithin } from './prometheus';
import { objectives, regions, Traffic } from './traffic';

const goals = {
  overview_upstream_queries: '<= 6',
  overview_p95_ms: '<= 150',
  slo_page_first_data_ms: '<= 200',
  recorder_tick_s: '<= 10',
  backfill_slos_per_s: '>= 20',
  storage_gb_90d: '<= 3',
  raw_increase_s: null,
};

describe('the figures of the objectives', () => {
  test('are those of the issue with its goals, in its order', () => {
    const json = sloSheet.asJson({});
    expect(Object.entries(json).map(([name, { goal }]) => [name, goal])).toEqual(Object.entries(goals));
  });

  test('a pace must be reached, a time not exceeded', () => {
    expect(sloSheet.meets('backfill_slos_per_s', 19)).toBe(false);
    expect(sloSheet.meets('recorder_tick_s', 9)).toBe(true);
    expect(sloSheet.meets('storage_gb_90d', 3.01)).toBe(false);
  });

  test('the table shows what increase() costs beside them, without a verdict', () => {
    const machine = { cores: 2, cpu: 'some processor', memoryGb: 24, load: 1.5 };
    const lines = asTable(sloSheet, { raw_increase_s: 84.2, backfill_slos_per_s: 12 }, machine).split('\n');
    expect(lines[0]).toContain('load 1.50');
    expect(lines.find((line) => line.startsWith('raw_increase_s'))).toMatch(/84\.2\s+s\s+–\s+no goal/);
    expect(lines.find((line) => line.startsWith('backfill'))).toMatch(/12\s+SLOs\/s\s+>= 20\s+NOT MET/);
  });
});

test('the configuration is valid, and every objective in it is recorded', () => {
  const at = { prometheus: 'http://127.0.0.1:9090', kubeconfig: '/none', status: '/none' };
  const { config, problems } = validateConfig(JSON.stringify(benchConfig(at)), 'signalbox.yaml');
  expect(problems).toEqual([]);
  if (config === null) throw new Error('There is no configuration.');
  const { planned, unplanned } = planOf(config);
  expect(unplanned).toEqual([]);
  expect(planned).toHaveLength(objectives);
  expect(new Set(planned.map(({ hash }) => hash)).size).toBe(objectives);
});

describe('the synthetic counters', () => {
  const values = (traffic: Traffic) =>
    traffic
      .lines('\n')
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]));

  test('are two series for each objective and region, which only grow by whole events', () => {
    const traffic = new Traffic(3);
    const before = values(traffic);
    expect(before).toHaveLength(3 * regions.length * 2);
    for (let n = 0; n < 50; n++) traffic.advance(30);
    const after = values(traffic);
    for (const [index, value] of after.entries()) {
      expect(Number.isInteger(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(before[index] ?? 0);
    }
    expect(Math.min(...after.filter((_, index) => index % 2 === 0))).toBeGreaterThan(1000);
  });

  test('have other values for another seed and the same for the same', () => {
    const [one, same, other] = [new Traffic(2, 5), new Traffic(2, 5), new Traffic(2, 6)];
    for (const traffic of [one, same, other]) traffic.advance(600);
    expect(values(one)).toEqual(values(same));
    expect(values(one)).not.toEqual(values(other));
  });
});

test('samples are dense in the days that are read one by one', () => {
  expect([...sampleTimes(0, 390, 240)]).toEqual([0, 120, 240, 270, 300, 330, 360, 390]);
});

describe('the most queries of one refresh', () => {
  test.each([
    [[], 0],
    [[5], 1],
    [[0, 9, 10, 19, 20], 2],
    [[30, 0, 31, 1, 32, 60], 3],
    [[0, 10, 20], 1],
  ])('of %j in 10 ms are %d', (moments, most) => expect(mostWithin(moments, 10)).toBe(most));
});
