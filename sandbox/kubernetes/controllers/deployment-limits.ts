import type { Json, KubeObject } from '../store';
import { countAt, numberAt, textAt, valueAt } from './read';

/** A whole number or per cent of `total`, as intstr.GetScaledValueFromIntOrPercent. */
export function scaledValue(value: Json | undefined, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\d+%$/.test(value)) return 0;
  const exact = (Number.parseInt(value, 10) * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
}

export const desiredReplicas = (object: KubeObject): number => numberAt(object, 'spec', 'replicas') ?? 1;

export const isRollingUpdate = (deployment: KubeObject): boolean =>
  (textAt(deployment, 'spec', 'strategy', 'type') ?? 'RollingUpdate') === 'RollingUpdate';

/** Pods above `replicas` that a rollout may have: rounds up. */
export function maxSurge(deployment: KubeObject): number {
  return isRollingUpdate(deployment) ? limitsOf(deployment).surge : 0;
}

/** Pods below `replicas` that a rollout may have: rounds down; 1 when both limits come to 0. */
export function maxUnavailable(deployment: KubeObject): number {
  const replicas = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(limitsOf(deployment).unavailable, replicas);
}

export const minReadySeconds = (object: KubeObject): number => countAt(object, 'spec', 'minReadySeconds');

/** Seconds without progress until a rollout counts as stuck; null when no deadline is set. */
export function progressDeadlineSeconds(deployment: KubeObject): number | null {
  const seconds = numberAt(deployment, 'spec', 'progressDeadlineSeconds');
  return seconds === undefined || seconds === 2 ** 31 - 1 ? null : seconds;
}

function limitsOf(deployment: KubeObject): { surge: number; unavailable: number } {
  const replicas = desiredReplicas(deployment);
  const limit = (name: string): Json =>
    valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', name) ?? '25%';
  const surge = scaledValue(limit('maxSurge'), replicas, true);
  const unavailable = scaledValue(limit('maxUnavailable'), replicas, false);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
