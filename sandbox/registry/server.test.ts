import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { appServices, imageOf } from '../topology';
import { firstDigestOf, indexType, repositories, repositoryOf } from './catalogue';
import { type RegistryServer, startRegistry } from './server';

const repository = 'fraiseql/fraiseql-api';
const Errors = z.object({ errors: z.array(z.object({ code: z.string() })) });
const Index = z.object({
  mediaType: z.string(),
  manifests: z.array(
    z.object({ digest: z.string(), size: z.int(), platform: z.object({ architecture: z.string() }) }),
  ),
});
const Manifest = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })),
});

let registry: RegistryServer;
beforeAll(async () => {
  registry = await startRegistry({ port: 0, open: true });
});
afterEach(() => registry.setFault({}));
afterAll(() => registry.stop());

const get = (url: string, init?: RequestInit) => fetch(`${registry.url}/v2/${url}`, init);
const codeOf = async (response: Response) => Errors.parse(await response.json()).errors[0]?.code;
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('contents', () => {
  test('a tag gives the index whose hash its header names, to GET and to HEAD', async () => {
    const answer = await get(`${repository}/manifests/2.0.0`);
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toBe(indexType);
    expect(answer.headers.get('docker-content-digest')).toBe(sha256(text));
    const head = await get(`${repository}/manifests/2.0.0`, { method: 'HEAD' });
    expect(head.headers.get('docker-content-digest')).toBe(sha256(text));
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(await head.text()).toBe('');
  });

  test('every descriptor down to the configuration leads to bytes of its size and digest', async () => {
    const index = Index.parse(await (await get(`${repository}/manifests/2.0.0`)).json());
    expect(index.manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64']);
    for (const { digest, size } of index.manifests) {
      const text = await (await get(`${repository}/manifests/${digest}`)).text();
      expect([sha256(text), Buffer.byteLength(text)]).toEqual([digest, size]);
      const { config } = Manifest.parse(JSON.parse(text));
      expect(sha256(await (await get(`${repository}/blobs/${config.digest}`)).text())).toBe(config.digest);
    }
  });

  test('all that the production runs or may get is there, each with a content of its own', () => {
    for (const service of appServices) {
      const versions = [...service.releases.map(({ version }) => version), service.next];
      const digests = versions.map((version) => firstDigestOf(`${imageOf(service)}:${version}`));
      expect(digests).not.toContain(null);
      expect(new Set(digests).size).toBe(versions.length);
      expect(firstDigestOf(`${imageOf(service)}:latest`)).toBe(digests[2]);
    }
    expect(repositories).toEqual(appServices.map(repositoryOf));
    expect(firstDigestOf('registry.example.com/fraiseql/fraiseql-api:9.9.9')).toBeNull();
    expect(firstDigestOf('other.example.com/fraiseql/fraiseql-api:2.0.0')).toBeNull();
  });

  test('a client that takes no index is told that there is none for it', async () => {
    const accept = 'application/vnd.docker.distribution.manifest.v2+json';
    expect((await get(`${repository}/manifests/2.0.0`, { headers: { accept } })).status).toBe(404);
  });

  test.each([
    [`${repository}/manifests/9.9.9`, 404, 'MANIFEST_UNKNOWN'],
    [`${repository}/manifests/sha256:${'0'.repeat(64)}`, 404, 'MANIFEST_UNKNOWN'],
    ['nobody/nothing/manifests/1', 404, 'NAME_UNKNOWN'],
    ['nobody/nothing/tags/list', 404, 'NAME_UNKNOWN'],
    [`${repository}/blobs/sha256:${'0'.repeat(64)}`, 404, 'BLOB_UNKNOWN'],
    [`${repository}/tags/list?n=x`, 400, 'PAGINATION_NUMBER_INVALID'],
  ])('%s is %i %s', async (url, status, code) => {
    const answer = await get(url);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });

  test('nothing can be pushed', async () => {
    const answer = await get(`${repository}/manifests/2.0.0`, { method: 'PUT', body: '{}' });
    expect([answer.status, await codeOf(answer)]).toEqual([405, 'UNSUPPORTED']);
  });

  test('tags are listed in pages', async () => {
    const Tags = z.object({ tags: z.array(z.string()) });
    const all = Tags.parse(await (await get(`${repository}/tags/list`)).json()).tags;
    const found: string[] = [];
    for (let url: string | undefined = `/v2/${repository}/tags/list?n=4`; url !== undefined; ) {
      const page: Response = await fetch(`${registry.url}${url}`);
      found.push(...Tags.parse(await page.json()).tags);
      url = /<(.+)>/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(found).toEqual(all);
    expect(all).toContain('latest');
  });
});

test('another build moves the tag and leaves the content that it stood for', async () => {
  const before = registry.store.tags(repository).get('2.0.9') ?? '';
  const after = registry.store.rebuild(repository, '2.0.9');
  expect(after).not.toBe(before);
  expect((await get(`${repository}/manifests/2.0.9`)).headers.get('docker-content-digest')).toBe(after);
  expect((await get(`${repository}/manifests/${before}`)).status).toBe(200);
  expect(registry.store.point(repository, '2.0.9', before)).toBe(before);
  expect(registry.store.point(repository, '2.0.9', 'sha256:none')).toBeNull();
  expect(registry.store.delete(repository, before)).toBe(true);
  expect((await get(`${repository}/manifests/2.0.9`)).status).toBe(404);
});

test('what was moved and deleted is so after a restart too', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'registry-'));
  const dataFile = path.join(dir, 'registry.json');
  const first = await startRegistry({ port: 0, dataFile });
  const moved = first.store.rebuild(repository, '2.0.0');
  first.store.untag(repository, '2.0.1');
  await first.stop();
  const second = await startRegistry({ port: 0, dataFile });
  expect(second.store.tags(repository).get('2.0.0')).toBe(moved);
  expect(second.store.tags(repository).has('2.0.1')).toBe(false);
  await second.stop();
  await writeFile(dataFile, '{');
  await expect(startRegistry({ port: 0, dataFile })).rejects.toThrow('cannot be read');
  await rm(dir, { recursive: true });
});

describe('a registry with tokens', () => {
  let closed: RegistryServer;
  beforeAll(async () => {
    closed = await startRegistry({ port: 0, credentials: { username: 'reader', password: 'p' } });
  });
  afterAll(() => closed.stop());
  const url = () => `${closed.url}/v2/${repository}/manifests/2.0.0`;

  test('says where to get one, for which repository', async () => {
    const answer = await fetch(url());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="${closed.url}/token",service="registry.example.com",scope="repository:${repository}:pull"`,
    );
  });

  test('gives it to the one person, and takes it for that repository alone', async () => {
    const ask = (authorization?: string) =>
      fetch(`${closed.url}/token?scope=${encodeURIComponent(`repository:${repository}:pull`)}`, {
        headers: authorization === undefined ? {} : { authorization },
      });
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
    expect((await ask()).status).toBe(401);
    expect((await ask(basic('reader:wrong'))).status).toBe(401);
    const { token } = z.object({ token: z.string() }).parse(await (await ask(basic('reader:p'))).json());
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(url(), { headers })).status).toBe(200);
    const other = `${closed.url}/v2/fraiseql/fraiseql-observers/manifests/8.0.0`;
    expect((await fetch(other, { headers })).status).toBe(401);
    expect((await fetch(url(), { headers: { authorization: 'Bearer x' } })).status).toBe(401);
  });
});

describe('faults', () => {
  test.each([
    [503, null],
    [429, '30'],
    [403, null],
  ])('HTTP %i', async (status, retryAfter) => {
    registry.setFault({ status });
    const answer = await get(`${repository}/manifests/2.0.0`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
  });

  test('no answer', async () => {
    registry.setFault({ refuse: true });
    await expect(get('')).rejects.toThrow();
  });
});
