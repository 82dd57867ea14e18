import type { KubeObject } from '../store';
import { listAt, textAt } from './read';

/**
 * How a pod's container fares: `crash` exits with 1 after a while, `oom` is killed for memory, `not-live`
 * fails its liveness probe, `never-ready` runs and fails readiness, `image-missing` cannot be pulled.
 */
export type PodOutcome = 'ok' | 'crash' | 'oom' | 'not-live' | 'never-ready' | 'image-missing';

/** What happens inside pods, asked again at every stage, so that an answer may change while they run. */
export type PodBehaviour = {
  /** Seconds from assignment to a running container. */
  startSeconds(pod: KubeObject): number;
  /** Seconds from running to ready; only for containers with a readiness probe. */
  readySeconds(pod: KubeObject): number;
  outcome(pod: KubeObject): PodOutcome;
  /** Seconds from the stop signal to the end; beyond the grace period the container is killed. */
  terminationSeconds(pod: KubeObject): number;
  /** Seconds that a container runs: until it is done (Job pods) or until it fails. Default 2. */
  runSeconds?(pod: KubeObject): number;
  /** A real process that is the container of this pod; null: its end is pretended. */
  process?(pod: KubeObject): StartProcess | null;
};

/** Begins the process; `ended` is told its exit code, once. */
export type StartProcess = (ended: (exitCode: number) => void) => {
  stop(signal: 'SIGTERM' | 'SIGKILL'): void;
};

/** The times of the recorded cluster. */
export const defaultBehaviour: PodBehaviour = {
  startSeconds: () => 0.5,
  readySeconds: () => 2.2,
  outcome: () => 'ok',
  terminationSeconds: () => 1,
};

/** Image of the first container, the usual thing to choose a behaviour by. */
export const imageOf = (pod: KubeObject): string =>
  textAt(listAt(pod, 'spec', 'containers')[0], 'image') ?? '';
