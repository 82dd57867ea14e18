import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { SourceError } from '../source-error';
import { type AnswerServer, answerServer, prometheusSource, type Seen } from '../testing/answer-server';
import { labelValues, recordingRules, serverFeatures } from './metadata';
import { selector } from './queries';

const Golden = z.object({ status: z.number(), type: z.string(), body: z.unknown() });
function golden(name: string) {
  const text = fs.readFileSync(path.join(import.meta.dirname, 'golden', `${name}.json`), 'utf8');
  const { status, type, body } = Golden.parse(JSON.parse(text));
  return { status, type, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

let server: AnswerServer;
beforeAll(async () => {
  server = await answerServer(() => ({ body: '' }));
});
afterAll(() => server.stop());
const source = () => prometheusSource(server.url);
const span = { from: 100, to: 200 };

test('values of a label, asked within a span and a selector', async () => {
  server.answer = () => golden('label-values');
  const of = selector({ metric: 'up', matchers: [{ label: 'a', op: '=', value: '"&b' }] });
  expect(await labelValues(source(), 'job', { of, ...span })).toEqual([
    'architect-api',
    'down',
    'prometheus',
  ]);
  const { url, method } = server.seen.at(-1) ?? {};
  expect([method, url?.pathname]).toEqual(['GET', '/api/v1/label/job/values']);
  expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
    'match[]': 'up{a="\\"&b"}',
    start: '100',
    end: '200',
  });
  server.answer = () => golden('label-values-none');
  expect(await labelValues(source(), 'nope', span)).toEqual([]);
});

test('what a server is, and its flags where it tells them', async () => {
  const play = (build: string, flags: string) => {
    server.answer = ({ url }: Seen) => golden(url.pathname.endsWith('/buildinfo') ? build : flags);
    return serverFeatures(source());
  };
  expect(await play('status-buildinfo', 'status-flags')).toEqual({
    version: '3.5.3+ds1',
    features: ['native-histograms', 'exemplar-storage', 'promql-experimental-functions'],
  });
  expect(await play('v242-buildinfo', 'err-404')).toEqual({ version: '2.42.0+ds', features: null });
});

test.each(['rules', 'v242-rules'])(
  'recording rules are those of their names, alerts and others left out: %s',
  async (name) => {
    server.answer = () => golden(name);
    const rules = await recordingRules(source(), ['dup', 'job:http_requests:rate1m', 'HighErrorRate:x']);
    expect(rules.map(({ name, group, file, health }) => [name, group, file, health])).toEqual([
      ['job:http_requests:rate1m', 'architect', '/srv/prom/rules.yml', 'ok'],
      ['dup', 'broken-eval', '/srv/prom/rules.yml', 'err'],
    ]);
    expect(rules[1]?.lastError).toBe('vector cannot contain metrics with the same labelset');
    expect(await recordingRules(source(), ['none'])).toEqual([]);
    const { url } = server.seen.at(-1) ?? {};
    expect([url?.pathname, url?.searchParams.get('type'), url?.searchParams.getAll('rule_name[]')]).toEqual([
      '/api/v1/rules',
      'record',
      ['none'],
    ]);
  },
);

test('a refusal carries what the server says', async () => {
  server.answer = () => golden('err-parse');
  const error = await labelValues(source(), 'le', span).catch((thrown: unknown) => thrown);
  if (!(error instanceof SourceError)) throw new Error('Expected a SourceError.');
  expect([error.isBadQuestion, error.answer]).toEqual([true, expect.stringContaining('parse error')]);
});
