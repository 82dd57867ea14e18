import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reading } from '@/lib/core/reading';
import { LogResult, LogSearch } from '@/lib/logs/contract';
import { logsView } from '@/lib/logs/view';
import { Fleet } from '@/lib/slo/fleet/contract';
import { linesOf } from '@/lib/slo/fleet/lines';
import type { FleetState } from '@/lib/slo/fleet/state';
import { fleetOfPast } from '@/lib/slo/fleet/testing/state';
import { sloPageView } from '@/lib/slo/page/view';
import { fleetList } from '@/lib/slo/view';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { Poll } from '@/lib/sources/poll';
import {
  type Answerer,
  type AnswerServer,
  answerServer,
  type Seen,
} from '@/lib/sources/testing/answer-server';
import { serviceChartsView } from './charts-view';
import { OverviewView, ServiceCharts, ServiceView } from './contract';
import { environmentFigures } from './figures';
import { overviewJson } from './overview-view';
import type { Pulled } from './stopped';
import { testConfig } from './testing/config';
import { serviceView } from './view';
import { ServiceWorkloads } from './workloads-contract';
import { serviceWorkloadsView } from './workloads-view';

let prometheus: AnswerServer;
let loki: AnswerServer;
let config: ReturnType<typeof testConfig>;
const reader = { id: '7c1e0f0a-6f3b-4f7e-9a43-2f6f0c6a5d11', roles: ['sre' as const] };
const person = {
  ...reader,
  kind: 'person' as const,
  name: 'Sam Reed',
  email: 'sam@example.com',
  sessionId: 'none',
};

const json = (body: unknown) => ({ body: JSON.stringify(body) });
const places = [
  ['shop-api', 'us-east-1'],
  ['shop-api', 'eu-west-1'],
] as const;

/** A Prometheus that knows one service in two regions: 100 requests, 1 failed, p95 of 90 ms. */
const wellAnswer: Answerer = ({ url, form }: Seen) => {
  const query = form.get('query') ?? '';
  const figures = query.includes('signalbox_figure') ? ['total', 'failed'] : [''];
  const sampleOf = (figure: string) =>
    query.includes('histogram_quantile')
      ? '0.09'
      : figure === 'failed' || (query.includes('5..') && figure === '')
        ? '1'
        : '100';
  const series = places.flatMap(([service, region]) =>
    figures.map((figure) => ({
      metric: {
        signalbox_service: service,
        signalbox_region: region,
        version: '1.0',
        ...(figure ? { signalbox_figure: figure } : {}),
      },
      value: sampleOf(figure),
    })),
  );
  if (url.pathname.endsWith('query_range')) {
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
    const times: number[] = [];
    for (let at = start ?? 0; at <= (end ?? 0); at += step ?? 1) times.push(at);
    const result = series.map(({ metric, value }) => ({ metric, values: times.map((at) => [at, value]) }));
    return json({ status: 'success', data: { resultType: 'matrix', result } });
  }
  const result = series.map(({ metric, value }) => ({ metric, value: [1_795_256_329, value] }));
  return json({ status: 'success', data: { resultType: 'vector', result } });
};

const five = 300;
const to = Math.floor(Date.now() / 1000 / five) * five;
/** What the database holds: 1 of 100 requests failed in every 5 minutes of both regions. */
let fleet: FleetState;
const readFleet = () => {
  globalThis.signalboxFleets = new Map([
    ['production', new Poll({ name: 'objectives', intervalMs: 100, read: async () => fleet })],
  ]);
  return globalThis.signalboxFleets.get('production')?.get(1000);
};

beforeAll(async () => {
  prometheus = await answerServer(wellAnswer);
  loki = await answerServer(() => json({ status: 'success', data: { resultType: 'streams', result: [] } }));
  config = testConfig({ prometheus: prometheus.url, loki: loki.url });
  const at = () => ({ good: 99, bad: 1, total: 100 });
  fleet = fleetOfPast(
    config,
    to,
    places.map(([, region]) => ({ labels: { region }, at })),
  );
  await readFleet();
});
afterAll(async () => {
  await closeClusters();
  await prometheus.stop();
  await loki.stop();
});

const overview = async () => OverviewView.parse(JSON.parse(await overviewJson(config, undefined, reader)));
const value = <T>(reading: Reading<T> | undefined): T | null =>
  reading === undefined || reading.state === 'missing' ? null : reading.value;
const rowOf = (view: OverviewView, service: string, region: string) =>
  view.services.find((row) => row.service === service && row.region === region);

test('figures come by service and region, and a silent service has none', async () => {
  const view = await overview();
  const shop = rowOf(view, 'shop-api', 'eu-west-1');
  expect(value(shop?.figures.requestRate)).toBe(100);
  expect(value(shop?.figures.errorRatio)).toBe(0.01);
  expect(value(shop?.figures.p95Seconds)).toBe(0.09);
  expect(value(shop?.figures.budgetLeft)).toBeCloseTo(1 - 0.01 / 0.0005);
  expect(value(shop?.sparkline)?.every(([, ratio]) => ratio === 0.01)).toBe(true);
  const mailer = rowOf(view, 'mailer', 'us-east-1');
  expect(mailer?.figures.requestRate).toMatchObject({ state: 'missing', reason: 'no-series' });
  expect(mailer?.figures.budgetLeft).toMatchObject({ state: 'missing', reason: 'not-configured' });
  expect(view.alerts).toMatchObject({ state: 'missing', reason: 'unreachable' });
  expect(mailer?.versions).toMatchObject({ state: 'missing', reason: 'not-configured' });
});

test('a switch that is pulled stands before everything but the worst, and goes with its release', async () => {
  const pulledBy = { pulledByName: 'Dara Okafor' };
  let pulled: Pulled[] = [];
  globalThis.signalboxPulled = new Poll({ name: 'pulled', intervalMs: 100, read: async () => pulled });
  const restWith = async (...switches: Pulled[]) => {
    pulled = switches;
    await globalThis.signalboxPulled?.refresh();
    return (await overview()).sentence.rest;
  };
  const usual = await restWith();
  const freeze = { verb: 'freeze', scope: 'everywhere', target: null, ...pulledBy };
  expect(await restWith(freeze)).toBe(
    `FREEZE everywhere, pulled by Dara Okafor: nothing starts, and what runs stays as it is. ${usual}`,
  );
  const backOut = { ...pulledBy, verb: 'back-out', scope: 'cluster', target: 'test' };
  expect(await restWith(backOut)).toMatch(
    /^BACK OUT on cluster test, pulled by Dara Okafor: nothing starts, and what runs goes back\. /,
  );
  const elsewhere = { ...pulledBy, verb: 'freeze', scope: 'service', target: 'nowhere' };
  expect(await restWith(elsewhere)).toBe(usual);
  expect(await restWith(freeze, backOut, { ...elsewhere, target: 'mailer' })).toContain(
    'And 1 more such switch. ',
  );
  expect(await restWith()).toBe(usual);
  globalThis.signalboxPulled.close();
  globalThis.signalboxPulled = undefined;
});

test('unchanged parts are not written anew', async () => {
  const one = await overviewJson(config, undefined, reader);
  const two = await overviewJson(config, undefined, { ...reader, id: 'somebody-else' });
  expect(one).toBe(two);
});

test('the pages of a service and of an objective fit their contracts', async () => {
  const where = { service: 'shop-api', environment: 'production', region: 'us-east-1' };
  const charts = ServiceCharts.parse(await serviceChartsView(config, { ...where, range: '30m' }));
  expect(charts.charts.map(({ id }) => id)).toEqual(['requests', 'errors', 'latency-p95']);
  expect(charts.charts[1]?.thresholds.map(({ value: line }) => line)).toEqual([0.0001, 0.0005, 0.001]);
  expect(value(charts.charts[1]?.series)?.[0]?.points.at(-1)?.[1]).toBe(0.01);
  const view = ServiceView.parse(await serviceView(config, where, reader));
  expect(view.placements).toHaveLength(2);
  expect(view.deployBlocked).toMatch(/^A deploy cannot be planned while the cluster cannot be read/);
  expect((await serviceView(config, where, { roles: ['cto'] })).deployBlocked).toBe(
    'Planning a deploy needs the role SRE.',
  );
  const workloads = ServiceWorkloads.parse(await serviceWorkloadsView(config, where));
  expect(workloads.pods).toMatchObject({ state: 'missing', reason: 'not-configured' });
  const list = linesOf(Fleet.parse(await fleetList(config, undefined)));
  expect(list.rows.map(({ id, word }) => [id, word])).toEqual([['shop-availability', 'burning-fast']]);
  expect(list.rows[0]?.groups.map(({ labels, numbers }) => [labels['region'], numbers.total])).toEqual([
    ['us-east-1', 864_000],
    ['eu-west-1', 864_000],
  ]);
  expect(list.freshness).toMatchObject({ state: 'fresh', sentence: null });
});

test.each([
  ['not-found', () => serviceView(config, { service: 'nobody' }, reader)],
  ['not-found', () => serviceView(config, { service: 'mailer', region: 'eu-west-1' }, reader)],
  ['not-found', () => overviewJson(config, 'nowhere', reader)],
  ['not-found', () => sloPageView(config, { slo: 'nothing', exclusions: 'on' }, person)],
  ['not-found', () => fleetList(config, 'nowhere')],
])('an unknown name is %s', async (code, ask) => {
  await expect(ask()).rejects.toMatchObject({ code });
});

test.each<[string, Answerer, string, RegExp]>([
  ['an error 500', () => ({ status: 500, body: 'oops' }), 'bad-response', /HTTP 500/],
  ['garbage', () => ({ body: '<html>' }), 'bad-response', /not JSON/],
  ['silence', () => 'hang', 'timeout', /within 1 s/],
  ['a cut answer', () => 'cut', 'unreachable', /cut the connection/],
  ['a refusal', () => ({ status: 403, body: '' }), 'unauthorised', /HTTP 403/],
])(
  'with %s the last figures stay, with their reason, and all comes back',
  async (_what, answer, reason, detail) => {
    const poll = environmentFigures(config, 'production');
    prometheus.answer = answer;
    await poll.refresh();
    const view = await overview();
    const shop = rowOf(view, 'shop-api', 'us-east-1');
    expect(shop?.figures.requestRate).toMatchObject({ state: 'stale', value: 100, reason });
    expect(shop?.figures.requestRate).toHaveProperty('detail', expect.stringMatching(detail));
    prometheus.answer = wellAnswer;
    await poll.refresh();
    expect(rowOf(await overview(), 'shop-api', 'us-east-1')?.figures.requestRate.state).toBe('fresh');
  },
);

const search = (more: object) => logsView(config, LogSearch.parse({ service: 'shop-api', ...more }));

test('logs: empty, refused with the sentence of Loki, and missing', async () => {
  expect(LogResult.parse(await search({}))).toMatchObject({
    lines: { state: 'fresh', value: [] },
    limited: false,
    about: 0,
  });
  const sentence = 'parse error at line 1, col 21: syntax error: unexpected $end, expecting } or ,';
  loki.answer = () => ({ status: 400, type: 'text/plain; charset=utf-8', body: sentence });
  await expect(logsView(config, LogSearch.parse({ query: '{a="b"' }))).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: 'query', message: sentence }],
  });
  loki.answer = () => ({ status: 503, type: 'text/plain', body: 'Ingester not ready' });
  expect((await search({})).lines).toMatchObject({ state: 'missing', reason: 'unreachable' });
  loki.answer = () => 'hang';
  expect((await search({})).lines).toMatchObject({ state: 'missing', reason: 'timeout' });
});

test('the limit is told, with about how many lines there are', async () => {
  const stamp = (n: number) => `${1_795_256_329_000_000_000n + BigInt(n)}`;
  loki.answer = ({ url }) => {
    if (url.pathname.endsWith('/query')) {
      return json({ data: { resultType: 'vector', result: [{ metric: {}, value: [1, '1234'] }] } });
    }
    if (url.searchParams.has('step')) {
      const at = Math.floor(Date.now() / 60_000) * 60;
      const result = [{ metric: { detected_level: 'error' }, values: [[at, '7']] }];
      return json({ data: { resultType: 'matrix', result } });
    }
    const count = Number(url.searchParams.get('limit'));
    const values = Array.from({ length: count }, (_, n) => [stamp(n), 'line']);
    return json({ data: { resultType: 'streams', result: [{ stream: { level: 'error' }, values }] } });
  };
  const result = LogResult.parse(await search({ limit: 10 }));
  expect([value(result.lines)?.length, result.limited, result.about]).toEqual([10, true, 1234]);
  const times = value(result.lines)?.map(({ ns }) => ns) ?? [];
  expect(times).toEqual([...times].sort().reverse());
  const [volume] = value(result.volume) ?? [];
  expect(volume?.level).toBe('error');
  expect(volume?.points.map(([, count]) => count).filter((count) => count !== 0)).toEqual([7]);
});
