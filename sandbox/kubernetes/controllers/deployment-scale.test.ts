import { describe, expect, it, vi } from 'vitest';
import { desiredReplicas, maxSurge, maxUnavailable } from './deployment-limits';
import { byAge } from './deployment-sets';
import { conditionOf } from './read';
import {
  changeSpec,
  createDeployment,
  deploymentOf,
  rollOut,
  setImage,
  setsOf,
  testCluster,
} from './test-cluster';

// Rollouts of minutes are much arithmetic: a busy machine may take its time for it.
vi.setConfig({ testTimeout: 60_000 });

const rolling = (surge: number | string, unavailable: number | string) => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
});

describe('limits of a rolling update', () => {
  it.each([
    [10, '25%', '25%', 3, 2],
    [4, '25%', '25%', 1, 1],
    [1, '25%', '25%', 1, 0],
    [3, 0, '10%', 0, 1],
    [3, 1, 5, 1, 3],
    [0, 1, 1, 1, 0],
  ])(
    'of %i pods with surge %s and unavailable %s are %i and %i',
    (replicas, surge, unavailable, most, least) => {
      const cluster = testCluster();
      const deployment = createDeployment(cluster, { replicas, spec: rolling(surge, unavailable) });
      expect([maxSurge(deployment), maxUnavailable(deployment)]).toEqual([most, least]);
    },
  );
});

describe('a rolling update', () => {
  it('over pods that never got ready goes no further than its limits allow for the new ones', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 4, image: 'api:old-never-ready', spec: rolling(1, 1) });
    cluster.clock.advance(30_000);
    setImage(cluster, 'api:new-never-ready');
    cluster.clock.advance(60_000);
    expect(setsOf(cluster).sort(byAge).map(desiredReplicas)).toEqual([3, 2]);
  });

  it('takes unhealthy old pods down first, so that a repair needs no healthy one to go', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 4, image: 'api:old-never-ready', spec: rolling(1, 1) });
    cluster.clock.advance(30_000);
    setImage(cluster, 'api:good');
    rollOut(cluster);
    expect(setsOf(cluster).sort(byAge).map(desiredReplicas)).toEqual([0, 4]);
  });

  it('that is paused before it starts does not start, and has no deadline', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 3, spec: { progressDeadlineSeconds: 20 } });
    rollOut(cluster);
    changeSpec(cluster, { paused: true });
    setImage(cluster, 'api:2');
    cluster.clock.advance(600_000);
    expect(setsOf(cluster)).toHaveLength(1);
    expect(conditionOf(deploymentOf(cluster), 'Progressing')?.['reason']).toBe('DeploymentPaused');
    changeSpec(cluster, { paused: null });
    rollOut(cluster);
    expect(setsOf(cluster)).toHaveLength(2);
  });

  it('that is slow but moving does not exceed a deadline shorter than itself', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 10, spec: { progressDeadlineSeconds: 10, minReadySeconds: 5 } });
    rollOut(cluster);
    const from = cluster.log.length;
    const start = cluster.clock.now();
    setImage(cluster, 'api:2');
    rollOut(cluster);
    expect(cluster.clock.now() - start).toBeGreaterThan(60_000);
    const failed = cluster.log
      .slice(from)
      .some(({ event }) => conditionOf(event.object, 'Progressing')?.['status'] === 'False');
    expect(failed).toBe(false);
  });
});
