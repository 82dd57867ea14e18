import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { SourceError } from '../source-error';
import { type AnswerServer, answerServer, prometheusSource } from '../testing/answer-server';
import { queryInstant, queryRange } from './client';

const Golden = z.object({ path: z.string(), status: z.number(), type: z.string(), body: z.unknown() });
const folder = path.join(import.meta.dirname, 'golden');
const golden = (name: string) =>
  Golden.parse(JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')));

let server: AnswerServer;
beforeAll(async () => {
  server = await answerServer(() => ({ body: '' }));
});
afterAll(() => server.stop());

function play(name: string) {
  const { status, type, body } = golden(name);
  server.answer = () => ({ status, type, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return prometheusSource(server.url);
}
const expr = { kind: 'expr', text: 'up' } as const;
const instant = (name: string) => queryInstant(play(name), expr);
const range = (name: string) => queryRange(play(name), expr, { from: 0, to: 60, step: 15 });

async function failure(
  work: Promise<unknown>,
): Promise<Pick<SourceError, 'reason' | 'message' | 'status' | 'isBadQuestion'>> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof SourceError) return error;
  throw new Error(`Expected a SourceError, got ${JSON.stringify(error)}`);
}

test('a query is a POST form with the time-out', async () => {
  await instant('query-empty');
  const seen = server.seen.at(-1);
  expect([seen?.method, seen?.url.pathname, seen?.form.get('query'), seen?.form.get('timeout')]).toEqual([
    'POST',
    '/api/v1/query',
    'up',
    '1s',
  ]);
});

test('values are texts, among them NaN and the infinities', async () => {
  const { series } = await instant('query-nan-inf');
  const byKey = Object.fromEntries(series.map(({ labels, value }) => [labels['k'], value]));
  expect(byKey).toMatchObject({
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    ninf: Number.NEGATIVE_INFINITY,
    tiny: 5e-324,
  });
});

test.each([
  ['query-empty', 0],
  ['query-scalar-nan', 1],
  ['v242-query', 3],
])('%s gives %i series', async (name, count) => {
  expect((await instant(name)).series).toHaveLength(count);
});

test('warnings are kept beside the data', async () => {
  const { warnings } = await instant('query-warnings-quantile');
  expect(warnings).toEqual(['PromQL warning: quantile value should be between 0 and 1, got 1.5 (1:10)']);
});

test('missing points of a range are absent', async () => {
  const { series } = await range('query_range-gap');
  const points = series[0]?.points ?? [];
  const [first = 0, last = 0] = [points[0]?.[0], points.at(-1)?.[0]];
  expect(points.length).toBeGreaterThan(0);
  expect(points.length).toBeLessThan((1795243412 - 1795239812) / 300 + 1);
  expect((last - first) % 300).toBe(0);
  expect(series.flatMap(({ points }) => points).every(([, value]) => Number.isFinite(value))).toBe(true);
});

test('native histograms are refused by name, alone and among floats', async () => {
  const alone = await failure(instant('query-native-histogram'));
  expect(alone.message).toContain('prometheus_http_request_duration_seconds is a native histogram');
  expect((await failure(range('query-mixed-float-histogram'))).reason).toBe('bad-response');
});

test.each([
  ['err-parse', 'bad-response', /unclosed left parenthesis/, true],
  ['v242-err-parse', 'bad-response', /unclosed left parenthesis/, true],
  ['err-11000-points', 'bad-response', /exceeded maximum resolution of 11,000 points/, true],
  ['err-max-samples', 'bad-response', /too many samples/, true],
  ['err-timeout', 'timeout', /did not finish the query within 1 s/, false],
  ['err-404', 'bad-response', /HTTP 404/, false],
] as const)('%s is told as %s', async (name, reason, sentence, badQuestion) => {
  const error = await failure(instant(name));
  expect([error.reason, error.isBadQuestion]).toEqual([reason, badQuestion]);
  expect(error.message).toMatch(sentence);
});

test.each(['query-matrix', 'query-string'])('%s is not one value per series', async (name) => {
  expect((await failure(instant(name))).reason).toBe('bad-response');
});

test("a proxy's error page, a refusal and garbage", async () => {
  const source = prometheusSource(server.url);
  server.answer = () => ({ status: 502, type: 'text/html', body: '<html>Bad gateway</html>' });
  expect(await failure(queryInstant(source, expr))).toMatchObject({
    reason: 'unreachable',
    message: 'Prometheus main is not ready (HTTP 502).',
  });
  server.answer = () => ({ status: 401, body: '' });
  expect((await failure(queryInstant(source, expr))).reason).toBe('unauthorised');
  server.answer = () => ({ body: '{"status":"success","data":{"resultType":"vector","result":{}}}' });
  expect((await failure(queryInstant(source, expr))).reason).toBe('bad-response');
});

test.each(['', ' ', 'abc', '1e', '0x10', 'Infinity', '1,5'])(
  'the value %j is no number of Prometheus and is refused, not shown as one',
  async (text) => {
    const data = { resultType: 'vector', result: [{ metric: {}, value: [1, text] }] };
    server.answer = () => ({ body: JSON.stringify({ status: 'success', data }) });
    const error = await failure(queryInstant(prometheusSource(server.url), expr));
    expect(error.reason).toBe('bad-response');
  },
);
