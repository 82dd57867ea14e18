import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import type { SliId } from '@/lib/config/sli-guide';
import { type Answerer, type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { locate } from '../placements';
import { slisOfPlace } from './read';
import { answering, forgetSlis, type Parts, readSlis, sliConfig, well } from './testing/answers';
import { serviceSlisView } from './view';

let prometheus: AnswerServer;
const where = { service: 'shop-api', environment: 'production', region: 'us-east-1' };

const configWith = (slis: object = {}): Config => sliConfig(prometheus.url, slis);

beforeAll(async () => {
  prometheus = await answerServer(answering(well));
});
afterAll(() => prometheus.stop());
beforeEach(() => {
  forgetSlis();
  prometheus.seen.length = 0;
  prometheus.answer = answering(well);
});

async function read(config = configWith(), ask: Parameters<typeof serviceSlisView>[1] = where) {
  const view = await readSlis(config, ask);
  const row = (id: SliId) => {
    const found = view.rows.find((one) => one.id === id);
    if (found === undefined) throw new Error(`There is no row ${id}.`);
    return found;
  };
  return { view, row };
}

test('every indicator is judged by its own limits', async () => {
  const { view } = await read();
  expect(
    view.rows.map(({ ref, id, state, value }) => [
      ref,
      id,
      state,
      value.state === 'fresh' ? value.value : value.state,
    ]),
  ).toEqual([
    ['SLI-01', 'latency-p95', 'off-target', 0.12],
    ['SLI-02', 'latency-p99', 'warning', 0.7],
    ['SLI-03', 'error-rate', 'off-target', 0.0005],
    ['SLI-04', 'cpu', 'under-used', 0.125],
    ['SLI-05', 'memory', 'critical', 0.95],
    ['SLI-06', 'disk-io-wait', 'ok', 0.02],
    ['SLI-07', 'connections', 'ok', 0.6],
    ['SLI-08', 'cache-hits', 'warning', 0.88],
    ['SLI-09', 'requests', 'warning', 20],
  ]);
  expect(view.rows.map(({ absence }) => absence)).toEqual(view.rows.map(() => null));
  expect(view.objectives).toEqual([{ id: 'shop-availability', name: 'Availability' }]);
  expect(view.rows.every(({ history }) => history.length === 72)).toBe(true);
});

test('the figure is told with its numbers and its query', async () => {
  const { row } = await read();
  expect(row('connections').how).toMatchObject({
    numbers: '60 / 100 = 60 %',
    query:
      '(sum(open{service="shop-api",environment="production",region="us-east-1"})) / (sum(allowed{service="shop-api",environment="production",region="us-east-1"}))',
  });
  expect(row('disk-io-wait').how.query).toBe(
    '(sum(rate(waited{region="us-east-1"}[300s]))) / (sum(rate(all_seconds{region="us-east-1"}[300s])))',
  );
  expect(row('cache-hits').how.numbers).toBe('88 / (88 + 12) = 88 %');
  expect(row('latency-p99').how.query).toContain('histogram_quantile(0.99, sum by (le) (rate(');
});

test('traffic is compared with the median of the weeks that are known', async () => {
  const { row } = await read();
  const { baseline, how } = row('requests');
  expect(baseline).toMatchObject({ value: 11.5, weeksWanted: 4 });
  expect(baseline?.weeks.map(({ rate }) => rate)).toEqual([10, 12, 16, 11]);
  expect(baseline?.change).toBeCloseTo(20 / 11.5 - 1);
  expect(how.numbers).toBe('20 /s / 11.5 /s − 1 = +73.9 %');
  expect(how.notes.join(' ')).toContain('4 of 4 weeks are known');
});

test('fewer weeks are said, and none is no data', async () => {
  prometheus.answer = answering(well, ['10']);
  const one = (await read()).row('requests');
  expect([one.baseline?.weeks.length, one.state]).toEqual([1, 'warning']);
  forgetSlis();
  prometheus.answer = answering(well, []);
  const none = (await read()).row('requests');
  expect(none).toMatchObject({ state: 'no-data', absence: { kind: 'no-baseline' }, baseline: null });
  expect(none.value).toMatchObject({ state: 'fresh', value: 20 });
});

test('no traffic at all is critical, and nothing to divide is said for what is divided', async () => {
  prometheus.answer = answering({
    ...well,
    total: '0',
    failed: '0',
    'latency-p95': 'NaN',
    'latency-p99': 'NaN',
    'cache-hits/hits': '0',
    'cache-hits/misses': '0',
  });
  const { row } = await read();
  expect([row('requests').state, row('requests').baseline?.change]).toEqual(['critical', -1]);
  for (const id of ['latency-p95', 'latency-p99', 'error-rate', 'cache-hits'] as const) {
    expect([id, row(id).state, row(id).absence?.kind]).toEqual([id, 'no-data', 'no-traffic']);
  }
});

test('a service without a failure has no failed series: that is no errors', async () => {
  const { failed, ...rest } = well;
  expect(failed).toBeDefined();
  prometheus.answer = answering(rest);
  const { row } = await read();
  expect(row('error-rate')).toMatchObject({ state: 'ok', value: { state: 'fresh', value: 0 } });
});

test.each<[string, Parts, SliId, string, RegExp]>([
  ['more failures than requests', { failed: '30' }, 'error-rate', 'invalid', /more than there were/],
  ['a negative gauge', { 'connections/used': '-3' }, 'connections', 'invalid', /cannot be/],
  ['a limit of nothing', { 'cpu/limit': '0' }, 'cpu', 'invalid', /cannot be/],
  [
    'a share beyond all numbers',
    { 'cpu/used': '1e300', 'cpu/limit': '1e-300' },
    'cpu',
    'invalid',
    /cannot be/,
  ],
  ['an infinite latency', { 'latency-p95': '+Inf' }, 'latency-p95', 'invalid', /cannot be/],
  ['a share that is no number', { 'memory/value': 'NaN' }, 'memory', 'invalid', /cannot be/],
])('%s is no data', async (_what, parts, id, kind, says) => {
  prometheus.answer = answering({ ...well, ...parts });
  const { row } = await read();
  expect(row(id)).toMatchObject({ state: 'no-data', absence: { kind, add: null } });
  expect(row(id).absence?.sentence).toMatch(says);
  expect(row(id).value.state).toBe('missing');
});

test('a metric without samples is named', async () => {
  const { 'connections/limit': gone, ...rest } = well;
  expect(gone).toBeDefined();
  prometheus.answer = answering(rest);
  const { row } = await read();
  expect(row('connections').absence).toEqual({
    kind: 'metric-missing',
    sentence: 'Prometheus has no recent samples of allowed for Shop API in production, us-east-1.',
    add: null,
  });
});

test('what is not configured says what to add, and asks nothing', async () => {
  const { view, row } = await read(configWith(), { service: 'mailer' });
  expect(view.rows.flatMap(({ id, absence }) => (absence?.kind === 'not-configured' ? [id] : []))).toEqual([
    'cpu',
    'memory',
    'disk-io-wait',
    'connections',
    'cache-hits',
  ]);
  expect(row('cache-hits').absence?.add).toBe(
    'slis.cache-hits: hits and misses, or a gauge cache-hits in metrics.gauges',
  );
  expect(row('cpu').absence?.add).toContain('slis.cpu: used and limit');
  expect(prometheus.seen.some(({ form }) => (form.get('query') ?? '').includes('cache-hits'))).toBe(false);
});

test('limits of the service are judged by and say where they come from', async () => {
  const own = configWith({
    'latency-p95': { target: '150ms', warning: '200ms', reason: 'a slow partner' },
    'error-rate': { environments: { production: { target: '1%', warning: '2%', critical: '5%' } } },
    requests: { up: { warning: '80%' } },
  });
  const { row } = await read(own);
  expect([row('latency-p95').state, row('latency-p95').origin]).toEqual([
    'ok',
    'Configuration of Shop API (a slow partner); the rest guide 004, SLI-01',
  ]);
  expect([row('error-rate').state, row('error-rate').origin]).toEqual([
    'ok',
    'Configuration of Shop API for production',
  ]);
  expect([row('requests').state, row('memory').origin]).toEqual(['ok', 'Guide 004, SLI-05']);
});

test('however many look, the source is asked once', async () => {
  const config = configWith();
  await Promise.all(Array.from({ length: 20 }, () => read(config)));
  const kinds = prometheus.seen.map(({ url, form }) =>
    url.pathname.endsWith('query_range')
      ? (form.get('query') ?? '').includes('signalbox_figure')
        ? 'history'
        : 'same hour'
      : 'now',
  );
  expect(kinds.toSorted()).toEqual(['history', 'now', 'same hour', 'same hour', 'same hour', 'same hour']);
  await slisOfPlace(config, locate(config, where)).refresh();
  const asked = prometheus.seen.filter(({ url }) => !url.pathname.endsWith('query_range'));
  expect(asked).toHaveLength(2);
});

test.each<[string, Answerer, RegExp]>([
  ['an error 500', () => ({ status: 500, body: 'oops' }), /HTTP 500/],
  ['garbage', () => ({ body: '<html>' }), /not JSON/],
  ['a cut answer', () => 'cut', /cut the connection/],
  ['silence', () => 'hang', /within 5 s/],
])('with %s old figures stay as old ones and are judged no more', async (_what, answer, says) => {
  const config = sliConfig(prometheus.url, {}, '5s');
  await read(config);
  prometheus.answer = answer;
  await slisOfPlace(config, locate(config, where)).refresh();
  const { view, row } = await read(config);
  expect(view.source.state).toBe('stale');
  expect(row('memory')).toMatchObject({
    state: 'no-data',
    value: { state: 'stale', value: 0.95 },
    absence: { kind: 'stale' },
  });
  expect(row('memory').absence?.sentence).toMatch(says);
  prometheus.answer = answering(well);
  await slisOfPlace(config, locate(config, where)).refresh();
  expect((await read(config)).row('memory').state).toBe('critical');
});

test('a source that never answered is down, and what is not configured stays that', async () => {
  prometheus.answer = () => ({ status: 503, body: '' });
  const { view, row } = await read(configWith(), { service: 'mailer' });
  expect(view.source).toMatchObject({ state: 'missing', reason: 'unreachable' });
  expect(row('latency-p95')).toMatchObject({ state: 'no-data', absence: { kind: 'source-down' } });
  expect(row('cpu').absence?.kind).toBe('not-configured');
});

test.each([
  ['an unknown service', { service: 'nobody' }],
  ['an unknown environment', { service: 'shop-api', environment: 'nowhere' }],
  ['a region it does not run in', { service: 'mailer', region: 'eu-west-1' }],
])('%s is not found', async (_what, ask) => {
  await expect(serviceSlisView(configWith(), ask)).rejects.toMatchObject({ code: 'not-found' });
});
