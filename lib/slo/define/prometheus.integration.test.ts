import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Matcher } from '@/lib/config/service';
import { Slo } from '@/lib/config/slo';
import { now } from '@/lib/core/time';
import { testConfig } from '@/lib/service/testing/config';
import { queryInstant } from '@/lib/sources/prometheus/client';
import { histogramBelow, increase, rate, sumBy, vector } from '@/lib/sources/prometheus/queries';
import { prometheusSource } from '@/lib/sources/testing/answer-server';
import { type RealPrometheus, realPrometheus } from '../record/testing/prometheus';
import { checkObjective } from './check';
import { indicatorOf } from './indicator';
import { readSelector } from './promql-selector';

/** Label values that try to leave their string, and any others; Prometheus has no zero bytes in its text format. */
const values = [
  ...new Set([
    'plain',
    'a"b',
    "a'b",
    'a`b',
    'a\\b',
    '\\',
    '\\"',
    '"} or vector(1) #',
    '",status="200',
    '{}',
    '{{ $value }}',
    '$1',
    '#',
    'two\nlines',
    'tab\tand\rreturn',
    '\u007f\u0001',
    '日本 🙂',
    '.*',
    ...fc.sample(fc.string({ unit: 'binary', minLength: 1 }), { numRuns: 150, seed: 1 }),
  ]),
].filter((value) => value.isWellFormed() && !value.includes('\0'));

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const where = 'service="mailer",environment="production",region="us-east-1"';

/** Half an hour behind now and a little ahead, so that "now" always has samples. */
function past(): string {
  const middle = Math.floor(now().getTime() / 1000);
  const at = Array.from({ length: 41 }, (_, minute) => middle - 1800 + minute * 60);
  const counter = (name: string, labels: string, value: number) =>
    at.map((second) => `${name}{${labels},${where}} ${value} ${second}\n`).join('');
  return [
    '# TYPE odd counter\n',
    ...values.map((value, index) =>
      counter('odd_total', `value="${escaped(value)}",index="${index}"`, index + 1),
    ),
    '# TYPE wait_seconds unknown\n',
    counter('wait_seconds_bucket', 'pod="old",le="0.25"', 3),
    counter('wait_seconds_bucket', 'pod="old",le="1"', 10),
    counter('wait_seconds_bucket', 'pod="old",le="+Inf"', 12),
    counter('wait_seconds_bucket', 'pod="new",le="0.5"', 50),
    counter('wait_seconds_bucket', 'pod="new",le="1.0"', 100),
    counter('wait_seconds_bucket', 'pod="new",le="+Inf"', 120),
    ...[
      'sloth_slo_info',
      'slo:objective:ratio',
      'slo:time_period:days',
      'slo:sli_error:ratio_rate5m',
    ].flatMap((name, index) => [
      `# TYPE ${name} unknown\n`,
      counter(name, 'sloth_id="s",sloth_slo="fast"', [1, 0.9990000000000001, 30, 0.002][index] ?? 0),
    ]),
    ...['pyrra_objective', 'pyrra_errors:rate5m', 'pyrra_requests:rate5m', 'x:burnrate5m'].flatMap(
      (name, index) => [
        `# TYPE ${name} unknown\n`,
        counter(name, `slo="${name === 'x:burnrate5m' ? 'grouped' : 'p'}"`, [0.99, 1, 10, 0.5][index] ?? 0),
      ],
    ),
  ].join('');
}

let prometheus: RealPrometheus;
const source = () => prometheusSource(prometheus.url, { timeout: '30s' });
const [, mailer] = testConfig().services;
if (mailer === undefined) throw new Error('The configuration has no second service.');
const service = mailer;

beforeAll(async () => {
  prometheus = await realPrometheus(past());
});
afterAll(() => prometheus.stop());

const sloOf = (indicator: object, more: object = {}) =>
  Slo.parse({ id: 'a', service: 'mailer', name: 'A', objective: '99.9', indicator, ...more });
function selectors(indicator: object) {
  const asked = indicatorOf(service, sloOf(indicator), 'production');
  if (asked.kind !== 'counters') throw new Error(`Expected counters, got ${asked.kind}.`);
  return asked.counted.map(({ selector }) => selector);
}
const events = (op: Matcher['op'], value: string) => {
  const series = { metric: 'odd_total', matchers: [{ label: 'value', op, value }] };
  return selectors({ kind: 'events', total: series, bad: series })[0];
};

test('every label value picks its own series and no other', async () => {
  expect(values.length).toBeGreaterThan(100);
  let cases = 0;
  for (const [index, value] of values.entries()) {
    const one = events('=', value);
    const others = events('!=', value);
    if (one === undefined || others === undefined) throw new Error('The indicator has no counters.');
    const found = await queryInstant(source(), sumBy(['index', 'value'], vector(one)));
    expect(found.series.map(({ labels }) => labels)).toEqual([{ index: String(index), value }]);
    const rest = await queryInstant(source(), sumBy(['index'], vector(others)));
    expect(rest.series).toHaveLength(values.length - 1);
    expect(readSelector(one.text)?.series.matchers[0]?.value).toBe(value);
    cases++;
  }
  expect(cases).toBe(values.length);
});

test('a value that tries to be a regular expression stays one matcher', async () => {
  const every = events('=~', '.*|"} or up #');
  if (every === undefined) throw new Error('The indicator has no counters.');
  const { series } = await queryInstant(source(), sumBy(['index'], increase(every, 600)));
  // `.` matches no line feed in RE2.
  expect(series).toHaveLength(values.filter((value) => !value.includes('\n')).length);
});

const buckets = { metric: 'wait_seconds_bucket' };

test('both spellings of a bound are counted as one bucket', async () => {
  const [total, good] = selectors({ kind: 'latency', buckets, below: '1s' });
  if (total === undefined || good === undefined) throw new Error('The indicator has no counters.');
  const value = async (of: typeof good) =>
    (await queryInstant(source(), sumBy([], vector(of)))).series.map((one) => one.value);
  expect([await value(good), await value(total)]).toEqual([[110], [132]]);
});

async function check(slo: Slo) {
  const found = await checkObjective(source(), service, slo, 'production');
  return found.map(({ state, says }) => `${state}: ${says}`);
}

test('bounds are checked against the live buckets', async () => {
  expect(await check(sloOf({ kind: 'latency', buckets, below: '1s' }))).toEqual([
    'ok: wait_seconds_bucket is there; 1 groups by region.',
    'ok: 1s is a bucket of wait_seconds_bucket.',
  ]);
  expect((await check(sloOf({ kind: 'latency', buckets, below: '700ms' })))[1]).toBe(
    'wrong: wait_seconds_bucket has no bucket of 700ms. The nearest are 500ms and 1s.',
  );
});

test('metrics and labels that do not exist are told apart', async () => {
  const total = { metric: 'od_total' };
  expect(await check(sloOf({ kind: 'events', total, bad: total }))).toEqual([
    expect.stringMatching(
      /^wrong: no series match .*: there is no metric od_total; did you mean odd_total\?$/,
    ),
  ]);
  const odd = { metric: 'odd_total', matchers: [{ label: 'value', op: '=', value: 'nothing' }] };
  expect((await check(sloOf({ kind: 'events', total: odd, bad: odd })))[0]).toContain(
    'odd_total exists, but not with these labels.',
  );
});

test('native histograms are refused with the reason where the server runs without them', async () => {
  const slo = sloOf({ kind: 'latency-native', histogram: { metric: 'wait_seconds' }, below: '300ms' });
  expect(await check(slo)).toEqual([
    expect.stringMatching(
      /^wrong: (?:Prometheus .* runs without them: start it with --enable-feature|no native histogram matches ).* wait_seconds_bucket is a classic histogram/,
    ),
  ]);
  const asked = indicatorOf(service, slo, 'production');
  if (asked.kind !== 'native') throw new Error('Expected a native histogram.');
  const query = histogramBelow(asked.below, sumBy(asked.groupBy, rate(asked.histogram, 300)));
  expect(await queryInstant(source(), query)).toEqual({ series: [], warnings: [] });
});
