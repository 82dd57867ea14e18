import type { KubeObject } from '../store';
import type { PodBehaviour, StartProcess } from './pod-behaviour';

type Running = ReturnType<StartProcess>;

/** Real processes that stand for containers, by the uid of their pod. A pod has one at a time. */
export class ContainerProcesses {
  readonly #behaviour: PodBehaviour;
  readonly #running = new Map<string, Running>();

  constructor(behaviour: PodBehaviour) {
    this.#behaviour = behaviour;
  }

  /** Whether the container of this pod is a process. */
  isFor(pod: KubeObject): boolean {
    return this.#behaviour.process?.(pod) != null;
  }

  isRunning(uid: string): boolean {
    return this.#running.has(uid);
  }

  /** False: the end of this container is pretended. */
  start(pod: KubeObject, ended: (exitCode: number) => void): boolean {
    const start = this.#behaviour.process?.(pod) ?? null;
    if (start === null) return false;
    const { uid } = pod.metadata;
    const mine: { process?: Running } = {};
    mine.process = start((exitCode) => {
      if (this.#running.get(uid) !== mine.process) return;
      this.#running.delete(uid);
      ended(exitCode);
    });
    this.#running.set(uid, mine.process);
    return true;
  }

  /** Asks the container to end, as the kubelet does first. */
  ask(uid: string): void {
    this.#running.get(uid)?.stop('SIGTERM');
  }

  /** Its end is told to nobody any more. */
  kill(uid: string): void {
    const process = this.#running.get(uid);
    this.#running.delete(uid);
    process?.stop('SIGKILL');
  }

  killAll(): void {
    for (const uid of [...this.#running.keys()]) this.kill(uid);
  }
}
