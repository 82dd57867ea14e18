import { expect, test } from 'vitest';
import { RESOURCES } from './context';
import { conditionOf, listAt, numberAt, textAt } from './read';
import {
  changeSpec,
  createDeployment,
  deploymentOf,
  NAMESPACE,
  podsOf,
  rollOut,
  setsOf,
  type TestCluster,
  testCluster,
} from './test-cluster';

function quota(cluster: TestCluster, hard: Record<string, string>): void {
  cluster.store.create(RESOURCES.resourceQuotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'compute', namespace: NAMESPACE },
    spec: { hard },
  });
}

test('a quota without room refuses the pod, and ReplicaSet and Deployment say so until there is room', () => {
  const cluster = testCluster();
  quota(cluster, { 'requests.cpu': '1', pods: '10' });
  createDeployment(cluster, { replicas: 6 });
  cluster.clock.advance(20_000);
  // Four pods of 250m are one CPU.
  expect(podsOf(cluster)).toHaveLength(4);
  const [set] = setsOf(cluster);
  if (!set) throw new Error('There is no ReplicaSet.');
  for (const object of [set, deploymentOf(cluster)]) {
    const failure = conditionOf(object, 'ReplicaFailure');
    expect(failure?.['reason']).toBe('FailedCreate');
    expect(failure?.['message']).toMatch(
      /^pods "api-.+" is forbidden: exceeded quota: compute, requested: requests\.cpu=250m, used: requests\.cpu=1, limited: requests\.cpu=1$/,
    );
  }
  cluster.clock.advance(5000);
  const warned = cluster.store
    .list(RESOURCES.events, NAMESPACE)
    .filter((one) => one['reason'] === 'FailedCreate');
  expect(warned.length).toBeGreaterThan(0);
  cluster.store.change(RESOURCES.resourceQuotas, NAMESPACE, 'compute', (object) => ({
    ...object,
    spec: { hard: { 'requests.cpu': '2', pods: '10' } },
  }));
  rollOut(cluster);
  expect(podsOf(cluster)).toHaveLength(6);
  expect(conditionOf(deploymentOf(cluster), 'ReplicaFailure')).toBeUndefined();
  expect(setsOf(cluster).map((one) => conditionOf(one, 'ReplicaFailure'))).toEqual([undefined]);
});

test('the number of pods is limited too, and one that ends makes room', () => {
  const cluster = testCluster();
  quota(cluster, { pods: '3' });
  createDeployment(cluster, { replicas: 2 });
  rollOut(cluster);
  createDeployment(cluster, { name: 'other', replicas: 2 });
  cluster.clock.advance(20_000);
  expect(podsOf(cluster)).toHaveLength(3);
  changeSpec(cluster, { replicas: 1 });
  rollOut(cluster, 600, 'other');
  expect(podsOf(cluster)).toHaveLength(3);
});

test('a gateway reports each generation of an HTTPRoute, and backends that are not there', () => {
  const cluster = testCluster();
  const make = (name: string) =>
    cluster.store.create(RESOURCES.services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: NAMESPACE },
      spec: { ports: [{ port: 80 }] },
    });
  for (const name of ['api', 'api-blue']) make(name);
  const route = (weight: number) => ({
    parentRefs: [{ group: '', kind: 'Service', name: 'api' }],
    rules: [
      {
        backendRefs: [
          { name: 'api-blue', weight },
          { name: 'api-green', weight: 0 },
        ],
      },
    ],
  });
  cluster.store.create(RESOURCES.httpRoutes, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'api', namespace: NAMESPACE },
    spec: route(100),
  });
  const seen = () =>
    listAt(cluster.store.get(RESOURCES.httpRoutes, NAMESPACE, 'api'), 'status', 'parents')
      .flatMap((parent) => listAt(parent, 'conditions'))
      .map((one) => [textAt(one, 'type'), textAt(one, 'reason'), numberAt(one, 'observedGeneration')]);
  expect(seen()).toEqual([]);
  cluster.clock.advance(1000);
  expect(seen()).toEqual([
    ['Accepted', 'Accepted', 1],
    ['ResolvedRefs', 'BackendNotFound', 1],
  ]);
  make('api-green');
  changeSpec(cluster, route(90), 'api', RESOURCES.httpRoutes);
  // Not at once: until then the conditions speak of the generation before.
  expect(seen().map((one) => one[2])).toEqual([1, 1]);
  cluster.clock.advance(1000);
  expect(seen()).toEqual([
    ['Accepted', 'Accepted', 2],
    ['ResolvedRefs', 'ResolvedRefs', 2],
  ]);
  cluster.clock.advance(1000);
  const { resourceVersion } = cluster.store;
  cluster.clock.advance(60_000);
  expect(cluster.store.resourceVersion).toBe(resourceVersion);
});
