import { describe, expect, it, vi } from 'vitest';
import { ObjectStore } from '../object-store';
import { VirtualClock } from './clock';
import { RESOURCES } from './context';
import { ObjectIndex } from './object-index';
import { conditionOf, countAt, textAt } from './read';
import { startControllers } from './start';
import {
  behaviourByTag,
  createDeployment,
  deploymentOf,
  NAMESPACE,
  podsOf,
  readyPods,
  rollOut,
  seeded,
  setImage,
  setsOf,
  testCluster,
} from './test-cluster';
import { WorkQueue } from './work-queue';

// Rollouts of minutes are much arithmetic: a busy machine may take its time for it.
vi.setConfig({ testTimeout: 60_000 });

describe('the controllers of a cluster', () => {
  it('take up a half-done rollout where a stopped process left it', () => {
    const before = testCluster();
    createDeployment(before, { replicas: 5 });
    rollOut(before);
    setImage(before, 'api:2');
    before.clock.advance(7000);
    expect(countAt(deploymentOf(before), 'status', 'updatedReplicas')).toBeGreaterThan(0);
    before.controllers.stop();
    expect(before.clock.pending).toBe(0);

    const clock = new VirtualClock(before.clock.now() + 60_000);
    const store = new ObjectStore({ now: () => clock.now() });
    store.restore(before.store.snapshot());
    const controllers = startControllers(store, { clock, random: seeded(3), pods: behaviourByTag });
    const after = { clock, store, log: [], controllers };
    rollOut(after);
    expect(readyPods(after)).toHaveLength(5);
    expect(setsOf(after)).toHaveLength(2);
  });

  it('never walk over all pods for an event of one', () => {
    const cluster = testCluster();
    for (const name of ['one', 'two', 'three']) {
      createDeployment(cluster, { name, replicas: 20 });
      cluster.store.create(RESOURCES.services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: NAMESPACE },
        spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
      });
    }
    for (const name of ['one', 'two', 'three']) rollOut(cluster, 600, name);
    const lists = vi.spyOn(cluster.store, 'list');
    const walks = vi.spyOn(ObjectIndex.prototype, 'inNamespace');
    cluster.controllers.killPod(NAMESPACE, podsOf(cluster)[0]?.metadata.name ?? '');
    lists.mockClear();
    setImage(cluster, 'two:2', 'two');
    cluster.clock.advance(50_000);
    expect(lists.mock.calls.filter(([resource]) => resource === RESOURCES.pods)).toEqual([]);
    expect(walks.mock.calls.filter(([resource]) => resource === RESOURCES.pods)).toEqual([]);
    expect(walks.mock.calls.length).toBeGreaterThan(0);
    vi.restoreAllMocks();
  });

  it('raise the collision count when another ReplicaSet has the name already', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1 });
    rollOut(cluster);
    const [set] = setsOf(cluster);
    cluster.store.remove(RESOURCES.deployments, NAMESPACE, 'api');
    cluster.clock.advance(60_000);
    cluster.store.create(RESOURCES.replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: set?.metadata.name ?? '', namespace: NAMESPACE, labels: { app: 'stranger' } },
      spec: { replicas: 0, selector: { matchLabels: { app: 'stranger' } }, template: {} },
      status: { replicas: 0 },
    });
    createDeployment(cluster, { replicas: 1 });
    rollOut(cluster);
    expect(countAt(deploymentOf(cluster), 'status', 'collisionCount')).toBe(1);
    expect(setsOf(cluster)).toHaveLength(2);
  });

  it('wait minReadySeconds before a ready pod counts as available', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 2, spec: { minReadySeconds: 30 } });
    cluster.clock.advance(10_000);
    expect(readyPods(cluster)).toHaveLength(2);
    expect(countAt(deploymentOf(cluster), 'status', 'availableReplicas')).toBe(0);
    expect(conditionOf(deploymentOf(cluster), 'Available')?.['status']).toBe('False');
    cluster.clock.advance(30_000);
    expect(countAt(deploymentOf(cluster), 'status', 'availableReplicas')).toBe(2);
  });

  it('write nothing when nothing happens', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 3 });
    rollOut(cluster);
    setImage(cluster, 'api:1');
    const from = cluster.log.length;
    cluster.clock.advance(600_000);
    expect(cluster.log.length).toBe(from);
  });

  it('give pods the addresses they are told to', () => {
    let last = 0;
    const cluster = testCluster({ podIp: () => `127.1.0.${++last}` });
    createDeployment(cluster, { replicas: 2 });
    rollOut(cluster);
    expect(
      podsOf(cluster)
        .map((pod) => textAt(pod, 'status', 'podIP'))
        .sort(),
    ).toEqual(['127.1.0.1', '127.1.0.2']);
  });
});

describe('the work queue', () => {
  it('handles a key once however often it was added, in order, the earliest time winning', () => {
    const clock = new VirtualClock(0);
    const handled: string[] = [];
    const queue = new WorkQueue(clock, (controller, key) =>
      handled.push(`${controller} ${key} ${clock.now()}`),
    );
    queue.add('a', 'x', 500);
    queue.add('a', 'x', 100);
    queue.add('a', 'x', 900);
    queue.add('b', 'y');
    queue.add('a', 'z');
    queue.add('b', 'y');
    clock.advance(1000);
    expect(handled).toEqual(['b y 0', 'a z 0', 'a x 100']);
    expect(clock.pending).toBe(0);
  });

  it('tries again, later each time, what failed, and goes on with the rest', () => {
    const clock = new VirtualClock(0);
    const times: number[] = [];
    const errors: unknown[] = [];
    const handle = (controller: string): void => {
      if (controller === 'good') return;
      times.push(clock.now());
      if (times.length < 4) throw new Error('not yet');
    };
    const queue = new WorkQueue(clock, handle, (error) => errors.push(error));
    queue.add('bad', 'x');
    queue.add('good', 'y');
    clock.advance(60_000);
    expect(times).toEqual([0, 1000, 3000, 7000]);
    expect(errors).toHaveLength(3);
  });
});
