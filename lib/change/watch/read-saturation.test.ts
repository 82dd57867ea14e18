import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { figureLabel } from '@/lib/service/series';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { testConfig } from '@/worker/testing/config';
import { readSaturation } from './read-saturation';

const startedAt = new Date('2026-11-21T14:00:00.000Z');
const at = new Date('2026-11-21T15:00:00.000Z');
const place = { service: 'fraiseql-api', environment: 'production', regions: ['us-east-1'], startedAt };

let prometheus: AnswerServer;
/** What Prometheus says of CPU and memory, by the moment it is asked for; null: nothing. */
let figures: (when: Date) => Partial<Record<'cpu' | 'memory', number>> | null;

beforeAll(async () => {
  prometheus = await answerServer(({ form }) => {
    const found = figures(new Date(Number(form.get('time')) * 1000));
    if (found === null) return { status: 503, body: '' };
    const result = Object.entries(found).map(([id, value]) => ({
      metric: { [figureLabel]: `${id}/value` },
      value: [Number(form.get('time')), String(value)],
    }));
    return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
  });
});
afterAll(() => prometheus?.stop());
beforeEach(() => {
  prometheus.seen.length = 0;
});

/** CPU is critical above 85 %, memory above 90 % (SLI-04, SLI-05). */
function config(gauges: readonly ('cpu' | 'memory')[] = ['cpu', 'memory']): Config {
  const plain = testConfig({ kubeconfig: '/none', prometheus: prometheus.url, webhook: '/none' });
  return {
    ...plain,
    services: plain.services.map((service) => ({
      ...service,
      metrics: {
        ...service.metrics,
        gauges: gauges.map((id) => ({
          ...{ id, name: id, unit: 'ratio' as const, kind: 'gauge' as const },
          used: service.metrics.requests.total,
        })),
      },
    })),
  };
}

const both =
  (before: Partial<Record<'cpu' | 'memory', number>>, now: Partial<Record<'cpu' | 'memory', number>>) =>
  (when: Date) =>
    when.getTime() === startedAt.getTime() ? before : now;

test('what is critical now and was not when the change began is told with both figures', async () => {
  figures = both({ cpu: 0.4, memory: 0.6 }, { cpu: 0.97, memory: 0.85 });
  expect(await readSaturation(config(), place, at)).toEqual([
    { name: 'CPU usage', region: 'us-east-1', now: 0.97, before: 0.4 },
  ]);
  const asked = prometheus.seen.map(({ form }) => Number(form.get('time')) * 1000);
  expect(asked.toSorted((a, b) => a - b)).toEqual([startedAt.getTime(), at.getTime()]);
});

test('what was full before, or is at its limit and not above it, is not the doing of the change', async () => {
  figures = both({ cpu: 0.95, memory: 0.6 }, { cpu: 0.99, memory: 0.9 });
  expect(await readSaturation(config(), place, at)).toEqual([]);
});

test('without a figure of before it is told without', async () => {
  figures = both({}, { memory: 0.95 });
  expect(await readSaturation(config(), place, at)).toEqual([
    { name: 'Memory usage', region: 'us-east-1', now: 0.95, before: null },
  ]);
});

test.each<[string, () => ReturnType<typeof readSaturation>]>([
  ['a service without such series', () => readSaturation(config([]), place, at)],
  ['a service that is not there any more', () => readSaturation(config(), { ...place, service: 'gone' }, at)],
])('%s is asked for nothing', async (_, read) => {
  figures = () => ({ cpu: 0.99 });
  expect(await read()).toEqual([]);
  expect(prometheus.seen).toEqual([]);
});

test('a source that does not answer tells nothing', async () => {
  figures = () => null;
  expect(await readSaturation(config(), place, at)).toEqual([]);
});
