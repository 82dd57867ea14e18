import type { JsonObject, KubeObject } from '../store';
import { findCondition, withCondition, withoutCondition } from './conditions';
import { desiredReplicas, maxUnavailable, progressDeadlineSeconds } from './deployment-limits';
import { conditionOf, countAt, objectAt, timeOf, timestampOf } from './read';

/** Sum of a status count over ReplicaSets. */
export function sumStatus(sets: readonly KubeObject[], field: string): number {
  return sets.reduce((sum, set) => sum + countAt(set, 'status', field), 0);
}

/** Sum of the wanted pods over ReplicaSets. */
export function sumDesired(sets: readonly KubeObject[]): number {
  return sets.reduce((sum, set) => sum + desiredReplicas(set), 0);
}

/** Counts and the Available condition from the ReplicaSets; counts of zero are absent on the wire. */
export function countStatus(
  deployment: KubeObject,
  all: readonly KubeObject[],
  newSet: KubeObject | undefined,
  now: number,
): JsonObject {
  const available = sumStatus(all, 'availableReplicas');
  const old = objectAt(deployment, 'status');
  const counts = {
    replicas: sumStatus(all, 'replicas'),
    updatedReplicas: newSet ? countAt(newSet, 'status', 'replicas') : 0,
    readyReplicas: sumStatus(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sumDesired(all) - available),
  };
  const status: JsonObject = { observedGeneration: deployment.metadata.generation ?? 1 };
  for (const [field, count] of Object.entries(counts)) if (count > 0) status[field] = count;
  status['terminatingReplicas'] = sumStatus(all, 'terminatingReplicas');
  if (old['conditions'] !== undefined) status['conditions'] = old['conditions'];
  if (old['collisionCount'] !== undefined) status['collisionCount'] = old['collisionCount'];
  const failure = newSet && conditionOf(newSet, 'ReplicaFailure');
  const enough = available >= desiredReplicas(deployment) - maxUnavailable(deployment);
  const at = timestampOf(now);
  return withCondition(
    failure ? withCondition(status, failureOf(failure), at) : withoutCondition(status, 'ReplicaFailure'),
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
    },
    at,
  );
}

/** What the new ReplicaSet says of pods that could not be made, as the Deployment repeats it. */
const failureOf = (failure: JsonObject) => ({
  type: 'ReplicaFailure',
  status: 'True' as const,
  reason: String(failure['reason']),
  message: String(failure['message']),
});

/** Upstream's DeploymentComplete: everything wanted is new, nothing else is left, and all of it is available. */
export function isComplete(deployment: KubeObject, status: JsonObject): boolean {
  const wanted = desiredReplicas(deployment);
  return (
    countAt(status, 'updatedReplicas') === wanted &&
    countAt(status, 'replicas') === wanted &&
    countAt(status, 'availableReplicas') === wanted &&
    countAt(status, 'observedGeneration') >= (deployment.metadata.generation ?? 1)
  );
}

/** Adds the Progressing condition of a rollout in motion, done or stuck to counted status. */
export function withProgress(
  deployment: KubeObject,
  counted: JsonObject,
  newSet: KubeObject | undefined,
  now: number,
): JsonObject {
  if (progressDeadlineSeconds(deployment) === null) return withoutCondition(counted, 'Progressing');
  const old = objectAt(deployment, 'status');
  const current = findCondition(old, 'Progressing');
  const settled = countAt(counted, 'replicas') === countAt(counted, 'updatedReplicas');
  if (settled && current?.['reason'] === 'NewReplicaSetAvailable') return counted;
  const at = timestampOf(now);
  const subject = newSet
    ? `ReplicaSet "${newSet.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  const say = (status: 'True' | 'False', reason: string, text: string) => ({
    type: 'Progressing',
    status,
    reason,
    message: `${subject} ${text}`,
  });
  if (isComplete(deployment, counted)) {
    return withCondition(counted, say('True', 'NewReplicaSetAvailable', 'has successfully progressed.'), at);
  }
  if (hasProgressed(old, counted)) {
    // Each step of progress restarts the deadline, so the update time moves even when nothing else does.
    const moved = withCondition(
      withoutCondition(counted, 'Progressing'),
      say('True', 'ReplicaSetUpdated', 'is progressing.'),
      at,
    );
    const since = current?.['status'] === 'True' ? current['lastTransitionTime'] : undefined;
    if (since === undefined) return moved;
    const conditions = moved['conditions'];
    if (!Array.isArray(conditions)) return moved;
    const entry = { ...findCondition(moved, 'Progressing'), lastTransitionTime: since };
    return { ...moved, conditions: [...conditions.slice(0, -1), entry] };
  }
  if (isStuck(deployment, counted, now)) {
    return withCondition(counted, say('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'), at);
  }
  return counted;
}

/** Milliseconds until a rollout that shows no progress must be looked at again; null when there is no need. */
export function stuckCheckDelay(deployment: KubeObject, status: JsonObject, now: number): number | null {
  const deadline = progressDeadlineSeconds(deployment);
  const current = findCondition(status, 'Progressing');
  if (deadline === null || !current || isComplete(deployment, status)) return null;
  const waiting = ['ReplicaSetUpdated', 'NewReplicaSetCreated', 'FoundNewReplicaSet', 'DeploymentResumed'];
  if (!waiting.includes(String(current['reason']))) return null;
  // The condition's time has whole seconds: one more second makes sure that the deadline has passed.
  return Math.max(timeOf(current['lastUpdateTime']) + deadline * 1000 - now, 0) + 1000;
}

function hasProgressed(old: JsonObject, next: JsonObject): boolean {
  const outdated = (status: JsonObject) => countAt(status, 'replicas') - countAt(status, 'updatedReplicas');
  const grew = (field: string) => countAt(next, field) > countAt(old, field);
  return (
    grew('updatedReplicas') ||
    outdated(next) < outdated(old) ||
    grew('readyReplicas') ||
    grew('availableReplicas')
  );
}

function isStuck(deployment: KubeObject, status: JsonObject, now: number): boolean {
  const deadline = progressDeadlineSeconds(deployment);
  const current = findCondition(status, 'Progressing');
  if (deadline === null || !current || current['reason'] === 'NewReplicaSetAvailable') return false;
  if (current['reason'] === 'ProgressDeadlineExceeded') return true;
  return timeOf(current['lastUpdateTime']) + deadline * 1000 < now;
}
