import type { KubeObject } from '../store';
import type { Clock, TimerHandle } from './clock';
import { countAt, listAt, objectAt, textAt } from './read';

/** Where the kubelet is with a pod. `waiting` covers back-offs of pulls and restarts. */
export type Stage = 'unassigned' | 'creating' | 'waiting' | 'running' | 'ended' | 'terminating';

/** What the kubelet keeps in mind of one pod. */
export type PodRun = {
  uid: string;
  namespace: string;
  name: string;
  node: string | null;
  stage: Stage;
  ready: boolean;
  /** Failures in a row, which double the back-off. */
  failures: number;
  startedAt: number;
  /** Its container ran already when this kubelet began to look after it. */
  isAdopted: boolean;
  timers: Set<TimerHandle>;
};

export function newRun(pod: KubeObject): PodRun {
  return {
    uid: pod.metadata.uid,
    namespace: pod.metadata.namespace ?? 'default',
    name: pod.metadata.name,
    node: textAt(pod, 'spec', 'nodeName') ?? null,
    stage: 'unassigned',
    ready: false,
    failures: 0,
    startedAt: 0,
    isAdopted: false,
    timers: new Set(),
  };
}

export function cancelTimers(run: PodRun, clock: Clock): void {
  for (const timer of run.timers) clock.clearTimeout(timer);
  run.timers.clear();
}

/** Kubelet defaults: 10 s, doubled at each failure, at most 5 min. `failures` counts from 1. */
export const backOffSeconds = (failures: number): number =>
  Math.min(10 * 2 ** Math.max(failures - 1, 0), 300);

export type Probe = { delay: number; period: number; threshold: number };

/** The timing of a probe of the first container that has one, in seconds; undefined without a probe. */
export function probeOf(pod: KubeObject, kind: 'readinessProbe' | 'livenessProbe'): Probe | undefined {
  const container = listAt(pod, 'spec', 'containers').find((one) => one[kind] !== undefined);
  if (!container) return undefined;
  const probe = objectAt(container, kind);
  return {
    delay: countAt(probe, 'initialDelaySeconds'),
    period: countAt(probe, 'periodSeconds') || 10,
    threshold: countAt(probe, 'failureThreshold') || 3,
  };
}
