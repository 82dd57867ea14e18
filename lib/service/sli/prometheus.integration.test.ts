import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import type { SliId } from '@/lib/config/sli-guide';
import { now } from '@/lib/core/time';
import { type RealPrometheus, realPrometheus } from '@/lib/slo/record/testing/prometheus';
import { forgetSlis, readSlis, sliConfig } from './testing/answers';

/** A value that tries to leave its string. */
const odd = 'a"b\\c{} or vector(1) #';
const escaped = odd.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
const where = (region: string) => `service="shop-api",environment="production",region="${region}"`;
const hour = 3600;
const week = 7 * 24 * hour;

type Sample = { name: string; labels: string; perSecond?: number; value?: number };

/** What runs now: counters grow by so much a second, gauges stand. */
const running: Sample[] = [
  { name: 'http_requests_total', labels: `${where('us-east-1')},status="200"`, perSecond: 19.98 },
  { name: 'http_requests_total', labels: `${where('us-east-1')},status="500"`, perSecond: 0.02 },
  // Another region, which must not be counted.
  { name: 'http_requests_total', labels: `${where('eu-west-1')},status="500"`, perSecond: 500 },
  ...[
    ['0.05', 10],
    ['0.1', 18],
    ['0.2', 19.5],
    ['0.5', 19.9],
    ['+Inf', 20],
  ].map(([le, perSecond]) => ({
    name: 'http_request_duration_seconds_bucket',
    labels: `${where('us-east-1')},le="${le}"`,
    perSecond: Number(perSecond),
  })),
  { name: 'cpu', labels: `${where('us-east-1')},pod="a"`, perSecond: 0.5 },
  { name: 'cpu', labels: `${where('us-east-1')},pod="b"`, perSecond: 0.7 },
  { name: 'cpus', labels: `${where('us-east-1')},pod="a",resource="cpu"`, value: 1 },
  { name: 'cpus', labels: `${where('us-east-1')},pod="b",resource="cpu"`, value: 1 },
  { name: 'memory_share', labels: `${where('us-east-1')},pod="a"`, value: 0.6 },
  { name: 'memory_share', labels: `${where('us-east-1')},pod="b"`, value: 0.8 },
  // Machines carry the region alone.
  { name: 'waited', labels: 'region="us-east-1",node="one"', perSecond: 0.12 },
  { name: 'waited', labels: 'region="us-east-1",node="two"', perSecond: 0 },
  { name: 'waited', labels: 'region="eu-west-1",node="three"', perSecond: 1 },
  { name: 'all_seconds', labels: 'region="us-east-1",node="one"', perSecond: 1 },
  { name: 'all_seconds', labels: 'region="us-east-1",node="two"', perSecond: 1 },
  { name: 'hits', labels: `${where('us-east-1')},cache="${escaped}"`, perSecond: 9 },
  { name: 'hits', labels: `${where('us-east-1')},cache="other"`, perSecond: 900 },
  { name: 'misses', labels: `${where('us-east-1')},cache="${escaped}"`, perSecond: 1 },
];

/** Rates of the same hour of earlier weeks; of the third only a quarter of the hour was scraped. */
const earlier = [
  { weeksAgo: 1, rate: 10, seconds: hour },
  { weeksAgo: 2, rate: 12, seconds: hour },
  { weeksAgo: 3, rate: 90, seconds: hour / 4 },
  { weeksAgo: 4, rate: 17, seconds: hour },
];

function past(): string {
  const middle = Math.floor(now().getTime() / 1000);
  const byName = new Map<string, string[]>();
  const write = (name: string, labels: string, value: number, at: number) =>
    byName.set(name, [...(byName.get(name) ?? []), `${name}{${labels}} ${value} ${at}\n`]);
  // The hour of the clock may turn while the test runs: the next one is like it.
  const begin = Math.floor(middle / hour) * hour;
  const labels = `${where('us-east-1')},status="200"`;
  for (const { weeksAgo, rate, seconds } of [...earlier].reverse()) {
    for (const from of [begin - weeksAgo * week, begin + hour - weeksAgo * week]) {
      for (let at = -300; at <= seconds; at += 15) {
        write(
          'http_requests_total',
          `${labels},week="${weeksAgo}"`,
          rate * (from + at - begin + 5 * week),
          from + at,
        );
      }
    }
  }
  // A little ahead, so that "now" always has samples.
  for (const { name, labels: own, perSecond, value } of running) {
    for (let at = middle - 1200; at <= middle + 900; at += 15) {
      write(name, own, value ?? (perSecond ?? 0) * (at - middle + 2400), at);
    }
  }
  const isGauge = (name: string) => running.some((one) => one.name === name && one.value !== undefined);
  return [...byName]
    .map(([name, lines]) => {
      const family = name.replace(/_(total|bucket)$/, '');
      const kind = name.endsWith('_total') ? 'counter' : isGauge(name) ? 'gauge' : 'unknown';
      return `# TYPE ${family} ${kind}\n${lines.join('')}`;
    })
    .join('');
}

let prometheus: RealPrometheus;
beforeAll(async () => {
  prometheus = await realPrometheus(past());
});
afterAll(() => prometheus.stop());
beforeEach(() => {
  forgetSlis();
  prometheus.behave('well');
});

function config(): Config {
  const picked = [{ label: 'cache', op: '=', value: odd }];
  return sliConfig(prometheus.url, {
    'cache-hits': {
      hits: { metric: 'hits', matchers: picked },
      misses: { metric: 'misses', matchers: picked },
    },
  });
}

async function read(
  ask: { service: string; region?: string } = { service: 'shop-api', region: 'us-east-1' },
) {
  const view = await readSlis(config(), ask);
  const row = (id: SliId) => {
    const found = view.rows.find((one) => one.id === id);
    if (found === undefined) throw new Error(`There is no row ${id}.`);
    return found;
  };
  const value = (id: SliId) => {
    const { value: reading, absence } = row(id);
    if (reading.state !== 'fresh') throw new Error(`${id} has no figure: ${absence?.sentence}`);
    return reading.value;
  };
  return { view, row, value };
}

test('every figure is what a person would count', async () => {
  const { view, row, value } = await read();
  // 95 % of 20 are 19: between 0.1 s (18) and 0.2 s (19.5). 99 % are 19.8: between 0.2 s and 0.5 s (19.9).
  expect(value('latency-p95')).toBeCloseTo(0.1 + (0.1 * 1) / 1.5, 3);
  expect(value('latency-p99')).toBeCloseTo(0.2 + (0.3 * 0.3) / 0.4, 3);
  expect(value('error-rate')).toBeCloseTo(0.001, 5);
  expect(value('cpu')).toBeCloseTo(1.2 / 2, 5);
  expect(value('memory')).toBeCloseTo(0.7, 9);
  expect(value('disk-io-wait')).toBeCloseTo(0.12 / 2, 5);
  expect(value('cache-hits')).toBeCloseTo(0.9, 5);
  expect(value('requests')).toBeCloseTo(20, 3);
  expect([row('latency-p95').state, row('latency-p99').state, row('disk-io-wait').state]).toEqual([
    'warning',
    'off-target',
    'off-target',
  ]);
  expect(row('connections')).toMatchObject({
    state: 'no-data',
    absence: {
      kind: 'metric-missing',
      sentence: 'Prometheus has no recent samples of allowed for Shop API in production, us-east-1.',
    },
  });
  expect(view.source.state).toBe('fresh');
  expect(row('memory').history.at(-1)?.[1]).toBeCloseTo(0.7, 9);
});

test('an hour of which too little is known is no week to compare with', async () => {
  const { row } = await read();
  const { baseline, state } = row('requests');
  expect(baseline?.weeks.map(({ weeksAgo }) => weeksAgo)).toEqual([1, 2, 4]);
  expect(baseline?.value).toBeCloseTo(12, 2);
  expect(baseline?.change).toBeCloseTo(20 / 12 - 1, 2);
  expect(state).toBe('warning');
});

test('a service without series has no data and no invented ones', async () => {
  const { row } = await read({ service: 'mailer' });
  expect(row('requests').absence).toMatchObject({
    kind: 'metric-missing',
    sentence: 'Prometheus has no recent samples of http_requests_total for Mailer in production, us-east-1.',
  });
  expect(row('error-rate').absence?.kind).toBe('metric-missing');
  expect(row('cache-hits').absence?.kind).toBe('not-configured');
});

test('a source that goes away leaves old figures as old ones', async () => {
  const polled = await read();
  expect(polled.row('memory').state).toBe('ok');
  prometheus.behave('down');
  const [poll] = [...(globalThis.signalboxSlis?.values() ?? [])];
  await poll?.refresh();
  const { row, view } = await read();
  expect(view.source.state).toBe('stale');
  expect(row('memory')).toMatchObject({ state: 'no-data', absence: { kind: 'stale' } });
  prometheus.behave('well');
  await poll?.refresh();
  expect((await read()).row('memory').state).toBe('ok');
});
