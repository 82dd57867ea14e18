import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Registry } from '@/lib/config/sources';
import { firstDigestOf, indexType, registryHost } from '@/sandbox/registry/catalogue';
import { type RegistryServer, startRegistry } from '@/sandbox/registry/server';
import { pingRegistry, resolveManifest } from './client';
import { RegistryError } from './registry-error';

const repository = 'fraiseql/fraiseql-api';
const digest = firstDigestOf(`${registryHost}/${repository}:2.0.0`) ?? '';

let server: RegistryServer;
beforeAll(async () => {
  vi.stubEnv('TEST_REGISTRY_PASSWORD', 'p:ass');
  server = await startRegistry({ port: 0, credentials: { username: 'reader', password: 'p:ass' } });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const registry = (more: object = {}): Registry =>
  Registry.parse({ host: registryHost, url: server.url, timeout: '2s', ...more });
const reader = () =>
  registry({ basicAuth: { username: 'reader', password: { env: 'TEST_REGISTRY_PASSWORD' } } });

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof RegistryError ? error.failure : `no RegistryError: ${String(error)}`;
}

test('a tag and a digest of a registry that gives tokens to one person', async () => {
  await pingRegistry(reader());
  for (const reference of ['2.0.0', digest]) {
    expect(await resolveManifest(reader(), { repository, reference })).toEqual({
      digest,
      mediaType: indexType,
    });
  }
  const found = { digest: firstDigestOf(`${registryHost}/${repository}:1.8.0`), mediaType: indexType };
  expect(await resolveManifest(reader(), { repository, reference: 'latest' })).toEqual(found);
});

test('nobody gets in without the password', async () => {
  expect(await failureOf(pingRegistry(registry()))).toBe('unauthorised');
  expect(await failureOf(resolveManifest(registry(), { repository, reference: '2.0.0' }))).toBe(
    'unauthorised',
  );
});

test('a moved tag is read anew, and what is gone is told apart from what never was', async () => {
  const moved = server.store.rebuild(repository, '2.0.0') ?? '';
  expect(await resolveManifest(reader(), { repository, reference: '2.0.0' })).toMatchObject({
    digest: moved,
  });
  expect(await resolveManifest(reader(), { repository, reference: digest })).toMatchObject({ digest });
  server.store.delete(repository, digest);
  const gone = resolveManifest(reader(), { repository, reference: digest });
  await expect(gone).rejects.toThrow(`has no content ${digest} in ${repository}`);
  const never = resolveManifest(reader(), { repository: 'fraiseql/nothing', reference: '1' });
  await expect(never).rejects.toThrow('has no repository fraiseql/nothing');
});

test.each([
  [{ status: 429 }, 'rate-limited'],
  [{ status: 503 }, 'unreachable'],
  [{ refuse: true }, 'unreachable'],
  [{ delayMs: 60_000 }, 'timeout'],
])('the fault %o is %s', async (fault, failure) => {
  server.setFault(fault);
  expect(await failureOf(resolveManifest(reader(), { repository, reference: '2.0.1' }))).toBe(failure);
  server.setFault({});
});
