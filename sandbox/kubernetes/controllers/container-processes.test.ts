import { expect, test } from 'vitest';
import type { KubeObject } from '../store';
import { RESOURCES } from './context';
import { defaultBehaviour, type PodOutcome } from './pod-behaviour';
import { listAt, objectAt, textAt } from './read';
import { startControllers } from './start';
import { NAMESPACE, podsOf, testCluster } from './test-cluster';

/** A cluster whose Jobs are processes that a test ends by hand. */
function processCluster(outcome: () => PodOutcome = () => 'ok') {
  const begun: { end: (code: number) => void; signals: string[] }[] = [];
  const pods = {
    ...defaultBehaviour,
    outcome,
    process: () => (ended: (code: number) => void) => {
      const signals: string[] = [];
      begun.push({ end: ended, signals });
      return { stop: (signal: string) => void signals.push(signal) };
    },
  };
  const cluster = testCluster({ pods });
  cluster.store.create(RESOURCES.jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'copy', namespace: NAMESPACE },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 0,
      template: {
        metadata: { labels: { app: 'copy' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'copy', image: 'copy:1' }] },
      },
    },
    status: {},
  });
  cluster.clock.advance(5000);
  return { ...cluster, begun, pods };
}
type Cluster = ReturnType<typeof processCluster>;

const conditions = ({ store }: Cluster) =>
  listAt(store.get(RESOURCES.jobs, NAMESPACE, 'copy'), 'status', 'conditions').map(({ type }) => type);
const terminated = (pod: KubeObject | undefined) =>
  objectAt(listAt(pod, 'status', 'containerStatuses')[0], 'state', 'terminated');

test('a process runs until it ends, and its code is that of the container', () => {
  for (const [code, phase, type] of [
    [0, 'Succeeded', 'Complete'],
    [3, 'Failed', 'Failed'],
  ] as const) {
    const cluster = processCluster();
    cluster.clock.advance(600_000);
    expect(textAt(podsOf(cluster)[0], 'status', 'phase')).toBe('Running');
    expect(cluster.begun).toHaveLength(1);
    cluster.begun[0]?.end(code);
    cluster.clock.advance(5000);
    const [pod] = podsOf(cluster);
    expect([textAt(pod, 'status', 'phase'), terminated(pod)['exitCode']]).toEqual([phase, code]);
    expect(conditions(cluster)).toContain(type);
  }
});

test('a Job that is deleted has its process asked to end, and killed when it does not', () => {
  const cluster = processCluster();
  cluster.store.remove(RESOURCES.jobs, NAMESPACE, 'copy');
  cluster.clock.advance(60_000);
  expect(cluster.begun[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
  expect(podsOf(cluster)).toEqual([]);
});

test('a pod that is to crash has no process', () => {
  const cluster = processCluster(() => 'crash');
  cluster.clock.advance(10_000);
  expect(cluster.begun).toEqual([]);
  expect(terminated(podsOf(cluster)[0])['exitCode']).toBe(1);
  expect(conditions(cluster)).toContain('Failed');
});

test('processes end with the kubelet, and the next one finds their containers gone', () => {
  const cluster = processCluster();
  cluster.controllers.stop();
  expect(cluster.begun[0]?.signals).toEqual(['SIGKILL']);
  const again = startControllers(cluster.store, { clock: cluster.clock, pods: cluster.pods });
  cluster.clock.advance(10_000);
  expect(cluster.begun).toHaveLength(1);
  expect(terminated(podsOf(cluster)[0])['exitCode']).toBe(255);
  again.stop();
});
