/** What the cluster shows of one Deployment at one moment, reduced to what decisions need. */
export type Live = {
  uid: string;
  resourceVersion: string;
  /** Key of the pod template (template.ts) and whether the Deployment is paused: what we write and compare. */
  template: string;
  paused: boolean;
  replicas: number;
  generation: number;
  observedGeneration: number;
  counts: { all: number; updated: number; ready: number; available: number };
  /** The Progressing condition says ProgressDeadlineExceeded, whatever generation it speaks of. */
  deadlineExceeded: boolean;
  /** Pods of the current template, and of earlier ones that still serve. */
  newPods: PodFact[];
  oldPods: PodFact[];
  /** Who wrote the template, the pause or the replicas last, for people; null when the object does not say. */
  writer: string | null;
  /** Replicas were set by an autoscaler. */
  scaledByAutoscaler: boolean;
};

export type PodFact = {
  name: string;
  version: string;
  /** Of what its container runs; absent while nothing was pulled, or where the runtime does not say. */
  digest?: string;
  ready: boolean;
  terminating: boolean;
  restarts: number;
  /** `CrashLoopBackOff`, `ImagePullBackOff`, `Error` ...; null when nothing is wrong. */
  trouble: string | null;
};

/** The controller has seen the last write; before that the status is of the earlier rollout (captures 1, 2). */
export const isObserved = (live: Live): boolean => live.observedGeneration >= live.generation;

/**
 * `rollout status` done (change-engine.md 1.6): counts, never the Progressing condition, which lies in both
 * directions while the controller catches up.
 */
export const isComplete = (live: Live): boolean =>
  isObserved(live) &&
  live.counts.updated >= live.replicas &&
  live.counts.all === live.counts.updated &&
  live.counts.available >= live.counts.updated;

/** Complete and able to serve: a template in this state is known to be good. */
export const isHealthy = (live: Live): boolean =>
  isComplete(live) && !live.paused && live.replicas > 0 && live.newPods.every((pod) => pod.trouble === null);

export const readyNewPods = (live: Live): number =>
  live.newPods.filter((pod) => pod.ready && !pod.terminating).length;

export const servingOldPods = (live: Live): number =>
  live.oldPods.filter((pod) => pod.ready && !pod.terminating).length;

/** The one content that all of these pods run; null when it is not known, or not one. */
export function digestRunning(pods: readonly PodFact[]): string | null {
  const found = new Set(pods.filter(({ terminating }) => !terminating).map(({ digest }) => digest ?? null));
  const [only = null] = found;
  return found.size === 1 ? only : null;
}

/** Net progress: ready pods of the current template minus those that still have to go. A flapping pod gains nothing. */
export const netProgress = (live: Live): number =>
  readyNewPods(live) - Math.max(0, live.counts.all - live.counts.updated);

/** Pods of the current template that fail, for a sentence: `pod x: ImagePullBackOff`. */
export function troubles(live: Live): string | null {
  const failing = live.newPods.filter((pod) => pod.trouble !== null);
  if (failing.length === 0) return null;
  const named = failing.slice(0, 2).map((pod) => {
    const again = pod.restarts > 0 ? `, ${pod.restarts} restart${pod.restarts === 1 ? '' : 's'}` : '';
    return `pod ${pod.name}: ${pod.trouble}${again}`;
  });
  return failing.length > 2 ? `${named.join('; ')}; ${failing.length - 2} more` : named.join('; ');
}

/** `2 of 3 pods on 2.0.0 are ready, 1 old pod still serves`. */
export function rolloutSentence(live: Live, version: string): string {
  const old = servingOldPods(live);
  const olds =
    old === 0 ? '' : `, ${old} earlier pod${old === 1 ? '' : 's'} still serve${old === 1 ? 's' : ''}`;
  const trouble = troubles(live);
  return `${readyNewPods(live)} of ${live.replicas} pods on ${version} are ready${olds}${trouble === null ? '' : ` (${trouble})`}`;
}
