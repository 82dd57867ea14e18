import { describe, expect, test } from 'vitest';
import type { JobSeen, PodSeen } from './cluster';
import { judgeJob, neverStarted } from './sight';

const job = (phase: JobSeen['phase'], detail = ''): JobSeen => ({
  uid: 'u',
  annotations: {},
  phase,
  detail,
  startedAt: null,
  endedAt: null,
});
const pod = (more: Partial<PodSeen> = {}): PodSeen => ({
  name: 'x-1-abcde',
  phase: 'Running',
  reason: '',
  message: '',
  unscheduled: null,
  waiting: null,
  isRunning: false,
  terminated: null,
  ...more,
});
const ended = (exitCode: number, reason = 'Error') =>
  pod({ phase: 'Failed', terminated: { exitCode, reason, startedAt: null, endedAt: null } });
const judge = (seen: JobSeen, ...pods: PodSeen[]) => judgeJob({ name: 'x-1', job: seen, pods });
const problem = (seen: JobSeen, ...pods: PodSeen[]) => {
  const verdict = judge(seen, ...pods);
  return verdict.is === 'ended' ? verdict.problem : null;
};

describe('how a Job stands', () => {
  test('under way, begun or not', () => {
    expect(judge(job('running'))).toEqual({ is: 'under-way', isStarted: false });
    expect(judge(job('running'), pod({ waiting: { reason: 'ContainerCreating', message: '' } }))).toEqual({
      is: 'under-way',
      isStarted: false,
    });
    expect(judge(job('running'), pod({ isRunning: true }))).toEqual({ is: 'under-way', isStarted: true });
    expect(judge(job('running'), ended(0))).toEqual({ is: 'under-way', isStarted: true });
  });

  test('complete, and only with exit code 0', () => {
    expect(judge(job('complete'), ended(0, 'Completed'))).toMatchObject({ is: 'complete' });
    expect(judge(job('complete'))).toEqual({ is: 'complete', pod: null });
    expect(problem(job('complete'), ended(3))).toBe(
      'Job x-1 is complete, but its container ended with code 3.',
    );
  });

  test.each([
    [
      'its deadline',
      job('failed', 'DeadlineExceeded: Job was active longer'),
      [ended(143)],
      /activeDeadlineSeconds/,
    ],
    [
      'an eviction',
      job('failed'),
      [pod({ reason: 'Evicted', message: 'The node was low on memory' })],
      /was evicted: The node was low on memory\. Give it/,
    ],
    ['memory', job('failed'), [ended(137, 'OOMKilled')], /killed for memory/],
    [
      'a code',
      job('failed', 'BackoffLimitExceeded'),
      [ended(1)],
      /^The container of Job x-1 ended with code 1\.$/,
    ],
    [
      'a pod that is gone',
      job('failed', 'BackoffLimitExceeded: reached the limit'),
      [],
      /its pod is gone: BackoffLimitExceeded: reached the limit\.$/,
    ],
    [
      'another reason',
      job('failed', 'PodFailurePolicy: no'),
      [ended(0)],
      /^Job x-1 failed: PodFailurePolicy: no\.$/,
    ],
    ['no reason at all', job('failed'), [pod()], /no reason is given\.$/],
    ['somebody who suspends it', job('suspended'), [], /suspended by somebody else/],
  ] as const)('ended by %s', (_, seen, pods, says) => {
    expect(problem(seen, ...pods)).toMatch(says);
  });
});

describe('why a Job never starts', () => {
  const why = (pods: PodSeen[], complaint: string | null = null) =>
    neverStarted('x-1', pods, { startSeconds: 300, complaint });

  test.each([
    ['ImagePullBackOff', /Correct the image/],
    ['CreateContainerConfigError', /Make the Secret or ConfigMap/],
    ['ContainerCreating', /volume can be mounted/],
    ['Other', /events of the pod/],
  ])('its container waits with %s', (reason, says) => {
    const text = why([pod({ waiting: { reason, message: 'it is so\nand more' } })]);
    expect(text).toMatch(/^Job x-1 did not start within 5 min: its container waits with \w+, it is so\. /);
    expect(text).toMatch(says);
  });

  test('no node takes its pod, the cluster makes none, or nobody knows', () => {
    expect(why([pod({ unscheduled: '0/3 nodes are available' })])).toMatch(
      /no node takes its pod\. 0\/3 nodes are available\. Make room/,
    );
    expect(why([], 'exceeded quota: compute')).toMatch(
      /made no pod for it\. exceeded quota: compute\. Raise the quota/,
    );
    expect(why([], 'admission webhook denied')).toMatch(/webhook denied\. Look at the events of the Job\.$/);
    expect(why([])).toMatch(/made no pod for it\. Look at the events of the Job\.$/);
    expect(why([pod({ phase: 'Pending' })])).toMatch(/its pod is Pending\. Look/);
  });
});
