import { z } from 'zod';
import type { Store } from '../kubernetes/store';
import type { ServiceId } from '../topology';
import { PodMetrics, type PodMetricsState } from './pod-metrics';
import { findPod, type PodView } from './pod-view';

/** What is saved of a process between two starts of the pretend production. */
export const ProcessState = z.object({
  process: z.string(),
  cpuSeconds: z.number(),
  metrics: z.object({
    counters: z.record(z.string(), z.number()),
    histogram: z.object({ counts: z.array(z.number()), sum: z.number() }),
    startedMs: z.number(),
  }),
});
export type ProcessState = z.infer<typeof ProcessState>;

/** A running container of a service: its figures live and die with it. */
export type AppProcess = {
  process: string;
  service: ServiceId;
  metrics: PodMetrics;
  cpuSeconds: number;
  /** Requests since the last look at the load, and the smoothed requests a second. */
  recent: number;
  rps: number;
};

/** The processes of one cluster, found by pod; a restarted container is a new process at 0. */
export class Processes {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #processes = new Map<string, AppProcess>();
  readonly #saved: Map<string, ProcessState>;

  constructor(store: Store, now: () => number, saved: readonly ProcessState[]) {
    this.#store = store;
    this.#now = now;
    this.#saved = new Map(saved.map((state) => [state.process, state]));
  }

  /** The process of a running pod; null when the pod has none now. */
  of(pod: PodView): AppProcess | null {
    if (!pod.service || !pod.running) return null;
    const key = `${pod.namespace}/${pod.name}`;
    const known = this.#processes.get(key);
    if (known?.process === pod.process) return known;
    const saved = this.#saved.get(pod.process);
    const process: AppProcess = {
      process: pod.process,
      service: pod.service,
      metrics: new PodMetrics(pod.service, pod.version, this.#now(), saved?.metrics),
      cpuSeconds: saved?.cpuSeconds ?? 0,
      recent: 0,
      rps: 0,
    };
    this.#processes.set(key, process);
    return process;
  }

  find(namespace: string, name: string): AppProcess | null {
    const pod = findPod(this.#store, namespace, name);
    return pod && this.of(pod);
  }

  /** Forgets the figures of a pod that is gone. */
  drop(namespace: string, name: string): void {
    this.#processes.delete(`${namespace}/${name}`);
  }

  /** Continues a process from given figures: the one that carries the written history. */
  adopt(pod: PodView, metrics: PodMetricsState, cpuSeconds: number): void {
    if (!pod.service) return;
    this.#processes.set(`${pod.namespace}/${pod.name}`, {
      process: pod.process,
      service: pod.service,
      metrics: new PodMetrics(pod.service, pod.version, metrics.startedMs, metrics),
      cpuSeconds,
      recent: 0,
      rps: 0,
    });
  }

  /** Adds the CPU time of the last `seconds`; `coresOf` gives the cores in use at a request rate. */
  advance(seconds: number, coresOf: (service: ServiceId, rps: number) => number): void {
    for (const process of this.#processes.values()) {
      const rps = process.recent / seconds;
      process.rps += (rps - process.rps) * Math.min(1, seconds / 15);
      process.recent = 0;
      process.cpuSeconds += coresOf(process.service, process.rps) * seconds;
    }
  }

  state(): ProcessState[] {
    return [...this.#processes.values()].map(({ process, cpuSeconds, metrics }) => ({
      process,
      cpuSeconds,
      metrics: metrics.state(),
    }));
  }
}
