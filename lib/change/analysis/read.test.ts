import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type AnswerServer,
  answerServer,
  type Given,
  prometheusSource,
} from '@/lib/sources/testing/answer-server';
import { measureRegion } from './read';
import { proveShare } from './share';
import { analysis } from './testing/analysis';

const Golden = z.object({ status: z.number(), type: z.string(), body: z.unknown() });
const folder = path.resolve(import.meta.dirname, '../../sources/prometheus/golden');

/** What a real server once said. */
function golden(name: string): Given {
  const { status, type, body } = Golden.parse(
    JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')),
  );
  return { status, type, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

const good = {
  total: '212',
  failed: '2',
  baselineTotal: '4000.5',
  baselineFailed: '8.01',
  all: '4212.5',
  sampleAge: '3.2',
  pods: '2',
};
const vectorOf = (values: Record<string, string>, more: object = {}): Given => ({
  body: JSON.stringify({
    status: 'success',
    data: {
      resultType: 'vector',
      result: Object.entries(values).map(([part, value]) => ({
        metric: { signalbox_part: part },
        value: [1_800_000_000.5, value],
      })),
    },
    ...more,
  }),
});

let server: AnswerServer;
beforeAll(async () => {
  server = await answerServer(() => ({ body: '' }));
});
beforeEach(() => {
  server.seen.length = 0;
});
afterAll(() => server.stop());

const measured = (answer: Given | 'hang' | 'cut') => {
  server.answer = () => answer;
  return measureRegion(prometheusSource(server.url), analysis);
};

test('everything is asked at once and of one moment, and is kept with its answer', async () => {
  const found = await measured(vectorOf(good));
  expect(server.seen).toHaveLength(1);
  expect(found).toMatchObject({
    verdict: 'PASS',
    total: 212,
    failed: 2,
    baselineTotal: 4000.5,
    baselineFailed: 8.01,
    detail: '2 of 212 requests failed (0.9 %, limit 5.0 %), of the old version 0.1 %.',
    answer: { at: '2027-01-15T08:00:00.500Z', warnings: [], values: good },
  });
  expect(found.share).toBeCloseTo(212 / 4212.5);
  expect(server.seen[0]?.form.get('query')).toBe(found.query);
  for (const text of [analysis.queries.candidate.failed, analysis.queries.all, analysis.queries.sampleAge]) {
    expect(found.query).toContain(text);
  }
});

test.each<[string, Record<string, string>, string]>([
  ['NaN', { ...good, total: 'NaN' }, 'NODATA'],
  ['NaN of failures', { ...good, failed: 'NaN' }, 'NODATA'],
  ['too few', { ...good, total: '12', all: '4012.5' }, 'NODATA'],
  ['infinitely many', { ...good, all: '+Inf' }, 'ERROR'],
  ['old samples', { ...good, sampleAge: '61' }, 'ERROR'],
  ['a sum that is wrong', { ...good, all: '4000.5' }, 'ERROR'],
  ['many failures', { ...good, failed: '40' }, 'FAIL'],
])('%s', async (_, values, verdict) => {
  expect((await measured(vectorOf(values))).verdict).toBe(verdict);
});

test('figures that are none are kept as texts', async () => {
  const { answer } = await measured(vectorOf({ ...good, total: 'NaN', baselineTotal: '+Inf' }));
  expect(answer).toMatchObject({ values: { total: 'NaN', baselineTotal: 'Infinity' } });
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
});

test.each<[string, Given | 'hang' | 'cut', string, RegExp]>([
  ['nothing', golden('query-empty'), 'NODATA', /No requests of the new version are counted yet/],
  ['a warning', golden('query-warnings-quantile'), 'ERROR', /quantile value should be between 0 and 1/],
  ['figures that were not asked for', golden('query-vector-multi'), 'ERROR', /more than one figure/],
  ['one bare NaN', golden('query-scalar-nan'), 'NODATA', /No requests/],
  ['a matrix', golden('query-matrix'), 'ERROR', /matrix/],
  ['a native histogram', golden('query-native-histogram'), 'ERROR', /native histogram/],
  ['a query that it cannot read', golden('err-parse'), 'ERROR', /parenthesis/],
  ['a query that takes too long', golden('err-timeout'), 'ERROR', /did not finish/],
  ['too many samples', golden('err-max-samples'), 'ERROR', /too many samples/],
  ['a proxy in front of nothing', { status: 503, type: 'text/html', body: '<html>' }, 'ERROR', /HTTP 503/],
  ['no login', { status: 401, body: '' }, 'ERROR', /./],
  ['garbage', { body: 'not json' }, 'ERROR', /./],
  ['half an answer', 'cut', 'ERROR', /./],
  ['silence', 'hang', 'ERROR', /./],
])('a server that answers with %s', async (_, answer, verdict, detail) => {
  const found = await measured(answer);
  expect([found.verdict, found.total]).toEqual([verdict, null]);
  expect(found.detail).toMatch(detail);
});

test('a warning beside good figures', async () => {
  const found = await measured(vectorOf(good, { warnings: ['a store did not answer'] }));
  expect([found.verdict, found.detail]).toEqual([
    'ERROR',
    'Prometheus warns of its own answer: a store did not answer',
  ]);
  expect(found.answer).toMatchObject({ warnings: ['a store did not answer'] });
});

test('nobody at the address, or no address at all', async () => {
  const nobody = await measureRegion(prometheusSource('http://127.0.0.1:1'), analysis);
  const none = await measureRegion(null, analysis);
  expect([nobody.verdict, none.verdict]).toEqual(['ERROR', 'ERROR']);
  expect(none.detail).toBe('No Prometheus is configured for this environment and region.');
  expect(none.answer).toEqual({ problem: none.detail });
});

test('a proof is kept with its query and its answer', async () => {
  server.answer = () => vectorOf({ candidate: '200', baseline: '3800' });
  const proof = await proveShare(prometheusSource(server.url), analysis, 0.05);
  expect(proof.query).toBe(server.seen.at(-1)?.form.get('query'));
  expect(proof.answer).toMatchObject({ values: { candidate: '200', baseline: '3800' }, warnings: [] });
});

test('a share is proven by the answer alone', async () => {
  const proof = async (answer: Given | 'hang', since: number | null = null) => {
    server.answer = () => answer;
    const { verdict, proven } = await proveShare(prometheusSource(server.url), analysis, 0.05, since);
    return [verdict, proven];
  };
  const shared = vectorOf({ candidate: '200', baseline: '3800' });
  expect(await proof(shared)).toEqual(['PASS', true]);
  expect(server.seen.at(-1)?.form.get('query')).toContain('[20s]');
  expect(await proof(shared, 29)).toEqual(['NODATA', false]);
  expect(await proof(shared, 1000)).toEqual(['PASS', true]);
  expect(server.seen.at(-1)?.form.get('query')).toContain('[230s]');
  expect(await proof(vectorOf({ candidate: 'NaN', baseline: '3800' }))).toEqual(['NODATA', false]);
  expect(await proof(vectorOf({ baseline: '3800' }))).toEqual(['FAIL', false]);
  expect(await proof(golden('query-empty'))).toEqual(['NODATA', false]);
  expect(await proof(golden('query-warnings-quantile'))).toEqual(['ERROR', false]);
  expect(await proof(golden('err-parse'))).toEqual(['ERROR', false]);
  expect(await proof('hang')).toEqual(['ERROR', false]);
});
