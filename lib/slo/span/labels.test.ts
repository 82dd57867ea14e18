import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { SpanLabels } from './contract';
import { spanLabels } from './labels';

let server: AnswerServer;
const vector = (...all: [labels: Record<string, string>, value: string][]) => ({
  body: JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: all.map(([metric, value]) => ({ metric, value: [1, value] })) },
  }),
});
beforeAll(async () => {
  server = await answerServer(() => vector());
});
beforeEach(() => {
  server.seen.length = 0;
});
afterAll(() => server.stop());

const slo = (id: string, more: object = {}) => ({
  id,
  service: 'shop-api',
  name: id,
  objective: '99.9',
  ...more,
});
const hour = 3_600_000;
/** An hour that ended two hours ago, on whole buckets of 5 minutes. */
const to = Math.floor(Date.now() / hour - 1) * hour;

async function ask(id: string, seconds = 3600) {
  const config = testConfig(
    { prometheus: server.url },
    {
      slos: [
        slo('events'),
        slo('fast', { indicator: { kind: 'latency', below: '300ms' } }),
        slo('probe', {
          method: { timeslices: '1m' },
          indicator: { kind: 'probe', gauge: { metric: 'up' }, healthy: { op: '>=', value: 1 } },
        }),
      ],
    },
  );
  const from = new Date(to - seconds * 1000).toISOString();
  return SpanLabels.parse(
    await spanLabels(config, {
      slo: id,
      environment: 'production',
      from,
      to: new Date(to).toISOString(),
      exclusions: 'on',
    }),
  );
}

test('one bounded query tells which labels failed', async () => {
  server.answer = () =>
    vector(
      [{ service: 'shop-api', environment: 'production', status: '503', path: '/pay' }, '90'],
      [{ service: 'shop-api', environment: 'production', status: '500', path: '/pay' }, '10'],
    );
  const found = await ask('events');
  expect(server.seen).toHaveLength(1);
  expect(server.seen[0]?.form.get('query')).toBe(found.query);
  expect(found.query).toBe(
    'topk(500, (increase(http_requests_total{status=~"5..",service="shop-api",environment="production"}[3600s])) > 0)',
  );
  expect(Number(server.seen[0]?.form.get('time')) * 1000).toBe(to);
  const labels = found.failed.state === 'fresh' ? found.failed.value.labels : [];
  expect(labels.map(({ label, values }) => [label, values.map(({ part }) => part)])).toEqual([
    ['path', [1]],
    ['status', [0.9, 0.1]],
  ]);
});

test('the failures of a latency are all but the fast ones, whatever their bound', async () => {
  server.answer = () => vector([{ path: '/slow' }, '3']);
  const { query } = await ask('fast');
  expect(query).toMatch(/le="\+Inf".*\) - ignoring\(le\) \(increase\(.*le=~"0\\\\\.3.*\) > 0\)$/);
});

test('what cannot be asked says why, and asks nobody', async () => {
  const probe = await ask('probe');
  expect(probe).toMatchObject({ query: null, failed: { state: 'missing' } });
  const long = await ask('events', 2 * 86_400);
  expect(long.failed).toMatchObject({
    state: 'missing',
    detail: expect.stringMatching(/spans of up to 1 d/),
  });
  expect(server.seen).toHaveLength(0);
});

test('an answer as long as was asked for may lack the rest, and says so', async () => {
  server.answer = () =>
    vector(
      ...Array.from({ length: 500 }, (_, n): [Record<string, string>, string] => [{ pod: `p${n}` }, '1']),
    );
  const { failed } = await ask('events');
  expect(failed.state === 'fresh' && failed.value.isCut).toBe(true);
});

test('a Prometheus that is broken or slow is a reading, not an error', async () => {
  server.answer = () => ({ status: 500, body: 'no' });
  expect((await ask('events')).failed).toMatchObject({ state: 'missing', reason: 'bad-response' });
  server.answer = () => 'hang';
  expect((await ask('events')).failed).toMatchObject({ state: 'missing', reason: 'timeout' });
});
