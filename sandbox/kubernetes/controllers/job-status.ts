import type { JsonObject, KubeObject } from '../store';
import { listAt, objectAt, timestampOf, trueAt } from './read';

export type Verdict = { kind: 'Complete' | 'Failed'; reason: string; message: string };

export const completed: Verdict = {
  kind: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};
export const backOffExceeded: Verdict = {
  kind: 'Failed',
  reason: 'BackoffLimitExceeded',
  message: 'Job has reached the specified backoff limit',
};
export const deadlineExceeded: Verdict = {
  kind: 'Failed',
  reason: 'DeadlineExceeded',
  message: 'Job was active longer than specified deadline',
};

/** The condition that announces a verdict one event before the verdict itself. */
export const announcement = (verdict: Verdict): string =>
  verdict.kind === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';

/** The verdict that a condition of the Job has announced already; it does not change any more. */
export function announcedVerdict(job: KubeObject): Verdict | null {
  const conditions = listAt(job, 'status', 'conditions');
  const isAnnounced = (one: Verdict): boolean =>
    conditions.some((c) => c['type'] === announcement(one) && c['reason'] === one.reason);
  return [completed, backOffExceeded, deadlineExceeded].find(isAnnounced) ?? null;
}

export function jobCondition(
  type: string,
  { reason, message }: Omit<Verdict, 'kind'>,
  now: number,
): JsonObject {
  const at = timestampOf(now);
  return { type, status: 'True', lastProbeTime: at, lastTransitionTime: at, reason, message };
}

/**
 * A Job counts its time from when it may run: a suspended one has none until it is resumed, and then begins anew. The
 * condition Suspended is there once it was suspended, and says when it was resumed.
 */
export function suspension(job: KubeObject, now: number): { status: JsonObject; conditions: JsonObject[] } {
  const status = objectAt(job, 'status');
  const conditions = [...listAt(status, 'conditions')];
  const at = conditions.findIndex(({ type }) => type === 'Suspended');
  const was = conditions[at]?.['status'] === 'True';
  const is = trueAt(job, 'spec', 'suspend');
  const begins = { startTime: timestampOf(now) };
  if (is === was) return { status: is ? status : { ...begins, ...status }, conditions };
  const what = is ? 'suspended' : 'resumed';
  const condition = {
    ...jobCondition('Suspended', { reason: is ? 'JobSuspended' : 'JobResumed', message: `Job ${what}` }, now),
    status: is ? 'True' : 'False',
  };
  if (at < 0) conditions.push(condition);
  else conditions[at] = condition;
  return { status: is ? status : { ...status, ...begins }, conditions };
}

export const hasJobCondition = (status: JsonObject, type: string): boolean =>
  listAt(status, 'conditions').some(
    (condition) => condition['type'] === type && condition['status'] === 'True',
  );

export type JobCounts = {
  active: number;
  ready: number;
  terminating: number;
  succeeded: number;
  failed: number;
};

/** Status in the recorded shape: `active`, `succeeded` and `failed` are absent when zero, the others are not. */
export function jobStatus(
  old: JsonObject,
  counts: JobCounts,
  uncounted: { succeeded: string[]; failed: string[] },
  conditions: readonly JsonObject[],
): JsonObject {
  const status: JsonObject = {};
  if (conditions.length > 0) status['conditions'] = [...conditions];
  for (const key of ['startTime', 'completionTime'] as const) {
    const value = old[key];
    if (value !== undefined) status[key] = value;
  }
  for (const key of ['active', 'succeeded', 'failed'] as const)
    if (counts[key] > 0) status[key] = counts[key];
  status['terminating'] = counts.terminating;
  status['uncountedTerminatedPods'] = {
    ...(uncounted.succeeded.length > 0 ? { succeeded: uncounted.succeeded } : {}),
    ...(uncounted.failed.length > 0 ? { failed: uncounted.failed } : {}),
  };
  status['ready'] = counts.ready;
  return status;
}
