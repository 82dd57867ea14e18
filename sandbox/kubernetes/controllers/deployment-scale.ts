import type { KubeObject } from '../store';
import { desiredReplicas, isRollingUpdate, maxSurge, maxUnavailable } from './deployment-limits';
import { byAge, DESIRED, MAX } from './deployment-sets';
import { sumDesired, sumStatus } from './deployment-status';
import { countAt } from './read';

/** A ReplicaSet and the number of pods it shall have. */
export type Scale = { set: KubeObject; replicas: number };

const isActive = (set: KubeObject): boolean => desiredReplicas(set) > 0;

/** Pods that the new ReplicaSet may have now: up to the surge, never above what is wanted. */
export function newSetSize(deployment: KubeObject, all: readonly KubeObject[], newSetNow: number): number {
  const wanted = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - sumDesired(all);
  return room <= 0 ? newSetNow : newSetNow + Math.min(room, wanted - newSetNow);
}

/** First step of a rolling update: the new ReplicaSet grows (or shrinks to what is wanted). */
export function growNew(
  deployment: KubeObject,
  all: readonly KubeObject[],
  newSet: KubeObject,
): Scale | null {
  const wanted = desiredReplicas(deployment);
  const now = desiredReplicas(newSet);
  if (now === wanted) return null;
  const replicas = now > wanted ? wanted : newSetSize(deployment, all, now);
  return replicas === now ? null : { set: newSet, replicas };
}

/** Second step: old ReplicaSets shrink, unhealthy pods first, keeping replicas - maxUnavailable available. */
export function shrinkOld(deployment: KubeObject, old: readonly KubeObject[], newSet: KubeObject): Scale[] {
  const active = old.filter(isActive).sort(byAge);
  const all = [...active, newSet];
  const minAvailable = desiredReplicas(deployment) - maxUnavailable(deployment);
  const newUnavailable = desiredReplicas(newSet) - countAt(newSet, 'status', 'availableReplicas');
  let allowed = sumDesired(all) - minAvailable - newUnavailable;
  if (active.length === 0 || allowed <= 0) return [];
  const sizes = new Map(active.map((set) => [set, desiredReplicas(set)]));
  for (const set of active) {
    const size = desiredReplicas(set);
    const unhealthy = Math.min(allowed, Math.max(0, size - countAt(set, 'status', 'availableReplicas')));
    sizes.set(set, size - unhealthy);
    allowed -= unhealthy;
  }
  let spare = sumStatus(all, 'availableReplicas') - minAvailable;
  for (const set of active) {
    const size = sizes.get(set) ?? 0;
    const fewer = Math.max(0, Math.min(size, spare, allowed));
    sizes.set(set, size - fewer);
    spare -= fewer;
    allowed -= fewer;
  }
  return active.flatMap((set) => {
    const replicas = sizes.get(set) ?? 0;
    return replicas === desiredReplicas(set) ? [] : [{ set, replicas }];
  });
}

/** After a change of `replicas`, or while paused: one active ReplicaSet takes all, several share by size. */
export function proportional(
  deployment: KubeObject,
  old: readonly KubeObject[],
  newSet: KubeObject | undefined,
): Scale[] {
  const wanted = desiredReplicas(deployment);
  const all = newSet ? [...old, newSet] : [...old];
  const active = all.filter(isActive);
  const only = active.length <= 1 ? (active[0] ?? newSet ?? [...old].sort(byAge).at(-1)) : undefined;
  if (only) return [{ set: only, replicas: wanted }];
  if (newSet && isSaturated(wanted, newSet)) {
    return old.filter(isActive).map((set) => ({ set, replicas: 0 }));
  }
  return isRollingUpdate(deployment) ? share(deployment, active) : [];
}

function isSaturated(wanted: number, newSet: KubeObject): boolean {
  const sizedFor = Number.parseInt(newSet.metadata.annotations?.[DESIRED] ?? '', 10);
  return (
    desiredReplicas(newSet) === wanted &&
    sizedFor === wanted &&
    countAt(newSet, 'status', 'availableReplicas') === wanted
  );
}

function share(deployment: KubeObject, active: readonly KubeObject[]): Scale[] {
  const wanted = desiredReplicas(deployment);
  const most = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const toAdd = most - sumDesired(active);
  const largestFirst = [...active].sort(
    (a, b) => desiredReplicas(b) - desiredReplicas(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)),
  );
  let added = 0;
  const scales = largestFirst.map((set) => {
    const part = toAdd === 0 || added === toAdd ? 0 : fraction(deployment, set, most);
    const step = toAdd > 0 ? Math.min(part, toAdd - added) : Math.max(part, toAdd - added);
    added += step;
    return { set, replicas: desiredReplicas(set) + step };
  });
  // What rounding left over goes to the largest.
  const first = scales[0];
  if (first) first.replicas = Math.max(0, first.replicas + toAdd - added);
  return scales;
}

function fraction(deployment: KubeObject, set: KubeObject, most: number): number {
  const size = desiredReplicas(set);
  if (desiredReplicas(deployment) === 0) return -size;
  const sizedFor =
    Number.parseInt(set.metadata.annotations?.[MAX] ?? '', 10) || countAt(deployment, 'status', 'replicas');
  return sizedFor === 0 ? 0 : Math.round((size * most) / sizedFor) - size;
}
