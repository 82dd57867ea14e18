import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { createNamespace, deployment, temporaryCluster } from '@/sandbox/kubernetes/testing';
import { clustersSettled } from './clusters';
import { routerState } from './router-state';
import { testConfig } from './testing/config';
import { pairedConfig } from './testing/paired-config';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'router-state-'));
const kubeconfig = path.join(folder, 'web.yaml');
const namespace = 'fraiseql';
const server = await temporaryCluster();

beforeAll(async () => {
  createNamespace(server, namespace);
  for (const name of ['shop-api', 'shop-api-green'])
    server.store.create('deployments.apps', deployment(name, namespace));
  await writeKubeconfig(kubeconfig, [server], 'signalbox-web');
});
afterAll(async () => {
  await closeClusters();
  await server.dispose();
  fs.rmSync(folder, { recursive: true });
});

test('readiness knows of each pair whether its live colour is known', async () => {
  expect(routerState(testConfig({ kubeconfig }))).toBeNull();
  await closeClusters();
  const config = pairedConfig(kubeconfig, namespace, { kind: 'service', name: 'shop-api' });
  await clustersSettled(config, 5000);
  expect(routerState(config)).toBe('failing');
  server.store.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop-api', namespace },
    spec: { selector: { app: 'shop-api', color: 'blue' }, ports: [{ port: 80 }] },
  });
  while (routerState(config) !== 'ok') await new Promise((resolve) => setTimeout(resolve, 10));
  server.store.remove('services', namespace, 'shop-api');
  while (routerState(config) !== 'failing') await new Promise((resolve) => setTimeout(resolve, 10));
});
