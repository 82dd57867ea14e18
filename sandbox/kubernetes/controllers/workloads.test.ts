import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../store';
import { RESOURCES } from './context';
import { isActive, isReady } from './pod-facts';
import { formatQuantity, parseQuantity } from './quantity';
import { conditionOf, countAt, listAt, objectAt, textAt } from './read';
import {
  changeSpec,
  createDeployment,
  deploymentOf,
  NAMESPACE,
  podsOf,
  podTemplate,
  readyPods,
  rollOut,
  setImage,
  setsOf,
  type TestCluster,
  testCluster,
} from './test-cluster';

// Rollouts of minutes are much arithmetic: a busy machine may take its time for it.
vi.setConfig({ testTimeout: 60_000 });

function createSet(cluster: TestCluster, replicas: number, image = 'db:1'): void {
  cluster.store.create(RESOURCES.statefulSets, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: NAMESPACE },
    spec: {
      replicas,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: podTemplate({ app: 'db' }, image),
    },
    status: {},
  });
}

const stateful = (cluster: TestCluster) => cluster.store.get(RESOURCES.statefulSets, NAMESPACE, 'db');

describe('StatefulSets', () => {
  it('start their pods in order, the next when the one before is ready', () => {
    const cluster = testCluster();
    createSet(cluster, 3);
    cluster.clock.advance(20_000);
    const order = cluster.log.flatMap(({ resource, event }) => {
      if (resource !== RESOURCES.pods) return [];
      if (event.type === 'ADDED') return [`add ${event.object.metadata.name}`];
      return event.previous && !isReady(event.previous) && isReady(event.object)
        ? [`ready ${event.object.metadata.name}`]
        : [];
    });
    expect(order).toEqual(['add db-0', 'ready db-0', 'add db-1', 'ready db-1', 'add db-2', 'ready db-2']);
    expect(stateful(cluster)?.status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
    });
  });

  it('end and update their pods from the last to the first', () => {
    const cluster = testCluster();
    createSet(cluster, 3);
    cluster.clock.advance(20_000);
    const from = cluster.log.length;
    changeSpec(cluster, { template: podTemplate({ app: 'db' }, 'db:2') }, 'db', RESOURCES.statefulSets);
    cluster.clock.advance(60_000);
    const gone = () =>
      cluster.log
        .slice(from)
        .flatMap(({ resource, event }) =>
          resource === RESOURCES.pods && event.type === 'DELETED' ? [event.object.metadata.name] : [],
        );
    expect(gone()).toEqual(['db-2', 'db-1', 'db-0']);
    expect(textAt(stateful(cluster), 'status', 'currentRevision')).toBe(
      textAt(stateful(cluster), 'status', 'updateRevision'),
    );
    changeSpec(cluster, { replicas: 1 }, 'db', RESOURCES.statefulSets);
    cluster.clock.advance(30_000);
    expect(podsOf(cluster).map((pod) => pod.metadata.name)).toEqual(['db-0']);
    expect(gone()).toEqual(['db-2', 'db-1', 'db-0', 'db-2', 'db-1']);
  });
});

describe('Deployments', () => {
  it('all at once end every old pod before the first new one', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 3, spec: { strategy: { type: 'Recreate' } } });
    rollOut(cluster);
    let both = false;
    cluster.store.subscribe((resource) => {
      const images = new Set(
        podsOf(cluster).map((pod) => textAt(listAt(pod, 'spec', 'containers')[0], 'image')),
      );
      if (resource === RESOURCES.pods && images.size > 1) both = true;
    });
    setImage(cluster, 'api:2');
    rollOut(cluster);
    expect(both).toBe(false);
  });

  it('move revision numbers to the history on the way back and copy the change cause of that moment', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1, annotations: { 'kubernetes.io/change-cause': 'one' } });
    rollOut(cluster);
    setImage(cluster, 'api:2');
    rollOut(cluster);
    setImage(cluster, 'api:1');
    rollOut(cluster);
    setImage(cluster, 'api:2');
    rollOut(cluster);
    const notes = setsOf(cluster).map(({ metadata }) => [
      metadata.annotations?.['deployment.kubernetes.io/revision'],
      metadata.annotations?.['deployment.kubernetes.io/revision-history'],
      metadata.annotations?.['kubernetes.io/change-cause'],
    ]);
    expect(notes.sort()).toEqual([
      ['3', '1', 'one'],
      ['4', '2', 'one'],
    ]);
    expect(deploymentOf(cluster).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('4');
  });

  it('keep only as many old ReplicaSets as their history may hold', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1, spec: { revisionHistoryLimit: 2 } });
    for (const version of [2, 3, 4, 5, 6]) {
      rollOut(cluster);
      setImage(cluster, `api:${version}`);
    }
    rollOut(cluster);
    expect(setsOf(cluster)).toHaveLength(3);
  });

  it('adopt pods without an owner and take them down with themselves', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 2 });
    rollOut(cluster);
    const [set] = setsOf(cluster);
    cluster.store.create(RESOURCES.pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'stray', namespace: NAMESPACE, labels: set?.metadata.labels ?? {} },
      spec: objectAt(set, 'spec', 'template', 'spec'),
      status: { phase: 'Pending' },
    });
    cluster.clock.advance(10_000);
    expect(podsOf(cluster).filter(isActive)).toHaveLength(2);
    cluster.store.remove(RESOURCES.deployments, NAMESPACE, 'api');
    cluster.clock.advance(60_000);
    expect([setsOf(cluster), podsOf(cluster)]).toEqual([[], []]);
  });

  it('report a scaling in at most 25 events, the rest is silence', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 20 });
    rollOut(cluster);
    for (const version of [2, 3]) {
      setImage(cluster, `api:${version}`);
      rollOut(cluster);
    }
    const events = cluster.store
      .list('events', NAMESPACE)
      .filter((event) => textAt(event, 'involvedObject', 'kind') === 'Deployment');
    const said = events.reduce((sum, event) => sum + countAt(event, 'count'), 0);
    expect(said).toBe(25);
    expect(
      events.some((event) => textAt(event, 'message')?.startsWith('(combined from similar events): Scaled')),
    ).toBe(true);
  });

  it('forget events after an hour', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 2 });
    rollOut(cluster);
    expect(cluster.store.list('events').length).toBeGreaterThan(5);
    cluster.clock.advance(3_700_000);
    expect(cluster.store.list('events')).toEqual([]);
    expect(cluster.clock.pending).toBe(0);
  });
});

describe('autoscalers', () => {
  it('hold the lower and upper bound without any metrics', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 10 });
    const spec: JsonObject = {
      scaleTargetRef: { kind: 'Deployment', name: 'api', apiVersion: 'apps/v1' },
      minReplicas: 10,
      maxReplicas: 12,
    };
    cluster.store.create(RESOURCES.autoscalers, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'api', namespace: NAMESPACE },
      spec,
    });
    rollOut(cluster);
    changeSpec(cluster, { replicas: 5 });
    cluster.clock.advance(30_000);
    expect(readyPods(cluster)).toHaveLength(10);
    changeSpec(cluster, { replicas: 20 });
    cluster.clock.advance(30_000);
    expect(readyPods(cluster)).toHaveLength(12);
    const scaler = cluster.store.get(RESOURCES.autoscalers, NAMESPACE, 'api') ?? {};
    expect(conditionOf(scaler, 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
    });
    const messages = cluster.store.list('events').map((event) => textAt(event, 'message'));
    expect(messages).toContain('New size: 10; reason: Current number of replicas below Spec.MinReplicas');
    expect(messages).toContain('New size: 12; reason: Current number of replicas above Spec.MaxReplicas');
  });
});

describe('disruption budgets, quotas and namespaces', () => {
  it('say how many pods may be evicted', () => {
    const cluster = testCluster();
    const budget = (name: string, rule: JsonObject) =>
      cluster.store.create(RESOURCES.disruptionBudgets, {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name, namespace: NAMESPACE },
        spec: { ...rule, selector: { matchLabels: { app: 'api' } } },
      });
    budget('nine', { minAvailable: 9 });
    budget('half', { minAvailable: '50%' });
    budget('two', { maxUnavailable: 2 });
    createDeployment(cluster, { replicas: 10 });
    rollOut(cluster);
    const allowed = (name: string) =>
      countAt(
        cluster.store.get(RESOURCES.disruptionBudgets, NAMESPACE, name),
        'status',
        'disruptionsAllowed',
      );
    expect(['nine', 'half', 'two'].map(allowed)).toEqual([1, 5, 2]);
    cluster.controllers.killPod(NAMESPACE, podsOf(cluster)[0]?.metadata.name ?? '');
    cluster.clock.advance(100);
    expect(['nine', 'half', 'two'].map(allowed)).toEqual([0, 4, 1]);
  });

  it('add up what a namespace uses', () => {
    const cluster = testCluster();
    const hard = {
      pods: '50',
      'requests.cpu': '20',
      'requests.memory': '40Gi',
      'limits.memory': '80Gi',
      services: '5',
    };
    cluster.store.create(RESOURCES.resourceQuotas, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'all', namespace: NAMESPACE },
      spec: { hard },
    });
    createDeployment(cluster, { replicas: 3 });
    rollOut(cluster);
    expect(cluster.store.get(RESOURCES.resourceQuotas, NAMESPACE, 'all')?.status).toEqual({
      hard,
      used: {
        pods: '3',
        'requests.cpu': '750m',
        'requests.memory': '1536Mi',
        'limits.memory': '3Gi',
        services: '0',
      },
    });
    expect(formatQuantity(parseQuantity('1.5Gi'), true)).toBe('1536Mi');
  });

  it('become Active, and take everything along when deleted', () => {
    const cluster = testCluster();
    cluster.store.create(RESOURCES.namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE },
    });
    createDeployment(cluster, { replicas: 2 });
    rollOut(cluster);
    const phase = () => textAt(cluster.store.get(RESOURCES.namespaces, null, NAMESPACE), 'status', 'phase');
    expect(phase()).toBe('Active');
    cluster.store.change(RESOURCES.namespaces, null, NAMESPACE, (object) => {
      object.metadata.deletionTimestamp = object.metadata.creationTimestamp;
      return object;
    });
    cluster.clock.advance(60_000);
    expect(phase()).toBeUndefined();
    expect([podsOf(cluster), setsOf(cluster)]).toEqual([[], []]);
  });
});
