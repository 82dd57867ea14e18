import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { SourceError } from '../source-error';
import { type AnswerServer, answerServer, httpSource } from '../testing/answer-server';
import { firingAlerts } from './client';

const Golden = z.object({ status: z.number(), type: z.string(), body: z.unknown() });
const given = (name: string) => {
  const file = path.join(import.meta.dirname, 'golden', `${name}.json`);
  const { status, type, body } = Golden.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  const isRaw = name.includes('404');
  return { status, type, body: isRaw ? '' : JSON.stringify(body) };
};

let server: AnswerServer;
beforeAll(async () => {
  server = await answerServer(() => ({ body: '[]' }));
});
afterAll(() => server.stop());

test('an alert is joined with the silence that holds it', async () => {
  server.answer = ({ url }) => given(url.pathname.endsWith('alerts') ? 'am-alerts-silenced' : 'am-silences');
  const [alert] = await firingAlerts(httpSource(`${server.url}/prefix`));
  expect(alert?.status.state).toBe('suppressed');
  expect(alert?.silences.map(({ createdBy, comment }) => [createdBy, comment])).toEqual([
    ['architect', 'deploy window'],
  ]);
  expect(server.seen.some(({ url }) => url.pathname === '/prefix/api/v2/alerts')).toBe(true);
});

test('alerts with a broken template and expired silences are read', async () => {
  server.answer = ({ url }) =>
    given(url.pathname.endsWith('alerts') ? 'am-alerts' : 'am-silences-after-delete');
  const alerts = await firingAlerts(httpSource(server.url));
  expect(alerts.length).toBeGreaterThan(0);
  expect(alerts.every(({ silences }) => silences.length === 0)).toBe(true);
});

test.each([
  ['am-err-filter', 'unexpected open or close brace: {{bad'],
  ['am-err-silence-bad-uuid', 'silenceID in path must be of type uuid: "xyz"'],
  ['am-err-silence-404', undefined],
])('the error %s keeps the sentence of the server', async (name, sentence) => {
  server.answer = () => given(name);
  const error = await firingAlerts(httpSource(server.url)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SourceError);
  expect(error instanceof SourceError && error.answer).toBe(sentence);
});
