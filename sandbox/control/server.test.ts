import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Applications } from '../gitops/applications';
import { type Cluster, startCluster } from '../kubernetes/cluster';
import { type Controllers, startControllers } from '../kubernetes/controllers/start';
import { type Loki, startLoki } from '../loki/server';
import { TcpProxy } from '../prometheus/proxy';
import { type RegistryServer, startRegistry } from '../registry/server';
import { Director } from '../scenarios/director';
import { scenarioNames } from '../scenarios/names';
import { JobProcesses } from '../workload/job-processes';
import { Ledger } from '../workload/ledger';
import { Certificates } from '../workload/probes';
import { type Control, startControl } from './server';
import { listStatus } from './testing/list-status';

let dir: string;
let cluster: Cluster;
let controllers: Controllers;
let loki: Loki;
let registry: RegistryServer;
let proxy: TcpProxy;
let control: Control;
let jobs: JobProcesses;
const ledger = new Ledger();
const certificates = new Certificates();

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'control-'));
  cluster = await startCluster({ id: 'eu-west-1', port: 0, dataDir: dir });
  controllers = startControllers(cluster.store);
  loki = await startLoki({ port: 0 });
  registry = await startRegistry({ port: 0, open: true });
  proxy = new TcpProxy({ port: 0, targetPort: Number(new URL(loki.url).port) });
  await proxy.start();
  const proxies = { prometheus: proxy, alertmanager: new TcpProxy({ port: 0, targetPort: 1 }) };
  const director = new Director({ clusters: [cluster], loki, prometheus: proxy });
  jobs = new JobProcesses({ image: 'copier', tools: dir, store: cluster.store, onLine: () => undefined });
  const clusters = [{ cluster, controllers, jobs }];
  const applications = new Applications([cluster]);
  control = await startControl(
    { director, clusters, loki, registry, applications, proxies, ledger, certificates },
    0,
  );
});

afterAll(async () => {
  await control.stop();
  await proxy.stop();
  await loki.stop();
  await registry.stop();
  controllers.stop();
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
});

async function call(
  method: string,
  route: string,
  body?: unknown,
): Promise<{ status: number; value: unknown }> {
  const response = await fetch(`${control.url}${route}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, value: await response.json() };
}

const setScenario = (name: string) => call('POST', '/scenario', { name });

test('each scenario can be set, and calm undoes what it did', async () => {
  for (const name of scenarioNames) {
    expect(await setScenario(name)).toEqual({ status: 200, value: { name } });
    expect((await call('GET', '/scenario')).value).toEqual({ name, names: [...scenarioNames] });
  }
  await setScenario('calm');
  expect((await call('GET', '/faults')).value).toEqual({
    kubernetes: { 'eu-west-1': [] },
    loki: [],
    registry: {},
    prometheus: {},
    alertmanager: {},
  });
});

test('a name that is no scenario is refused with the names that are', async () => {
  const { status, value } = await setScenario('doom');
  expect(status).toBe(400);
  expect(JSON.stringify(value)).toContain('slow-burn');
  expect((await call('GET', '/scenario')).value).toMatchObject({ name: 'calm' });
});

test('prometheus-down refuses connections, loki-down answers 503, cluster-forbidden answers 403', async () => {
  await setScenario('prometheus-down');
  await expect(fetch(`${proxy.url}/ready`)).rejects.toThrow();
  await setScenario('loki-down');
  expect((await fetch(`${proxy.url}/loki/api/v1/labels`)).status).toBe(503);
  expect(await listStatus(cluster)).toBe(200);
  await setScenario('cluster-forbidden');
  expect(await listStatus(cluster)).toBe(403);
  await setScenario('calm');
  expect(await listStatus(cluster)).toBe(200);
  expect((await fetch(`${proxy.url}/loki/api/v1/labels`)).status).toBe(200);
});

test('faults are added, listed and removed for each target', async () => {
  const rules = [
    { target: 'kubernetes', cluster: 'eu-west-1', rule: { action: { kind: 'delay', ms: 1 } } },
    { target: 'loki', rule: { kind: 'delay', ms: 1 } },
    { target: 'prometheus', rule: { delayMs: 1 } },
    { target: 'registry', rule: { status: 503 } },
  ];
  for (const rule of rules) expect((await call('POST', '/faults', rule)).status).toBe(200);
  const Listed = z.object({
    kubernetes: z.object({ 'eu-west-1': z.array(z.unknown()) }),
    loki: z.array(z.unknown()),
    prometheus: z.unknown(),
    registry: z.unknown(),
  });
  const listed = Listed.parse((await call('GET', '/faults')).value);
  const { kubernetes, loki: ofLoki, prometheus, registry: ofRegistry } = listed;
  expect([kubernetes['eu-west-1'].length, ofLoki.length, prometheus, ofRegistry]).toEqual([
    1,
    1,
    { delayMs: 1 },
    { status: 503 },
  ]);
  for (const { target } of rules) {
    const answer = await call('DELETE', '/faults', {
      target,
      ...(target === 'kubernetes' ? { cluster: 'eu-west-1' } : {}),
    });
    expect(answer).toEqual({ status: 200, value: { removed: 1 } });
  }
});

test('tags of the registry are shown, moved and deleted, and contents too', async () => {
  const repository = 'fraiseql/fraiseql-api';
  const manifests = `${registry.url}/v2/${repository}/manifests`;
  const Digest = z.object({ digest: z.string() });
  const tags = async () => {
    const { value } = await call('GET', `/registry/tags?repository=${repository}`);
    return z.object({ tags: z.record(z.string(), z.string()) }).parse(value).tags;
  };
  const before = await tags();
  const moved = Digest.parse((await call('POST', '/registry/tags', { repository, tag: '2.0.0' })).value);
  expect(moved.digest).not.toBe(before['2.0.0']);
  expect((await tags())['2.0.0']).toBe(moved.digest);
  const back = { repository, tag: '2.0.0', digest: before['2.0.0'] };
  expect((await call('POST', '/registry/tags', back)).value).toEqual({ digest: before['2.0.0'] });
  await call('DELETE', '/registry/tags', { repository, tag: '2.0.0' });
  expect((await fetch(`${manifests}/2.0.0`)).status).toBe(404);
  expect((await fetch(`${manifests}/${moved.digest}`)).status).toBe(200);
  await call('DELETE', '/registry/manifests', { repository, digest: moved.digest });
  expect((await fetch(`${manifests}/${moved.digest}`)).status).toBe(404);
  for (const body of [
    { repository, tag: 'gone' },
    { repository: 'nobody/nothing', tag: '1' },
  ])
    expect((await call('DELETE', '/registry/tags', body)).status).toBe(404);
});

test('a certificate ends when it is told, everywhere or in one cluster, until all are renewed', async () => {
  const probed = { cluster: 'us-east-1', service: 'fraiseql-api', environment: 'production' } as const;
  const ends = (cluster: 'us-east-1' | 'eu-west-1') =>
    certificates.endsAt({ ...probed, cluster }, Date.now());
  const before = ends('us-east-1');
  const one = { service: 'fraiseql-api', cluster: 'eu-west-1', days: 2 };
  expect((await call('POST', '/certificates', one)).value).toMatchObject({ addresses: 1 });
  expect(ends('us-east-1')).toBe(before);
  expect(Math.abs(ends('eu-west-1') - Date.now() / 1000 - 2 * 86_400)).toBeLessThan(3600);
  expect((await call('POST', '/certificates', { service: 'fraiseql-api', days: -1 })).value).toMatchObject({
    addresses: 2,
  });
  expect(ends('us-east-1')).toBeLessThan(Date.now() / 1000);
  expect((await call('POST', '/certificates', { service: 'nobody', days: 1 })).status).toBe(404);
  expect((await call('DELETE', '/certificates')).status).toBe(200);
  expect(ends('us-east-1')).toBe(before);
});

test('a malformed rule is refused', async () => {
  for (const body of [
    {},
    { target: 'moon' },
    { target: 'kubernetes', rule: {} },
    { target: 'loki', rule: { kind: 'x' } },
  ]) {
    expect((await call('POST', '/faults', body)).status).toBe(400);
  }
  const response = await fetch(`${control.url}/faults`, { method: 'POST', body: '{' });
  expect(response.status).toBe(400);
});

test('the ledger answers with totals, and rows when asked', async () => {
  const key = { cluster: 'eu-west-1', namespace: 'n', service: 's', version: '1', pod: 'p' };
  ledger.record(50_000, key, true, 0.25);
  const sums = { ...key, requests: 1, failures: 1, latencySumSeconds: 0.25 };
  expect((await call('GET', '/ledger?service=s')).value).toEqual({ totals: [sums] });
  const detailed = (await call('GET', '/ledger?service=s&from=50&to=51&detail=1')).value;
  expect(detailed).toEqual({ totals: [sums], rows: [{ ...sums, second: 50 }] });
  expect((await call('GET', '/ledger?service=s&to=50')).value).toEqual({ totals: [] });
  expect((await call('GET', '/ledger?from=yesterday')).status).toBe(400);
});

test('bulk pods weigh 8 kB or more, and go again', async () => {
  const body = { cluster: 'eu-west-1', namespace: 'bulk', count: 20 };
  expect((await call('POST', '/bulk-pods', body)).value).toEqual({ count: 20 });
  const pods = cluster.store.list('pods', 'bulk');
  expect(pods.length).toBe(20);
  for (const pod of pods) expect(JSON.stringify(pod).length).toBeGreaterThanOrEqual(8192);
  expect((await call('DELETE', '/bulk-pods', { cluster: 'eu-west-1' })).value).toEqual({ count: 20 });
  expect(cluster.store.list('pods', 'bulk')).toEqual([]);
});

test('a pod that is not there cannot be killed', async () => {
  const body = { cluster: 'eu-west-1', namespace: 'n', name: 'nobody' };
  expect((await call('POST', '/pods/kill', body)).status).toBe(404);
});

test('Jobs that make copies fail on demand, and anybody may delete one', async () => {
  const fate = { cluster: 'eu-west-1', fate: 'crash' };
  expect((await call('POST', '/jobs/fate', fate)).value).toEqual({ fate: 'crash' });
  expect(jobs.fate).toBe('crash');
  expect((await call('POST', '/jobs/fate', { ...fate, fate: 'explode' })).status).toBe(400);
  expect((await call('POST', '/jobs/fate', { ...fate, cluster: 'us-east-1' })).status).toBe(404);
  const job = { cluster: 'eu-west-1', namespace: 'backup', name: 'copy-1' };
  expect((await call('DELETE', '/jobs', job)).status).toBe(404);
  const spec = { suspend: true, template: { spec: { containers: [{ name: 'c', image: 'c:1' }] } } };
  cluster.store.create('jobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: job.name, namespace: job.namespace },
    spec,
    status: {},
  });
  expect((await call('DELETE', '/jobs', job)).value).toEqual({ deleted: true });
  expect(cluster.store.list('jobs.batch', 'backup')).toEqual([]);
});

test('an edit by another client is answered as the API server answers it', async () => {
  const place = { cluster: 'eu-west-1', path: '/api/v1/namespaces/default/services/none', patch: {} };
  expect((await call('POST', '/edits', place)).value).toMatchObject({ status: 404 });
  for (const path of ['//elsewhere.example/api/v1', '/healthz', '/api/v1/nodes?x=1'])
    expect((await call('POST', '/edits', { ...place, path })).status).toBe(400);
});

test('Applications are started for services that exist and stopped when they run', async () => {
  const place = { cluster: 'eu-west-1', service: 'fraiseql-api' };
  expect((await call('DELETE', '/applications', place)).value).toEqual({ stopped: false });
  expect((await call('POST', '/applications', { ...place, service: 'nobody' })).status).toBe(404);
  const { status, value } = await call('POST', '/applications', { ...place, selfHeal: false });
  expect([status, value]).toEqual([200, expect.objectContaining({ name: 'fraiseql-api', selfHeal: false })]);
  expect((await call('GET', '/applications')).value).toEqual({ applications: [value] });
  expect((await call('DELETE', '/applications', place)).value).toEqual({ stopped: true });
});

test('the write log is read by cluster', async () => {
  const { status, value } = await call('GET', '/writes?cluster=eu-west-1');
  expect([status, value]).toMatchObject([200, { entries: [{ method: 'PATCH', name: 'none', status: 404 }] }]);
  expect((await call('GET', '/writes?cluster=us-east-1')).status).toBe(404);
  expect((await call('GET', '/writes')).status).toBe(400);
});

test('the banner shows the scenario in either theme and may be framed on loopback only', async () => {
  await setScenario('slow-burn');
  const response = await fetch(`${control.url}/?theme=dark`);
  const html = await response.text();
  expect(html).toContain('<option value="slow-burn" selected>');
  expect(html).toContain('color-scheme: dark;');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(response.headers.get('content-security-policy')).toContain('frame-ancestors http://127.0.0.1:*');
  await setScenario('calm');
});

test('pages of another origin and foreign names get nothing', async () => {
  const foreign = await fetch(`${control.url}/scenario`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: JSON.stringify({ name: 'loki-down' }),
  });
  expect(foreign.status).toBe(403);
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(`${control.url}/scenario`, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
  expect(status).toBe(403);
  expect((await call('GET', '/scenario')).value).toMatchObject({ name: 'calm' });
});
