import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { createNamespace, deployment, temporaryCluster } from '@/sandbox/kubernetes/testing';
import { clustersSettled } from './clusters';
import { pairedConfig } from './testing/paired-config';
import { ServiceWorkloads } from './workloads-contract';
import { serviceWorkloadsView } from './workloads-view';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'workloads-'));
const kubeconfig = path.join(folder, 'web.yaml');
const namespace = 'fraiseql';
const server = await temporaryCluster();

beforeAll(async () => {
  createNamespace(server, namespace);
  for (const name of ['other', 'shop-api', 'shop-api-green'])
    server.store.create('deployments.apps', deployment(name, namespace));
  for (const of of ['shop-api', 'shop-api-green']) owned(of);
  server.store.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop-api', namespace },
    spec: { selector: { app: 'shop-api', color: 'green' }, ports: [{ port: 80 }] },
  });
  await writeKubeconfig(kubeconfig, [server], 'signalbox-web');
});
afterEach(closeClusters);
afterAll(async () => {
  await server.dispose();
  fs.rmSync(folder, { recursive: true });
});

/** A ReplicaSet of the Deployment with one pod, as the controllers would make them. */
function owned(of: string): void {
  const { store } = server;
  const controller = (kind: string, name: string, uid: string | undefined) => [
    { apiVersion: 'apps/v1', kind, name, uid: uid ?? '', controller: true },
  ];
  const labels = { app: of };
  const containers = [{ name: 'shop-api', image: `registry.example.com/shop/shop-api:${of}` }];
  const parent = store.get('deployments.apps', namespace, of);
  const set = store.create('replicasets.apps', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${of}-a`,
      namespace,
      ownerReferences: controller('Deployment', of, parent?.metadata.uid),
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  });
  store.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${of}-a-1`,
      namespace,
      ownerReferences: controller('ReplicaSet', `${of}-a`, set.metadata.uid),
    },
    spec: { containers },
    status: { phase: 'Running' },
  });
}

const view = async (name: string) => {
  const config = pairedConfig(kubeconfig, namespace, { kind: 'service', name });
  await clustersSettled(config, 10_000);
  return ServiceWorkloads.parse(await serviceWorkloadsView(config, { service: 'shop-api' }));
};
const podsIn = ({ pods }: ServiceWorkloads) =>
  pods.state === 'missing' ? pods.detail : pods.value.map(({ name, colour }) => [name, colour]);
const workloadsIn = ({ workloads }: ServiceWorkloads) =>
  workloads.state === 'missing' ? workloads.detail : workloads.value.map(({ name, note }) => [name, note]);

test('the live colour comes first with its pods, and the idle one is told as idle', async () => {
  const found = await view('shop-api');
  expect(podsIn(found)).toEqual([['shop-api-green-a-1', 'green']]);
  expect(found.podsTotal).toBe(1);
  expect(workloadsIn(found)).toEqual([
    ['shop-api-green', 'green, takes all requests'],
    ['shop-api', 'blue, takes no requests'],
    ['other', null],
  ]);
  expect(found.pair).toMatchObject({
    value: {
      live: 'green',
      problem: null,
      members: [
        { colour: 'blue', deployment: 'shop-api', share: 0, pods: 1 },
        { colour: 'green', deployment: 'shop-api-green', share: 1, pods: 1 },
      ],
    },
  });
});

test('without its router the pods of both are shown, and which one is live is not guessed', async () => {
  const found = await view('nothing');
  expect(podsIn(found)).toEqual(
    expect.arrayContaining([
      ['shop-api-a-1', 'blue'],
      ['shop-api-green-a-1', 'green'],
    ]),
  );
  expect(found.pair).toMatchObject({
    value: { live: null, problem: expect.stringContaining('Service nothing in namespace fraiseql') },
  });
});
