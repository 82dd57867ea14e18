import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Slo } from '@/lib/config/slo';
import { testConfig } from '@/lib/service/testing/config';
import { type AnswerServer, answerServer, type Seen } from '@/lib/sources/testing/answer-server';
import { checkObjectives } from './check';
import { nativeRefusal } from './check-native';

/** What the pretend server holds: which expressions have series, and the answers of the label API. */
type World = {
  series: (query: string) => Record<string, string>[] | 'refused';
  names: string[];
  les: string[];
  version: string;
  features: string;
};
let world: World;
let server: AnswerServer;

const answer = (data: unknown) => ({ body: JSON.stringify({ status: 'success', data }) });
function respond({ url, form }: Seen) {
  switch (url.pathname) {
    case '/api/v1/label/le/values':
      return answer(world.les);
    case '/api/v1/label/__name__/values':
      return answer(world.names);
    case '/api/v1/status/buildinfo':
      return answer({ version: world.version, revision: 'x' });
    case '/api/v1/status/flags':
      return answer({ 'enable-feature': world.features });
    default: {
      const series = world.series(form.get('query') ?? '');
      if (series === 'refused') {
        const body = { status: 'error', errorType: 'bad_data', error: 'unknown function' };
        return { status: 400, body: JSON.stringify(body) };
      }
      const result = series.map((metric) => ({ metric, value: [1_795_244_188.4, '12'] }));
      return answer({ resultType: 'vector', result });
    }
  }
}

beforeAll(async () => {
  server = await answerServer(respond);
});
afterAll(() => server.stop());
beforeEach(() => {
  world = { series: () => [{ region: 'us-east-1' }], names: [], les: [], version: '3.5.3', features: '' };
});

async function check(more: object = {}) {
  const slo = Slo.parse({ id: 'a', service: 'mailer', name: 'A', objective: '99.9', ...more });
  const config = testConfig({ prometheus: server.url });
  const found = await checkObjectives({ ...config, slos: [slo] });
  return found.map(({ state, subject, says }) => {
    expect(subject).toBe('SLO a in production, Prometheus main');
    return [state, says];
  });
}
const latency = (below: string) => ({ indicator: { kind: 'latency', below } });
const native = { indicator: { kind: 'latency-native', histogram: { metric: 'rpc_seconds' }, below: '1s' } };

test('an objective whose series are there can be measured', async () => {
  expect(await check()).toEqual([['ok', 'http_requests_total is there; 1 groups by region.']]);
  expect(await check({ groupBy: [] })).toEqual([['ok', 'http_requests_total is there; one figure.']]);
});

test('failures that have never happened are a note, good events that never did are wrong', async () => {
  world.series = (query) => (query.includes('5..') ? [] : [{ region: 'x' }]);
  expect((await check())[1]).toEqual(['note', expect.stringContaining('either nothing has failed yet, or')]);
  const good = { metric: 'http_requests_total', matchers: [{ label: 's', op: '=~', value: '5..' }] };
  const found = await check({ indicator: { kind: 'events', total: { metric: 'x' }, good } });
  expect(found[1]).toEqual(['wrong', expect.stringContaining('no series of good events match')]);
});

test('an unknown metric is told from unknown labels, with the nearest name', async () => {
  world.series = () => [];
  world.names = ['http_request_total', 'up'];
  expect(await check()).toEqual([
    [
      'wrong',
      expect.stringContaining('there is no metric http_requests_total; did you mean http_request_total?'),
    ],
  ]);
  world.names = ['http_requests_total'];
  expect((await check())[0]?.[1]).toContain('http_requests_total exists, but not with these labels.');
});

test('series without the label of the groups are named', async () => {
  world.series = () => [{ region: 'us-east-1' }, {}];
  expect(await check()).toEqual([['note', expect.stringContaining('no label region')]]);
});

test.each([
  ['1s', ['0.5', '1.0', '+Inf'], 'ok', '1s is a bucket of http_request_duration_seconds_bucket.'],
  ['1s', ['0.5', '1', '+Inf'], 'ok', '1s is a bucket of http_request_duration_seconds_bucket.'],
  [
    '300ms',
    ['0.1', '0.25', '0.5', '1', '+Inf'],
    'wrong',
    'has no bucket of 300ms. The nearest are 250ms and 500ms.',
  ],
  ['20s', ['0.1', '10.0', '+Inf'], 'wrong', 'has no bucket of 20s. The nearest are 10s.'],
  ['1s', ['+Inf'], 'wrong', 'It has no finite buckets.'],
])('the bound %s among %j is %s', async (below, les, state, says) => {
  world.les = les;
  const found = await check(latency(below));
  expect(found.at(-1)).toEqual([state, expect.stringContaining(says)]);
  const asked = server.seen.findLast(({ url }) => url.pathname.endsWith('/le/values'));
  expect(asked?.url.searchParams.get('match[]')).toBe(
    'http_request_duration_seconds_bucket{service="mailer",environment="production"}',
  );
});

test('a native histogram is counted; a server without them is the reason', async () => {
  expect(await check(native)).toEqual([['ok', 'rpc_seconds is a native histogram.']]);
  world.series = () => [];
  expect(await check(native)).toEqual([
    ['wrong', 'Prometheus 3.5.3 runs without them: start it with --enable-feature=native-histograms.'],
  ]);
  world = { ...world, version: '2.42.0+ds', features: 'native-histograms', names: ['rpc_seconds_bucket'] };
  expect((await check(native))[0]?.[1]).toMatch(
    /^no native histogram matches rpc_seconds\{.*\}\. rpc_seconds_bucket is a classic histogram: use \{kind: latency/,
  );
  world = { ...world, series: () => 'refused', version: '2.37.1', names: [] };
  expect((await check(native))[0]?.[1]).toBe(
    'Prometheus 2.37.1 has no native histograms; 2.40 is the first.',
  );
});

test.each([
  ['2.39.1', [], 'has no native histograms'],
  ['2.42.0+ds', [], 'start it with --enable-feature'],
  ['2.42.0+ds', ['native-histograms'], null],
  ['3.5.3', [], 'start it with --enable-feature'],
  ['3.8.0', [], null],
  ['3.11.0', [], null],
  ['3.5.3', null, null],
])('Prometheus %s with %j', (version, features, refusal) => {
  const said = nativeRefusal({ version, features });
  if (refusal === null) expect(said).toBeNull();
  else expect(said).toContain(refusal);
});

test('a server that does not answer is a finding', async () => {
  const config = testConfig({ prometheus: 'http://127.0.0.1:9' });
  const [first] = await checkObjectives(config);
  expect([first?.state, first?.says]).toEqual([
    'wrong',
    expect.stringContaining('cannot be checked: Prometheus main'),
  ]);
});
