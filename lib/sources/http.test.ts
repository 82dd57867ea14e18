import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseJson, sourceFetch, sourceUrl } from './http';
import { SourceError } from './source-error';
import { type AnswerServer, answerServer, httpSource } from './testing/answer-server';

let server: AnswerServer;
beforeAll(async () => {
  server = await answerServer(() => ({ body: '{}' }));
});
afterAll(() => server.stop());

async function failure(work: Promise<unknown>): Promise<SourceError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`Expected a SourceError, got ${String(error)}`);
}
const name = 'Loki main';

test('a path prefix, a repeated parameter and what is absent', () => {
  const url = sourceUrl(httpSource('https://proxy.example/loki/'), '/api', {
    a: ['1', '2'],
    b: undefined,
    c: 'x y',
  });
  expect(url.href).toBe('https://proxy.example/loki/api?a=1&a=2&c=x+y');
});

test('credentials and headers go along, and the secret is read at the moment of use', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'token-')), 'token');
  const source = httpSource(server.url, { bearerToken: { file }, headers: { 'X-Scope-OrgID': 'team' } });
  for (const token of ['first', 'second']) {
    fs.writeFileSync(file, `${token}\n`);
    await sourceFetch(source, { path: '/x', name });
    expect(server.seen.at(-1)?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'x-scope-orgid': 'team',
    });
  }
  fs.rmSync(path.dirname(file), { recursive: true });
  const error = await failure(sourceFetch(source, { path: '/x', name }));
  expect(error.reason).toBe('not-configured');
  expect(error.message).toContain('cannot be read');
});

test('basic authentication', async () => {
  process.env['TEST_SOURCE_PASSWORD'] = 'p:ass';
  const source = httpSource(server.url, {
    basicAuth: { username: 'reader', password: { env: 'TEST_SOURCE_PASSWORD' } },
  });
  await sourceFetch(source, { path: '/x', name });
  const sent = server.seen.at(-1)?.headers.authorization?.replace('Basic ', '') ?? '';
  expect(Buffer.from(sent, 'base64').toString()).toBe('reader:p:ass');
});

test('a server that is not there, hangs, or cuts the answer', async () => {
  const gone = await answerServer(() => 'hang');
  const { url } = gone;
  const hung = await failure(sourceFetch(httpSource(url, { timeout: '100ms' }), { path: '/', name }));
  expect([hung.reason, hung.message]).toEqual(['timeout', 'Loki main did not answer within 0.1 s.']);
  gone.answer = () => 'cut';
  const cut = await failure(sourceFetch(httpSource(url), { path: '/', name }));
  expect(cut.reason).toBe('unreachable');
  await gone.stop();
  const refused = await failure(sourceFetch(httpSource(url), { path: '/', name }));
  expect([refused.reason, refused.message]).toEqual(['unreachable', 'Loki main refuses connections.']);
});

test('the answer is capped and redirects are not followed', async () => {
  server.answer = () => ({ body: 'x'.repeat(11 * 1024 * 1024) });
  const big = await failure(sourceFetch(httpSource(server.url, { timeout: '5s' }), { path: '/', name }));
  expect(big.message).toContain('more than 10 MB');
  server.answer = () => ({ status: 302, body: '' });
  expect((await sourceFetch(httpSource(server.url), { path: '/', name })).status).toBe(302);
});

test('an abort by the caller is no failure of the source', async () => {
  server.answer = () => 'hang';
  const abort = new AbortController();
  const asked = sourceFetch(httpSource(server.url), { path: '/', name, signal: abort.signal });
  abort.abort(new Error('left the page'));
  await expect(asked).rejects.not.toBeInstanceOf(SourceError);
});

test('a CA file that is missing is a matter of configuration', async () => {
  const source = httpSource('https://127.0.0.1:1', { caFile: '/nowhere/ca.crt' });
  const error = await failure(sourceFetch(source, { path: '/', name }));
  expect([error.reason, error.message]).toEqual([
    'not-configured',
    'The CA file /nowhere/ca.crt cannot be read.',
  ]);
});

test('what is not JSON is a bad response', () => {
  expect(() => parseJson('<html>', name)).toThrow('Loki main answered with something that is not JSON.');
});
