import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Cluster } from '@/lib/config/sources';
import { registry } from '@/lib/core/metrics';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { createNamespace, deployment, temporaryCluster } from '@/sandbox/kubernetes/testing';
import { ClusterCache } from './cache';
import { clusterClient } from './client';
import { closeClusters, watchClusters } from './clusters';
import type { WatchedRouter } from './routers';

const namespace = 'fraiseql';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watch-'));
const server = await temporaryCluster({ timing: { bookmarkMs: 200 } });
const caches: ClusterCache[] = [];

beforeAll(async () => {
  createNamespace(server, namespace);
  server.store.create('deployments.apps', deployment('fraiseql-api', namespace));
  await writeKubeconfig(path.join(folder, 'web.yaml'), [server], 'signalbox-web');
});
afterEach(async () => {
  server.faults.clear();
  await Promise.all(caches.splice(0).map((cache) => cache.close()));
});
afterAll(async () => {
  await server.dispose();
  fs.rmSync(folder, { recursive: true });
});

type Told = { cache: ClusterCache; told: string[] };

type Watch = { probeSeconds?: number; kubeconfig?: string; routers?: WatchedRouter[] };

function watch(options: Watch = {}): Told {
  const told: string[] = [];
  const kubeconfig = options.kubeconfig ?? path.join(folder, 'web.yaml');
  const cache = new ClusterCache({
    client: clusterClient({ id: server.id, timeout: 2 }, { kubeconfig, context: server.id }),
    namespaces: [namespace],
    ...(options.routers === undefined ? {} : { routers: options.routers }),
    onChange: (name) => told.push(name),
    coalesceMs: 10,
    backoffMs: 20,
    probeSeconds: options.probeSeconds ?? 60,
  });
  caches.push(cache);
  cache.start();
  return { cache, told };
}

const names = ({ cache }: Told): string[] => {
  const reading = cache.read(namespace, 'deployments');
  return reading.state === 'missing' ? [] : reading.value.map(({ name }) => name).sort();
};

/** Waits until the check holds; the test's own time limit ends a wait that never would. */
async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const remove = (name: string) => server.store.remove('deployments.apps', namespace, name);

test('lists, then follows what is added, changed and removed', async () => {
  const one = watch();
  await one.cache.settled(5000);
  expect(names(one)).toEqual(['fraiseql-api']);
  expect(one.cache.read(namespace, 'deployments').state).toBe('fresh');
  server.store.create('deployments.apps', deployment('second', namespace));
  await until(() => names(one).includes('second'));
  expect(one.cache.counts().get('deployments')).toBe(2);
  remove('second');
  await until(() => !names(one).includes('second'));
  expect(one.cache.counts().get('deployments')).toBe(1);
  expect(one.told).toContain(namespace);
});

test.each([
  ['a clean end', () => server.dropWatches('end')],
  ['a cut connection', () => server.dropWatches('cut')],
  ['410 in the stream', () => server.faults.add({ action: { kind: 'expire-watch' }, count: 8 })],
  [
    'a restart that forgets its history',
    () => {
      server.forgetHistory();
      server.dropWatches('cut');
    },
  ],
])('goes on after %s and misses nothing', async (_what, disturb) => {
  const one = watch();
  await one.cache.settled(5000);
  await until(() => one.cache.state().state === 'fresh');
  disturb();
  await new Promise((resolve) => setTimeout(resolve, 30));
  server.store.create('deployments.apps', deployment('during', namespace));
  await until(() => names(one).includes('during'));
  remove('during');
  await until(() => !names(one).includes('during'));
  await until(() => one.cache.read(namespace, 'deployments').state === 'fresh');
});

test('a withdrawn right is named, keeps the last objects with their age, and comes back', async () => {
  const one = watch({ probeSeconds: 0.05 });
  await one.cache.settled(5000);
  const id = server.faults.add({
    action: { kind: 'withdraw-right', subject: { account: 'signalbox-web' }, verb: '*', resource: '*' },
  });
  await until(() => one.cache.read(namespace, 'deployments').state === 'stale');
  const reading = one.cache.read(namespace, 'deployments');
  expect(reading).toMatchObject({ state: 'stale', reason: 'unauthorised' });
  expect(reading.state === 'stale' && reading.detail).toMatch(/refuses our credentials \(HTTP 403\)/);
  expect(names(one)).toEqual(['fraiseql-api']);
  expect(one.cache.state().state).toBe('failing');
  server.faults.remove(id);
  await until(() => one.cache.read(namespace, 'deployments').state === 'fresh');
}, 15_000);

test('without any right nothing is shown as known, and Secrets are never asked for', async () => {
  server.faults.add({
    action: { kind: 'withdraw-right', subject: { account: 'signalbox-web' }, verb: '*', resource: '*' },
  });
  const one = watch();
  await one.cache.settled(5000);
  expect(one.cache.read(namespace, 'pods')).toMatchObject({ state: 'missing', reason: 'unauthorised' });
  expect(one.cache.read('other', 'pods')).toMatchObject({ state: 'missing', reason: 'not-configured' });
});

test('a kubeconfig that is not there is a matter of configuration', async () => {
  const one = watch({ kubeconfig: path.join(folder, 'absent.yaml') });
  await one.cache.settled(5000);
  expect(one.cache.read(namespace, 'pods')).toMatchObject({ state: 'missing', reason: 'not-configured' });
});

test('the metrics say how many objects are kept, and forget a cluster that is watched no more', async () => {
  const cluster = {
    id: server.id,
    timeout: '2s',
    web: { kubeconfig: path.join(folder, 'web.yaml'), context: server.id },
  };
  const line = async () =>
    (await registry().getSingleMetricAsString('signalbox_cluster_objects'))
      .split('\n')
      .find((text) => text.includes('kind="deployments"'));
  watchClusters([
    { cluster: Cluster.parse({ ...cluster, region: 'x', worker: cluster.web }), namespaces: [namespace] },
  ]);
  const kept = `signalbox_cluster_objects{cluster="${server.id}",kind="deployments"} 1`;
  while ((await line()) !== kept) await new Promise((resolve) => setTimeout(resolve, 10));
  await closeClusters();
  expect(await line()).toBeUndefined();
});

const every = (['Service', 'VirtualService', 'HTTPRoute'] as const).map((kind) => ({ namespace, kind }));
const http = (green: number) => [
  { name: 'primary', route: [{ destination: { host: 'api-green' }, weight: green }] },
];
const virtualService = (name: string, green: number) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace },
  spec: { hosts: [name], http: http(green) },
});

test('routers are followed where a pair names them, and of their spec only where requests go is kept', async () => {
  server.store.create('virtualservices.networking.istio.io', virtualService('routed', 95));
  const one = watch({ routers: every });
  await one.cache.settled(5000);
  const routed = () => {
    const reading = one.cache.readRouter(namespace, 'VirtualService', 'routed');
    return reading.state === 'missing' ? undefined : reading.value?.spec;
  };
  expect(routed()).toEqual({ http: http(95) });
  server.store.change('virtualservices.networking.istio.io', namespace, 'routed', (object) => ({
    ...object,
    spec: { hosts: ['routed'], http: http(5) },
  }));
  await until(() => JSON.stringify(routed()) === JSON.stringify({ http: http(5) }));
  expect(one.cache.readRouter(namespace, 'Service', 'nothing')).toMatchObject({
    state: 'fresh',
    value: null,
  });
  server.store.remove('virtualservices.networking.istio.io', namespace, 'routed');
  await until(() => routed() === undefined);
  const none = watch();
  expect(none.cache.readRouter(namespace, 'Service', 'fraiseql-api')).toMatchObject({
    state: 'missing',
    reason: 'not-configured',
    detail: expect.stringContaining('is not watched'),
  });
});

test('a kind that the cluster does not know is named, and the rest of the cluster stays well', async () => {
  server.faults.add({ path: '/httproutes', action: { kind: 'status', code: 404, reason: 'NotFound' } });
  server.faults.add({
    action: {
      kind: 'withdraw-right',
      subject: { account: 'signalbox-web' },
      verb: '*',
      resource: 'virtualservices',
    },
  });
  const one = watch({ routers: every });
  await one.cache.settled(5000);
  expect(one.cache.readRouter(namespace, 'HTTPRoute', 'fraiseql-api')).toEqual({
    state: 'missing',
    reason: 'not-configured',
    detail:
      'Cluster test knows no HTTPRoute (gateway.networking.k8s.io/v1): its definition is not installed there.',
  });
  expect(one.cache.readRouter(namespace, 'VirtualService', 'fraiseql-api')).toMatchObject({
    state: 'missing',
    reason: 'unauthorised',
    detail: expect.stringMatching(/HTTP 403.*virtualservices/),
  });
  expect(one.cache.readRouter(namespace, 'Service', 'fraiseql-api').state).toBe('fresh');
  expect(one.cache.state()).toMatchObject({ state: 'fresh', error: null });
  expect(names(one)).toContain('fraiseql-api');
});
