import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Registry } from '@/lib/config/sources';
import { type Answerer, type AnswerServer, answerServer, type Seen } from '../testing/answer-server';
import { mayAsk, parseChallenge } from './challenge';
import { pingRegistry, resolveManifest } from './client';
import { RegistryError } from './registry-error';

const index = '{"schemaVersion":2,"manifests":[]}';
const digest = `sha256:${createHash('sha256').update(index).digest('hex')}`;
const other = `sha256:${'b'.repeat(64)}`;
const type = 'application/vnd.oci.image.index.v1+json';
const ref = { repository: 'shop/api', reference: '2.0.0' };

let server: AnswerServer;
let stranger: AnswerServer;
beforeAll(async () => {
  vi.stubEnv('TEST_REGISTRY_PASSWORD', 's3cret');
  server = await answerServer(() => ({ body: '' }));
  stranger = await answerServer(() => ({ body: '{"token":"t"}' }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([server.stop(), stranger.stop()]);
});
beforeEach(() => {
  server.seen.length = 0;
  stranger.seen.length = 0;
});

const registry = (more: object = {}): Registry =>
  Registry.parse({ host: 'registry.example.com', url: server.url, timeout: '2s', ...more });
const basicAuth = { username: 'reader', password: { env: 'TEST_REGISTRY_PASSWORD' } };
const basic = `Basic ${Buffer.from('reader:s3cret').toString('base64')}`;

const found = (more: Record<string, string> = {}) => ({
  type,
  headers: { 'docker-content-digest': digest, ...more },
  body: index,
});
const missing = (code: string) => ({ status: 404, body: JSON.stringify({ errors: [{ code }] }) });
const asked = (header: string) => ({
  status: 401,
  headers: { 'www-authenticate': header },
  body: '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}',
});
const calls = (from: AnswerServer = server): string[] =>
  from.seen.map(({ method, url }) => `${method} ${url.pathname}`);
const isToken = ({ url }: Seen): boolean => url.pathname === '/token';
const headOnly =
  (answer: ReturnType<Answerer>): Answerer =>
  (seen) =>
    seen.method === 'HEAD' ? answer : found();

async function failure(work: Promise<unknown>): Promise<RegistryError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RegistryError) return error;
  throw new Error(`Expected a RegistryError, got ${String(error)}`);
}

describe('a tag becomes a digest', () => {
  test('by one HEAD that accepts an index and an image, without credentials', async () => {
    server.answer = () => found();
    expect(await resolveManifest(registry({ basicAuth }), ref)).toEqual({ digest, mediaType: type });
    expect(calls()).toEqual(['HEAD /v2/shop/api/manifests/2.0.0']);
    expect(server.seen[0]?.headers.accept).toContain('application/vnd.docker.distribution.manifest.v2+json');
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  test.each([
    ['does not name it', { type, body: '' }],
    ['does not answer a HEAD', { status: 405, body: '' }],
  ])('by a GET and its own hash where the registry %s', async (_, answer) => {
    server.answer = headOnly(answer);
    expect(await resolveManifest(registry(), ref)).toEqual({ digest, mediaType: type });
    expect(calls()).toEqual(['HEAD /v2/shop/api/manifests/2.0.0', 'GET /v2/shop/api/manifests/2.0.0']);
  });

  test('and a digest that is asked for must be the one that comes', async () => {
    server.answer = () => found();
    expect(await resolveManifest(registry(), { ...ref, reference: digest })).toMatchObject({ digest });
    expect(await failure(resolveManifest(registry(), { ...ref, reference: other }))).toMatchObject({
      failure: 'bad-response',
    });
  });

  test('content that is not what its header says is refused', async () => {
    server.answer = (seen) =>
      seen.method === 'HEAD' ? { body: '' } : found({ 'docker-content-digest': other });
    const error = await failure(resolveManifest(registry(), ref));
    expect(error.failure).toBe('bad-response');
    expect(error.message).toContain(other);
  });
});

describe('a registry that wants to know who asks', () => {
  test('gets a token for the one repository from its token server, with the password there alone', async () => {
    server.answer = (seen) => {
      if (isToken(seen)) return { body: '{"token":"t0"}' };
      return seen.headers.authorization === 'Bearer t0'
        ? found()
        : asked(`Bearer realm="${server.url}/token",service="registry",scope="repository:shop/api:pull"`);
    };
    expect(await resolveManifest(registry({ basicAuth }), ref)).toMatchObject({ digest });
    const [first, token, last] = server.seen;
    expect(first?.headers.authorization).toBeUndefined();
    expect(token?.headers.authorization).toBe(basic);
    expect(Object.fromEntries(token?.url.searchParams ?? [])).toEqual({
      service: 'registry',
      scope: 'repository:shop/api:pull',
    });
    expect(last?.headers.authorization).toBe('Bearer t0');
    expect(server.seen.length).toBe(3);
  });

  test('gets an anonymous token where nobody is configured, and a scope of ours where it names none', async () => {
    server.answer = (seen) => {
      if (isToken(seen)) return { body: '{"access_token":"t1"}' };
      return seen.headers.authorization === 'Bearer t1'
        ? found()
        : asked(`Bearer realm="${server.url}/token"`);
    };
    expect(await resolveManifest(registry(), ref)).toMatchObject({ digest });
    expect(server.seen[1]?.headers.authorization).toBeUndefined();
    expect(server.seen[1]?.url.searchParams.get('scope')).toBe('repository:shop/api:pull');
  });

  test('gets the password itself only when it asks for Basic', async () => {
    server.answer = (seen) =>
      seen.headers.authorization === basic ? found() : asked('Basic realm="registry"');
    expect(await resolveManifest(registry({ basicAuth }), ref)).toMatchObject({ digest });
    expect((await failure(resolveManifest(registry(), ref))).failure).toBe('unauthorised');
  });

  test('gets the configured token at once, and nothing else when it refuses that', async () => {
    server.answer = () => asked(`Bearer realm="${server.url}/token"`);
    const bearerToken = { env: 'TEST_REGISTRY_PASSWORD' };
    const error = await failure(resolveManifest(registry({ bearerToken }), ref));
    expect(error.failure).toBe('unauthorised');
    expect(error.message).not.toContain('s3cret');
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer s3cret']);
  });

  test('is told nothing, and neither is the other host, when it sends us to a host that is not listed', async () => {
    server.answer = () => asked(`Bearer realm="${stranger.url}/token",service="registry"`);
    const error = await failure(resolveManifest(registry({ basicAuth }), ref));
    expect(error.failure).toBe('unauthorised');
    expect(error.message).toContain('tokenHosts');
    expect(stranger.seen).toEqual([]);
    const tokenHosts = [new URL(stranger.url).host];
    await failure(resolveManifest(registry({ basicAuth, tokenHosts }), ref));
    expect(stranger.seen.map(({ headers }) => headers.authorization)).toEqual([basic]);
  });

  test('and a token server that refuses or answers without one is named', async () => {
    const challenge = asked(`Bearer realm="${server.url}/token"`);
    server.answer = (seen) => (isToken(seen) ? { status: 403, body: '' } : challenge);
    expect(await failure(resolveManifest(registry(), ref))).toMatchObject({ failure: 'unauthorised' });
    server.answer = (seen) => (isToken(seen) ? { body: '{}' } : challenge);
    const error = await failure(resolveManifest(registry(), ref));
    expect(error.failure).toBe('bad-response');
    expect(error.message).toContain('The token server');
  });
});

describe('what goes wrong has a kind of its own', () => {
  test.each([
    ['MANIFEST_UNKNOWN', 'The registry registry.example.com has no tag 2.0.0 in shop/api.'],
    ['NAME_UNKNOWN', 'The registry registry.example.com has no repository shop/api.'],
  ])('gone: %s', async (code, message) => {
    server.answer = () => missing(code);
    expect(await failure(resolveManifest(registry(), ref))).toMatchObject({ failure: 'not-found', message });
  });

  test('a 404 of something before the registry is no proof that the image is gone', async () => {
    server.answer = () => ({ status: 404, type: 'text/html', body: '<h1>Not found</h1>' });
    expect((await failure(resolveManifest(registry(), ref))).failure).toBe('bad-response');
  });

  test.each([
    ['7', 7],
    ['soon', undefined],
  ])('too many requests, with when to come back: %s', async (retryAfter, seconds) => {
    server.answer = () => ({ status: 429, headers: { 'retry-after': retryAfter }, body: '' });
    const error = await failure(resolveManifest(registry(), ref));
    expect([error.failure, error.retryAfterSeconds]).toEqual(['rate-limited', seconds]);
  });

  test.each([
    [500, 'bad-response'],
    [503, 'unreachable'],
    [307, 'bad-response'],
    [403, 'unauthorised'],
  ])('HTTP %i is %s', async (status, kind) => {
    server.answer = () => ({ status, headers: { location: `${stranger.url}/` }, body: '' });
    expect((await failure(resolveManifest(registry(), ref))).failure).toBe(kind);
    expect(stranger.seen).toEqual([]);
  });

  test('silence and a dead port, within the time-out of the registry', async () => {
    server.answer = () => 'hang';
    const silent = await failure(resolveManifest(registry({ timeout: '100ms' }), ref));
    expect([silent.failure, silent.message]).toEqual([
      'timeout',
      'The registry registry.example.com did not answer within 0.1 s.',
    ]);
    const dead = await answerServer(() => ({ body: '' }));
    await dead.stop();
    expect((await failure(resolveManifest(registry({ url: dead.url }), ref))).failure).toBe('unreachable');
  });

  test('a password that cannot be read', async () => {
    server.answer = () => asked('Basic realm="r"');
    const error = await failure(
      resolveManifest(registry({ basicAuth: { ...basicAuth, password: { env: 'TEST_NO_SUCH' } } }), ref),
    );
    expect(error.failure).toBe('not-configured');
  });

  test("the caller's own end is the caller's", async () => {
    server.answer = () => 'hang';
    const abort = new AbortController();
    const work = resolveManifest(registry(), ref, abort.signal);
    abort.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  });
});

test('a ping goes through the same door', async () => {
  server.answer = () => ({ body: '{}' });
  await pingRegistry(registry());
  expect(calls()).toEqual(['GET /v2/']);
  server.answer = () => asked('Digest realm="x"');
  expect((await failure(pingRegistry(registry()))).failure).toBe('unauthorised');
});

test.each([
  ['Bearer realm="https://a.example/t",service="s, \\"x\\"",scope="repository:a:pull,push"', 's, "x"'],
  ['Basic realm="r", Bearer realm="https://a.example/t",service="s"', 's'],
  ['bearer service=s , realm=https://a.example/t', 's'],
  ['Bearer realm="https://a.example/t",service="s", Basic realm="evil"', 's'],
])('the challenge %s', (header, service) =>
  expect(parseChallenge(header)).toMatchObject({
    scheme: 'bearer',
    realm: new URL('https://a.example/t'),
    service,
  }),
);

test.each([[undefined], ['Negotiate'], ['Bearer realm="nowhere"'], ['Bearer']])(
  'nothing can be made of the challenge %s',
  (header) => expect(parseChallenge(header)).toBe(null),
);

test.each([
  ['https://r.example/t', 'https://r.example', [], true],
  ['https://r.example:444/t', 'https://r.example', [], false],
  ['http://r.example/t', 'https://r.example', [], false],
  ['https://auth.r.example/t', 'https://r.example', [], false],
  ['https://auth.r.example/t', 'https://r.example', ['auth.r.example'], true],
  ['http://auth.r.example/t', 'https://r.example', ['auth.r.example'], false],
  ['file://r.example/t', 'https://r.example', [], false],
])('whether %s may be asked for %s', (realm, url, hosts, may) =>
  expect(mayAsk(new URL(realm), new URL(url), hosts)).toBe(may),
);
