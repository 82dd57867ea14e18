import { describe, expect, it, vi } from 'vitest';
import { RESOURCES } from './context';
import { distinct, goldenCounts, goldenLines, goldenStates, statesSince } from './golden-lines';
import { conditionOf, countAt, listAt, objectAt, textAt } from './read';
import {
  changeSpec,
  createDeployment,
  deploymentOf,
  NAMESPACE,
  podsOf,
  rollOut,
  setImage,
  type TestCluster,
  testCluster,
} from './test-cluster';

// Rollouts of minutes are much arithmetic: a busy machine may take its time for it.
vi.setConfig({ testTimeout: 60_000 });

/** Two revisions rolled out, the first one current again by the next `setImage(…, 'api:1')`. */
function twoRevisions(): TestCluster {
  const cluster = testCluster();
  createDeployment(cluster);
  rollOut(cluster);
  setImage(cluster, 'api:2');
  rollOut(cluster);
  return cluster;
}

function stuck(): TestCluster {
  const cluster = twoRevisions();
  changeSpec(cluster, { progressDeadlineSeconds: 15 });
  cluster.clock.advance(1000);
  return cluster;
}

const counts = (line: string): string => line.split(' | ')[1] ?? '';

describe('recorded sequences of Deployment states', () => {
  it('rolls ten pods back to a known template exactly as recorded', () => {
    const cluster = twoRevisions();
    const from = cluster.log.length;
    setImage(cluster, 'api:1');
    rollOut(cluster);
    expect(statesSince(cluster, from)).toEqual(goldenStates('rollout-reuse.jsonl'));
  });

  it('exceeds its deadline exactly as recorded, keeps the old pods, and then does nothing more', () => {
    const cluster = stuck();
    const from = cluster.log.length;
    setImage(cluster, 'api:never-ready');
    cluster.clock.advance(600_000);
    expect(statesSince(cluster, from)).toEqual(goldenStates('rollout-deadline.jsonl'));
    const sets = cluster.store
      .list(RESOURCES.replicaSets, NAMESPACE)
      .map((set) => countAt(set, 'spec', 'replicas'));
    expect(sets.sort()).toEqual([0, 1, 10]);
  });

  it('undoes a stuck rollout exactly as recorded', () => {
    const cluster = stuck();
    setImage(cluster, 'api:never-ready');
    cluster.clock.advance(60_000);
    const from = cluster.log.length;
    setImage(cluster, 'api:2');
    rollOut(cluster);
    expect(statesSince(cluster, from)).toEqual(goldenStates('rollout-undo.jsonl'));
  });

  it('undoes a rollout half-way exactly as recorded', () => {
    const cluster = twoRevisions();
    setImage(cluster, 'api:3');
    const second = () =>
      countAt(deploymentOf(cluster), 'status', 'updatedReplicas') === 2 &&
      countAt(deploymentOf(cluster), 'status', 'terminatingReplicas') === 0;
    expect(cluster.clock.advanceUntil(second, 60_000)).toBe(true);
    const from = cluster.log.length;
    setImage(cluster, 'api:2');
    rollOut(cluster);
    expect(statesSince(cluster, from)).toEqual(goldenStates('rollout-undo-half-way.jsonl'));
  });

  it('resumes a paused rollout through the recorded conditions', () => {
    const cluster = twoRevisions();
    setImage(cluster, 'api:3');
    cluster.clock.advanceUntil(
      () => countAt(deploymentOf(cluster), 'status', 'updatedReplicas') === 1,
      10_000,
    );
    changeSpec(cluster, { paused: true });
    cluster.clock.advance(1_000_000);
    expect(conditionOf(deploymentOf(cluster), 'Progressing')).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
    });
    const from = cluster.log.length;
    changeSpec(cluster, { paused: false });
    rollOut(cluster);
    const words = (states: string[]) => distinct(states.map((line) => line.split(' | ')[2] ?? ''));
    expect(words(statesSince(cluster, from))).toEqual(words(goldenStates('rollout-resume.jsonl')));
    expect(statesSince(cluster, from).slice(0, 5)).toEqual(goldenStates('rollout-resume.jsonl').slice(0, 5));
  });

  it('shares a scale-down in mid-rollout as recorded', () => {
    const cluster = twoRevisions();
    setImage(cluster, 'api:3');
    cluster.clock.advanceUntil(
      () => countAt(deploymentOf(cluster), 'status', 'updatedReplicas') === 1,
      10_000,
    );
    const from = cluster.log.length;
    changeSpec(cluster, { replicas: 3 });
    rollOut(cluster);
    // How many pods end in the same moment is chance: compare the counts without the terminating ones.
    const settled = (states: string[]) =>
      distinct(states.map((line) => counts(line).split(' ').slice(0, 4).join(' ')));
    const ours = settled(statesSince(cluster, from));
    const recorded = settled(goldenStates('scale-during-rollout.jsonl'));
    expect(ours.slice(-10)).toEqual(recorded.slice(-10));
    expect(ours).toContain('3 - 3 3');
  });

  it('scales down and up without touching Progressing, as recorded', () => {
    const cluster = twoRevisions();
    const from = cluster.log.length;
    changeSpec(cluster, { replicas: 5 });
    cluster.clock.advance(8000);
    changeSpec(cluster, { replicas: 10 });
    rollOut(cluster);
    const short = (states: string[]) =>
      distinct(
        states.map((line) =>
          [counts(line).split(' ').slice(0, 5).join(' '), line.split(' | ')[3]?.split(' ')[0]].join(' '),
        ),
      );
    const ours = short(statesSince(cluster, from));
    const recorded = short(goldenStates('scale-under-autoscaler.jsonl'));
    expect(ours.slice(0, 5)).toEqual(recorded.slice(0, 5));
    expect(statesSince(cluster, from).every((line) => line.includes('NewReplicaSetAvailable=True'))).toBe(
      true,
    );
  });
});

describe('recorded watch of a whole rollout', () => {
  it('has as many events of each kind, and each ReplicaSet the same statuses in the same order', () => {
    const cluster = twoRevisions();
    cluster.store.create(RESOURCES.services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'api', namespace: NAMESPACE },
      spec: { selector: { app: 'api' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    });
    cluster.clock.advance(1000);
    const from = cluster.log.length;
    setImage(cluster, 'api:1');
    rollOut(cluster);
    const seen = cluster.log.slice(from).filter(({ resource }) => resource !== 'events');
    const counts: { [kind: string]: number } = {};
    for (const { event } of seen) {
      const kind = `${event.object.kind} ${event.type}`;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    expect(counts).toEqual(goldenCounts('rollout-reuse-counts.json'));

    const line = (generation: number, replicas: unknown, status: unknown) => {
      const { observedGeneration, ...rest } = objectAt({ status }, 'status');
      return `lag ${generation - Number(observedGeneration)} of ${replicas} ${JSON.stringify(Object.entries(rest).sort())}`;
    };
    const byName = new Map<string, string[]>();
    for (const { resource, event } of seen) {
      if (resource !== RESOURCES.replicaSets) continue;
      const { name, generation } = event.object.metadata;
      const text = line(generation ?? 0, event.object.spec?.['replicas'], event.object.status);
      byName.set(name, [...(byName.get(name) ?? []), text]);
    }
    const recorded = new Map<string, string[]>();
    for (const one of goldenLines('rollout-reuse-sets.jsonl')) {
      const name = String(one['name']);
      const text = line(countAt(one, 'generation'), one['replicas'], one['status']);
      recorded.set(name, [...(recorded.get(name) ?? []), text]);
    }
    expect([...byName.values()]).toEqual([...recorded.values()]);
  });
});

describe('recorded sequence of pod states', () => {
  it('deletes a pod with grace and replaces it as recorded', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1 });
    rollOut(cluster);
    const from = cluster.log.length;
    const victim = podsOf(cluster)[0];
    if (!victim) throw new Error('no pod');
    const name = victim.metadata.name;
    cluster.store.change(RESOURCES.pods, NAMESPACE, name, (pod) => {
      pod.metadata.deletionTimestamp = new Date(cluster.clock.now() + 30_000).toISOString();
      pod.metadata.deletionGracePeriodSeconds = 30;
      return pod;
    });
    cluster.clock.advance(10_000);
    const line = (
      type: string,
      isOld: boolean,
      phase: string,
      grace: unknown,
      conditions: string,
      state: string,
    ) => `${type} ${isOld ? 'old' : 'new'} ${phase} grace ${grace ?? '-'} ${conditions} ${state}`;
    const ours = cluster.log.slice(from).flatMap(({ resource, event: { type, object } }) => {
      if (resource !== RESOURCES.pods) return [];
      const conditions = listAt(object, 'status', 'conditions')
        .map((one) => `${one['type']}:${one['status']}`)
        .join(',');
      const status = listAt(object, 'status', 'containerStatuses')[0];
      const [word, detail] = Object.entries(status?.['state'] ?? {})[0] ?? ['-', {}];
      const state = word === 'waiting' ? `waiting:${textAt(detail, 'reason')}` : word;
      return [
        line(
          type,
          object.metadata.name === name,
          textAt(object, 'status', 'phase') ?? '',
          object.metadata.deletionGracePeriodSeconds,
          conditions,
          state,
        ),
      ];
    });
    const lines = goldenLines('pod-delete.jsonl');
    const recorded = lines.map((one) => {
      const conditions = Object.entries(one['conditions'] ?? {})
        .map(([type, status]) => `${type}:${status}`)
        .join(',');
      const state = textAt(one, 'container', 'state') ?? '-';
      return line(
        String(one['type']),
        one['name'] === lines[0]?.['name'],
        String(one['phase']),
        one['graceSeconds'],
        conditions,
        state,
      );
    });
    expect(ours).toEqual(recorded);
  });

  it('removes a pod that no node has taken at once', () => {
    const cluster = testCluster({ nodes: [] });
    createDeployment(cluster, { replicas: 1 });
    cluster.clock.advance(100);
    const [pod] = podsOf(cluster);
    if (!pod) throw new Error('no pod');
    const removed = () =>
      cluster.log.some(
        ({ event }) => event.type === 'DELETED' && event.object.metadata.uid === pod.metadata.uid,
      );
    changeSpec(cluster, { replicas: 0 });
    cluster.clock.advance(100);
    expect(removed()).toBe(true);
  });
});
