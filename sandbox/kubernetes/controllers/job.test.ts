import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../store';
import { RESOURCES } from './context';
import { goldenLines } from './golden-lines';
import { conditionOf, countAt, listAt, objectAt, textAt } from './read';
import { NAMESPACE, podsOf, type TestCluster, testCluster } from './test-cluster';

// Rollouts of minutes are much arithmetic: a busy machine may take its time for it.
vi.setConfig({ testTimeout: 60_000 });

function jobSpec(image: string, more: JsonObject = {}, restartPolicy = 'Never'): JsonObject {
  return {
    parallelism: 1,
    completions: 1,
    backoffLimit: 1,
    template: {
      metadata: { labels: { app: 'backup' } },
      spec: { restartPolicy, containers: [{ name: 'backup', image, resources: {} }] },
    },
    ...more,
  };
}

function createJob(cluster: TestCluster, spec: JsonObject, name = 'backup'): void {
  cluster.store.create(RESOURCES.jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NAMESPACE },
    spec,
    status: {},
  });
}

const job = (cluster: TestCluster, name = 'backup') => cluster.store.get(RESOURCES.jobs, NAMESPACE, name);

function resume(cluster: TestCluster): void {
  cluster.store.change(RESOURCES.jobs, NAMESPACE, 'backup', (object) => ({
    ...object,
    spec: { ...object.spec, suspend: false },
    metadata: { ...object.metadata, generation: (object.metadata.generation ?? 1) + 1 },
  }));
}

/** Status without times and with pods named by their number: comparable between two runs. */
function shape(status: JsonObject): JsonObject {
  const { startTime, completionTime, ...rest } = status;
  const uncounted = Object.entries(objectAt(rest, 'uncountedTerminatedPods')).map(([key, uids]) => [
    key,
    Array.isArray(uids) ? uids.length : 0,
  ]);
  const conditions = listAt(rest, 'conditions').map(({ type, status: value, reason, message }) => ({
    type,
    value,
    reason,
    message,
  }));
  return {
    ...rest,
    started: startTime !== undefined,
    completed: completionTime !== undefined,
    uncountedTerminatedPods: Object.fromEntries(uncounted),
    conditions: conditions.map((one) => JSON.stringify(one)),
  };
}

const shapes = (cluster: TestCluster) =>
  cluster.log
    .filter(({ resource }) => resource === RESOURCES.jobs)
    .map(({ event }) => shape(event.object.status ?? {}));

const recorded = (name: string) => goldenLines(name).map((line) => shape(objectAt(line, 'status')));

describe('Jobs', () => {
  it('complete through the recorded sequence of statuses', () => {
    const cluster = testCluster();
    createJob(cluster, jobSpec('backup:1'));
    cluster.clock.advance(20_000);
    expect(shapes(cluster)).toEqual(recorded('job-complete.jsonl'));
    expect(podsOf(cluster).map((pod) => textAt(pod, 'status', 'phase'))).toEqual(['Succeeded']);
  });

  it('fail, wait 10 s and try again through the recorded sequence, then reach their limit', () => {
    const cluster = testCluster();
    createJob(cluster, jobSpec('backup:crash'));
    cluster.clock.advance(60_000);
    const ours = shapes(cluster);
    // The recording begins with the first counted status, after the empty one of the create.
    expect(ours.slice(1, 7)).toEqual(recorded('job-failed.jsonl'));
    expect(
      listAt(job(cluster), 'status', 'conditions').map((one) => `${one['type']} ${one['reason']}`),
    ).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    expect(countAt(job(cluster), 'status', 'failed')).toBe(2);
  });

  it('run as many pods at once as they may until all completions are reached', () => {
    const cluster = testCluster();
    createJob(cluster, jobSpec('backup:1', { completions: 5, parallelism: 2 }));
    let most = 0;
    for (let step = 0; step < 300; step += 1) {
      cluster.clock.advance(100);
      most = Math.max(most, countAt(job(cluster), 'status', 'active'));
    }
    expect(most).toBe(2);
    expect(countAt(job(cluster), 'status', 'succeeded')).toBe(5);
    expect(conditionOf(job(cluster) ?? {}, 'Complete')?.['status']).toBe('True');
    expect(podsOf(cluster)).toHaveLength(5);
  });

  it('end at their deadline and vanish with their pods when their time after the end is over', () => {
    const cluster = testCluster({ pods: { ...slow } });
    createJob(cluster, jobSpec('backup:1', { activeDeadlineSeconds: 10, ttlSecondsAfterFinished: 30 }));
    cluster.clock.advance(20_000);
    expect(conditionOf(job(cluster) ?? {}, 'Failed')?.['reason']).toBe('DeadlineExceeded');
    cluster.clock.advance(40_000);
    expect(job(cluster)).toBeNull();
    expect(podsOf(cluster)).toHaveLength(0);
  });

  it('that restart in place count the restarts', () => {
    const cluster = testCluster();
    createJob(cluster, jobSpec('backup:crash', { backoffLimit: 2 }, 'OnFailure'));
    cluster.clock.advance(300_000);
    expect(conditionOf(job(cluster) ?? {}, 'Failed')?.['reason']).toBe('BackoffLimitExceeded');
  });

  it('that are suspended start nothing until they are resumed', () => {
    const cluster = testCluster();
    createJob(cluster, jobSpec('backup:1', { suspend: true }));
    cluster.clock.advance(20_000);
    expect(podsOf(cluster)).toHaveLength(0);
    expect(conditionOf(job(cluster) ?? {}, 'Suspended')).toMatchObject({
      status: 'True',
      reason: 'JobSuspended',
    });
    expect(objectAt(job(cluster), 'status')['startTime']).toBeUndefined();
    resume(cluster);
    cluster.clock.advance(20_000);
    expect(conditionOf(job(cluster) ?? {}, 'Suspended')).toMatchObject({
      status: 'False',
      reason: 'JobResumed',
    });
    expect(conditionOf(job(cluster) ?? {}, 'Complete')?.['status']).toBe('True');
  });

  it('that were suspended have their whole deadline from the moment on at which they are resumed', () => {
    const cluster = testCluster({ pods: { ...slow } });
    createJob(cluster, jobSpec('backup:1', { suspend: true, activeDeadlineSeconds: 10 }));
    cluster.clock.advance(60_000);
    expect(conditionOf(job(cluster) ?? {}, 'Failed')).toBeUndefined();
    resume(cluster);
    cluster.clock.advance(9000);
    expect(conditionOf(job(cluster) ?? {}, 'Failed')).toBeUndefined();
    cluster.clock.advance(5000);
    expect(conditionOf(job(cluster) ?? {}, 'Failed')?.['reason']).toBe('DeadlineExceeded');
  });
});

const slow = {
  startSeconds: () => 1,
  readySeconds: () => 1,
  outcome: () => 'ok' as const,
  terminationSeconds: () => 1,
  runSeconds: () => 600,
};

function createCron(cluster: TestCluster, spec: JsonObject): void {
  cluster.store.create(RESOURCES.cronJobs, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: NAMESPACE },
    spec: { jobTemplate: { metadata: { labels: { app: 'backup' } }, spec: jobSpec('backup:1') }, ...spec },
    status: {},
  });
}

const jobs = (cluster: TestCluster) => cluster.store.list(RESOURCES.jobs, NAMESPACE);
const cron = (cluster: TestCluster) => cluster.store.get(RESOURCES.cronJobs, NAMESPACE, 'nightly');

describe('CronJobs', () => {
  it('start a Job at every due minute and keep the last three', () => {
    const cluster = testCluster();
    createCron(cluster, { schedule: '*/5 * * * *', successfulJobsHistoryLimit: 3 });
    cluster.clock.advance(31 * 60_000);
    expect(
      cluster.log.filter(({ resource, event }) => resource === RESOURCES.jobs && event.type === 'ADDED'),
    ).toHaveLength(6);
    expect(jobs(cluster)).toHaveLength(3);
    expect(textAt(cron(cluster), 'status', 'lastScheduleTime')).toBe('2026-11-21T07:00:00Z');
    expect(textAt(cron(cluster), 'status', 'lastSuccessfulTime')).toBeDefined();
    expect(jobs(cluster)[0]?.metadata.name).toMatch(/^nightly-\d{8}$/);
  });

  it.each([
    ['Forbid', 1],
    ['Allow', 3],
    ['Replace', 1],
  ])('with policy %s have %i Jobs running when each outlasts its minute', (concurrencyPolicy, running) => {
    const cluster = testCluster({ pods: slow });
    createCron(cluster, { schedule: '* * * * *', concurrencyPolicy });
    cluster.clock.advance(3 * 60_000 + 5000);
    expect(listAt(cron(cluster), 'status', 'active')).toHaveLength(running);
  });

  it('that are suspended start nothing', () => {
    const cluster = testCluster();
    createCron(cluster, { schedule: '* * * * *', suspend: true });
    cluster.clock.advance(10 * 60_000);
    expect(jobs(cluster)).toHaveLength(0);
  });

  it('count a Job made by hand as theirs: active, then their last success', () => {
    const cluster = testCluster();
    createCron(cluster, { schedule: '0 2 * * *', concurrencyPolicy: 'Forbid' });
    const owner = cron(cluster);
    cluster.store.create(RESOURCES.jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'manual',
        namespace: NAMESPACE,
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            name: 'nightly',
            uid: owner?.metadata.uid ?? '',
            controller: true,
          },
        ],
      },
      spec: jobSpec('backup:1'),
      status: {},
    });
    cluster.clock.advance(1000);
    expect(listAt(cron(cluster), 'status', 'active').map((one) => one['name'])).toEqual(['manual']);
    cluster.clock.advance(20_000);
    expect(cron(cluster)?.status).toEqual({ lastSuccessfulTime: expect.any(String) });
  });
});
