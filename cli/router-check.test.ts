import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { pairedConfig } from '@/lib/service/testing/paired-config';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { createNamespace, temporaryCluster } from '@/sandbox/kubernetes/testing';
import { checkRouters, routerResources } from './router-check';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'routers-'));
const kubeconfig = path.join(folder, 'worker.yaml');
const server = await temporaryCluster();
const namespace = 'fraiseql';

beforeAll(async () => {
  createNamespace(server, namespace);
  await writeKubeconfig(kubeconfig, [server], 'signalbox-worker');
});
afterEach(() => server.faults.clear());
afterAll(async () => {
  await server.dispose();
  fs.rmSync(folder, { recursive: true });
});

const paired = (traffic: object) => pairedConfig(kubeconfig, namespace, traffic);
const selector = { kind: 'service', name: 'shop-api' };
const route = { kind: 'http-route', name: 'shop-api' };
const service = (name: string, labels: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector: labels, ports: [{ port: 80 }] },
});
const subject = 'Pair of shop-api in production, us-east-1';

test('a router that is there tells which colour takes the requests', async () => {
  server.store.create('services', service('shop-api', { app: 'shop-api', color: 'green' }));
  expect(await checkRouters(paired(selector))).toEqual([
    { subject, state: 'ok', says: 'Service shop-api in fraiseql: blue 0 %, green 100 % of the requests.' },
  ]);
  expect(await checkRouters(paired({ kind: 'replicas', name: 'shop-api' }))).toMatchObject([{ state: 'ok' }]);
  expect(await checkRouters(testConfig({ kubeconfig }))).toEqual([]);
});

test('one that is not there, of a kind nobody knows, mute or refused is named', async () => {
  const says = async (traffic: object) => {
    const [finding] = await checkRouters(paired(traffic));
    expect(finding).toMatchObject({ subject, state: 'wrong' });
    return finding?.says;
  };
  expect(await says(route)).toBe('HTTPRoute shop-api is not in fraiseql.');
  server.faults.add({
    path: '/httproutes',
    action: {
      kind: 'status',
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    },
  });
  expect(await says(route)).toMatch(/^Cluster test knows no HTTPRoute \(gateway\.networking\.k8s\.io\/v1\)/);
  server.store.create('services', service('mute', { app: 'shop-api' }));
  expect(await says({ ...selector, name: 'mute' })).toMatch(/does not say which colour takes the requests/);
  server.faults.add({
    action: {
      kind: 'withdraw-right',
      subject: { account: 'signalbox-worker' },
      verb: '*',
      resource: 'services',
    },
  });
  expect(await says(selector)).toMatch(/HTTP 403/);
});

test('the rights that are asked for are those of the routers that pairs name, once each', () => {
  expect(routerResources(paired(selector), 'test')).toEqual([{ resource: 'services', namespace }]);
  expect(routerResources(paired(route), 'test')).toEqual([
    { group: 'gateway.networking.k8s.io', resource: 'httproutes', namespace },
  ]);
  expect(routerResources(paired({ kind: 'replicas', name: 'x' }), 'test')).toEqual([]);
  expect(routerResources(paired(selector), 'other')).toEqual([]);
});
