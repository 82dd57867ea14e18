import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Slo } from '@/lib/config/slo';
import { testConfig } from '@/lib/service/testing/config';
import { type AnswerServer, answerServer, prometheusSource } from '@/lib/sources/testing/answer-server';
import { checkObjective } from '../define/check';
import { indicatorOf } from '../define/indicator';
import { methodWords } from '../page/words';
import type { Asked } from './asked';
import { readOf } from './live';
import { PieceLength, problemOf, readPiece, readWell } from './pieces';
import { readCounted } from './read';
import {
  asRecorded,
  busy,
  counts,
  metric,
  type Playing,
  quantiles,
  replay,
  respond,
} from './testing/native-server';

const start = 1_795_244_100;
let server: AnswerServer;
let playing: Playing = asRecorded;

beforeAll(async () => {
  server = await answerServer((seen) => respond(seen, playing));
});
afterAll(() => server.stop());
beforeEach(() => {
  playing = asRecorded;
  server.answer = (seen) => respond(seen, playing);
  server.seen.length = 0;
});

const [service] = testConfig().services;
if (service === undefined) throw new Error('The configuration has no service.');
const slo = Slo.parse({
  id: 'fast',
  service: service.id,
  name: 'Fast',
  objective: '90',
  scope: 'written',
  groupBy: ['handler'],
  indicator: { kind: 'latency-native', histogram: { metric }, below: `${Number(busy.below) * 1000}ms` },
});
const indicator = indicatorOf(service, slo, 'production');
const asked = (): Asked => ({
  sources: [prometheusSource(server.url)],
  indicator,
  histogram: false,
  signal: new AbortController().signal,
});

test('what was recorded is a native histogram with its quantile', () => {
  expect(counts).toEqual([258, 259, 260]);
  expect(quantiles).toEqual([
    { handler: '/-/ready', below: 'NaN' },
    { handler: '/metrics', below: '0.00356656257235949' },
  ]);
});

describe('the recorder', () => {
  test('takes interpolated counts of whole five minutes, and none of a histogram without observations for failures', async () => {
    const { groups, empty, warnings } = await readCounted(asked(), { from: start, to: start + 700 });
    const [ready, metrics] = [...groups.values()].sort((a, b) =>
      (a.labels['handler'] ?? '') < (b.labels['handler'] ?? '') ? -1 : 1,
    );
    expect([empty, warnings]).toEqual([false, []]);
    expect(metrics?.labels).toEqual({ handler: '/metrics' });
    expect([...(metrics?.buckets ?? [])]).toEqual([
      [start + 300, { good: 0.9, bad: expect.closeTo(0.1, 9), total: 1 }],
      [start + 600, { good: 0.9, bad: expect.closeTo(0.1, 9), total: 1 }],
    ]);
    expect([...(ready?.buckets.values() ?? [])]).toEqual([
      { good: 0, bad: 0, total: 0 },
      { good: 0, bad: 0, total: 0 },
    ]);
  });

  test('asks for the share below the bound, and never for samples, which are no numbers', async () => {
    await readCounted(asked(), { from: start, to: start + 600 });
    const queries = server.seen.map(({ form }) => form.get('query') ?? '');
    const increase = `sum by (handler) (increase(${metric}[300s]))`;
    expect(queries).toHaveLength(1);
    expect(queries[0]).toContain(
      `histogram_fraction(0, ${busy.below}, ${increase}) * histogram_count(${increase})`,
    );
    expect(queries.some((query) => /\]$/.test(query))).toBe(false);
  });

  test('marks all of it estimated, new as old', async () => {
    for (const now of [start + 700, start + 30 * 86_400]) {
      const span = { from: start, to: start + 600, now };
      const piece = await readPiece(asked(), span, new PieceLength(), 1);
      const read = readOf(piece, asked(), start, [60, 300]);
      expect([readWell(piece), read.method, read.size, read.sizes]).toEqual([true, 'estimated', 300, [300]]);
    }
  });

  test('takes nothing for final where floats and histograms are mixed', async () => {
    const said = 'PromQL warning: encountered a mix of histograms and floats for aggregation (1:1)';
    playing = { ...playing, more: { warnings: [said] } };
    const span = { from: start, to: start + 600, now: start + 700 };
    const piece = await readPiece(asked(), span, new PieceLength(), 1);
    expect(readWell(piece)).toBe(false);
    expect(problemOf(piece)).toEqual({ reason: 'warned', message: `Prometheus warns: ${said}` });
    expect(readOf(piece, asked(), start, [300]).finalUntil).toBe(Number.NEGATIVE_INFINITY);
  });

  test('a histogram itself is refused where numbers are expected', async () => {
    server.answer = () => replay('query_range-native-histogram');
    await expect(readCounted(asked(), { from: start, to: start + 600 })).rejects.toThrow(
      `The series ${metric} is a native histogram, which is not read as a number`,
    );
  });
});

describe('the check of the definition', () => {
  const check = async () => {
    const source = prometheusSource(server.url);
    return (await checkObjective(source, service, slo, 'production')).map(({ state, says }) => [state, says]);
  };
  test('finds the histogram of a server that has it', async () => {
    expect(await check()).toEqual([['ok', `${metric} is a native histogram.`]]);
  });

  test('says that there is none where the server could have it, and that it must be switched on', async () => {
    playing = { ...playing, version: 'v242-buildinfo' };
    expect((await check())[0]?.[1]).toMatch(
      /^no native histogram matches prometheus_http_request_duration_seconds/,
    );
    const off = JSON.stringify({ status: 'success', data: { 'enable-feature': 'exemplar-storage' } });
    server.answer = (seen) => (seen.url.pathname.endsWith('/flags') ? { body: off } : respond(seen, playing));
    expect(await check()).toEqual([
      ['wrong', 'Prometheus 2.42.0+ds runs without them: start it with --enable-feature=native-histograms.'],
    ]);
  });
});

test('the page says that the bound is interpolated', () => {
  expect(methodWords(slo)).toContain('interpolated');
  expect(methodWords(Slo.parse({ id: 'a', service: 'b', name: 'c', objective: '99' }))).not.toContain(
    'interpolated',
  );
});
