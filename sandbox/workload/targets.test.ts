import { expect, test } from 'vitest';
import { ObjectStore } from '../kubernetes/object-store';
import { clusters, hasPair, placements, versionOfImage } from '../topology';
import { seedCluster } from '../topology/seed';
import { exporterTargets, podTargets } from './targets';
import { TestWorld } from './test-world';

test('each running pod of a service is a target with the labels of its place', () => {
  const world = new TestWorld('fraiseql');
  world.pod('a', { app: 'fraiseql-api', version: '1.8.0' });
  world.pod('stranger', { app: 'something-else', version: '1' });
  const [target, ...others] = podTargets(new Map([['eu-west-1', world.store]]), '127.0.0.1:9');
  expect(others).toEqual([]);
  expect(target).toEqual({
    targets: ['127.0.0.1:9'],
    labels: {
      environment: 'production',
      region: 'eu-west-1',
      cluster: 'eu-west-1',
      namespace: 'fraiseql',
      service: 'fraiseql-api',
      pod: 'a',
      job: 'fraiseql-api',
      instance: '10.0.0.1:8000',
      __metrics_path__: '/pods/eu-west-1/fraiseql/a/metrics',
    },
  });
});

test('every cluster has exporters for containers, entry proxy, two databases, a cache and three machines', () => {
  const jobs = exporterTargets('127.0.0.1:9').map(({ labels }) => `${labels['cluster']}/${labels['job']}`);
  expect(jobs.length).toBe(16 + placements().length);
  const of = (job: string) => jobs.filter((one) => one === `eu-west-1/${job}`).length;
  expect([of('postgres'), of('redis'), of('node'), of('blackbox')]).toEqual([2, 1, 3, 3]);
});

test('a seeded Deployment has a good revision before the current one, and seeding again changes nothing', () => {
  for (const cluster of clusters) {
    const store = new ObjectStore();
    seedCluster(store, cluster, 1_795_240_000_000);
    const version = store.resourceVersion;
    seedCluster(store, cluster, 1_795_240_000_000);
    expect(store.resourceVersion).toBe(version);
    const here = placements().filter((placement) => placement.cluster.id === cluster.id);
    const pairs = here.filter(hasPair);
    expect(store.list('deployments.apps').length).toBe(
      here.length + pairs.length + pairs.filter(({ service }) => service.hasBaseline).length,
    );
    const imagesOf = (namespace: string, owner: string) =>
      store
        .list('replicasets.apps', namespace)
        .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === owner)
        .map((set) => versionOfImage(JSON.stringify(set.spec).match(/"image":"([^"]+)"/)?.[1] ?? ''))
        .toSorted();
    for (const { namespace, service, version: current, previous } of here) {
      expect(imagesOf(namespace, service.id)).toEqual([current, previous].toSorted());
    }
    for (const { namespace, service } of pairs) {
      const [older, previous] = service.releases;
      expect(imagesOf(namespace, `${service.id}-green`)).toEqual(
        [older.version, previous.version].toSorted(),
      );
    }
  }
});

test.each([
  ['registry.example.com:5000/team/name:v1', 'v1'],
  ['registry.example.com:5000/team/name', 'latest'],
  ['name:1.0@sha256:abc', '1.0'],
])('the version of image %s is %s', (image, version) => {
  expect(versionOfImage(image)).toBe(version);
});
