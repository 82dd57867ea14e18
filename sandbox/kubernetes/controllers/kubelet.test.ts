import { describe, expect, it, vi } from 'vitest';
import { RESOURCES } from './context';
import type { PodOutcome } from './pod-behaviour';
import { isReady } from './pod-facts';
import { conditionOf, countAt, listAt, numberAt, textAt } from './read';
import { killPod } from './start';
import {
  behaviourByTag,
  createDeployment,
  deploymentOf,
  NAMESPACE,
  podsOf,
  readyPods,
  rollOut,
  setImage,
  type TestCluster,
  testCluster,
} from './test-cluster';

// Rollouts of minutes are much arithmetic: a busy machine may take its time for it.
vi.setConfig({ testTimeout: 60_000 });

function onePod(image = 'registry.example.com/team/api:1', cluster = testCluster()): TestCluster {
  createDeployment(cluster, { replicas: 1, image });
  return cluster;
}

const container = (cluster: TestCluster) => listAt(podsOf(cluster)[0], 'status', 'containerStatuses')[0];
const reasonOf = (cluster: TestCluster) => textAt(container(cluster), 'state', 'waiting', 'reason');
const reasons = (cluster: TestCluster) =>
  new Set(cluster.store.list('events', NAMESPACE).map((event) => textAt(event, 'reason')));

describe('a healthy pod', () => {
  it('has address, node, image digest and conditions as a real one', () => {
    const cluster = onePod();
    rollOut(cluster);
    const [pod] = podsOf(cluster);
    expect(textAt(pod, 'status', 'podIP')).toMatch(/^10\.244\.\d+\.\d+$/);
    expect(textAt(pod, 'spec', 'nodeName')).toMatch(/^node-[abc]$/);
    expect(textAt(container(cluster), 'imageID')).toMatch(
      /^registry\.example\.com\/team\/api@sha256:[0-9a-f]{64}$/,
    );
    expect(listAt(pod, 'status', 'conditions').map((one) => `${one['type']}=${one['status']}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(pod?.metadata.name).toMatch(/^api-[b-z2-9]{6,10}-[b-z2-9]{5}$/);
    expect(countAt(container(cluster), 'restartCount')).toBe(0);
    for (const reason of ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started'])
      expect(reasons(cluster)).toContain(reason);
  });

  it('gives the same image the same digest in every pod', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 3 });
    rollOut(cluster);
    const ids = podsOf(cluster).map((pod) =>
      textAt(listAt(pod, 'status', 'containerStatuses')[0], 'imageID'),
    );
    expect(new Set(ids).size).toBe(1);
    expect(new Set(podsOf(cluster).map((pod) => textAt(pod, 'spec', 'nodeName'))).size).toBe(3);
  });
});

describe('a pod that fails', () => {
  it('restarts at once the first time, then backs off for 10, 20, 40 seconds', () => {
    const cluster = onePod('api:crash');
    const waits: string[] = [];
    for (let second = 0; second < 100; second += 1) {
      cluster.clock.advance(1000);
      const message = textAt(container(cluster), 'state', 'waiting', 'message')?.split(' restarting')[0];
      if (message && waits.at(-1) !== message) waits.push(message);
    }
    expect(waits).toEqual(['back-off 10s', 'back-off 20s', 'back-off 40s', 'back-off 1m20s']);
    expect(reasonOf(cluster)).toBe('CrashLoopBackOff');
    expect(countAt(container(cluster), 'restartCount')).toBe(4);
    expect(numberAt(container(cluster), 'lastState', 'terminated', 'exitCode')).toBe(1);
    expect(reasons(cluster)).toContain('BackOff');
  });

  it('is marked OOMKilled when it was killed for memory', () => {
    const cluster = onePod('api:oom');
    cluster.clock.advance(60_000);
    expect(textAt(container(cluster), 'lastState', 'terminated', 'reason')).toBe('OOMKilled');
    expect(numberAt(container(cluster), 'lastState', 'terminated', 'exitCode')).toBe(137);
  });

  it('waits for an image that does not exist, and starts once it does', () => {
    let outcome: PodOutcome = 'image-missing';
    const cluster = onePod('api:1', testCluster({ pods: { ...behaviourByTag, outcome: () => outcome } }));
    cluster.clock.advance(5000);
    expect(reasonOf(cluster)).toBe('ImagePullBackOff');
    expect(textAt(podsOf(cluster)[0], 'status', 'phase')).toBe('Pending');
    outcome = 'ok';
    cluster.clock.advance(30_000);
    expect(readyPods(cluster)).toHaveLength(1);
  });

  it('is restarted when it fails its liveness probe', () => {
    const cluster = onePod('api:not-live');
    cluster.clock.advance(40_000);
    expect(countAt(container(cluster), 'restartCount')).toBe(1);
    expect(reasons(cluster)).toContain('Unhealthy');
  });
});

describe('a pod that changes while it runs', () => {
  it('loses and regains readiness with its behaviour, and its endpoint with it', () => {
    let outcome: PodOutcome = 'ok';
    const cluster = onePod('api:1', testCluster({ pods: { ...behaviourByTag, outcome: () => outcome } }));
    rollOut(cluster);
    outcome = 'never-ready';
    cluster.controllers.behaviourChanged();
    cluster.clock.advance(20_000);
    expect(readyPods(cluster)).toHaveLength(0);
    expect(conditionOf(deploymentOf(cluster), 'Available')?.['status']).toBe('False');
    outcome = 'ok';
    cluster.clock.advance(10_000);
    expect(readyPods(cluster)).toHaveLength(1);
  });

  it('is restarted in place when its container is killed', () => {
    const cluster = onePod();
    rollOut(cluster);
    const name = podsOf(cluster)[0]?.metadata.name ?? '';
    expect(killPod(cluster.store, NAMESPACE, name)).toBe(true);
    expect(readyPods(cluster)).toHaveLength(0);
    cluster.clock.advance(10_000);
    expect(readyPods(cluster).map((pod) => pod.metadata.name)).toEqual([name]);
    expect(countAt(container(cluster), 'restartCount')).toBe(1);
    expect(killPod(cluster.store, NAMESPACE, 'nobody')).toBe(false);
  });

  it('that outlives its grace period is killed and counts as failed', () => {
    const cluster = onePod(
      'api:1',
      testCluster({ pods: { ...behaviourByTag, terminationSeconds: () => 90 } }),
    );
    rollOut(cluster);
    const from = cluster.log.length;
    setImage(cluster, 'api:2');
    cluster.clock.advance(60_000);
    const phases = cluster.log.slice(from).flatMap(({ resource, event }) => {
      const dying = resource === RESOURCES.pods && event.object.metadata.deletionTimestamp !== undefined;
      return dying ? [`${event.type} ${textAt(event.object, 'status', 'phase')}`] : [];
    });
    expect(phases).toEqual(['MODIFIED Running', 'MODIFIED Failed', 'MODIFIED Failed', 'DELETED Failed']);
  });
});

describe('nodes', () => {
  it('going away turn their pods not ready, evict them after five minutes, and finish when back', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 6 });
    rollOut(cluster);
    const onNode = () => podsOf(cluster).filter((pod) => textAt(pod, 'spec', 'nodeName') === 'node-a');
    expect(onNode()).toHaveLength(2);
    cluster.controllers.nodeDown('node-a');
    cluster.clock.advance(39_000);
    expect(readyPods(cluster)).toHaveLength(6);
    cluster.clock.advance(2000);
    expect(readyPods(cluster)).toHaveLength(4);
    expect(conditionOf(cluster.store.get('nodes', null, 'node-a') ?? {}, 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
    });
    cluster.clock.advance(310_000);
    expect(readyPods(cluster)).toHaveLength(6);
    expect(onNode().every((pod) => pod.metadata.deletionTimestamp !== undefined)).toBe(true);
    expect(onNode()).toHaveLength(2);
    cluster.controllers.nodeUp('node-a');
    cluster.clock.advance(5000);
    expect(onNode()).toHaveLength(0);
    expect(readyPods(cluster)).toHaveLength(6);
  });

  it('coming back soon find their pods ready again without a restart', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 3 });
    rollOut(cluster);
    cluster.controllers.nodeDown('node-b');
    cluster.clock.advance(60_000);
    expect(readyPods(cluster)).toHaveLength(2);
    cluster.controllers.nodeUp('node-b');
    expect(podsOf(cluster).filter(isReady)).toHaveLength(3);
  });

  it('that are cordoned get no pods; without any the pod waits and says why', () => {
    const cluster = testCluster({ nodes: ['node-a'] });
    cluster.store.change('nodes', null, 'node-a', (node) => ({
      ...node,
      spec: { ...node.spec, unschedulable: true },
    }));
    createDeployment(cluster, { replicas: 1 });
    cluster.clock.advance(5000);
    expect(conditionOf(podsOf(cluster)[0] ?? {}, 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: '0/1 nodes are available: 1 node(s) were unschedulable.',
    });
    cluster.store.change('nodes', null, 'node-a', (node) => ({
      ...node,
      spec: { ...node.spec, unschedulable: false },
    }));
    rollOut(cluster);
  });
});
