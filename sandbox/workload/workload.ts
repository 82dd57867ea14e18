import type { Store } from '../kubernetes/store';
import type { ScenarioName } from '../scenarios/names';
import { type ClusterId, clusters, findService, placements } from '../topology';
import { Ledger } from './ledger';
import { lifeMessages, lineOf } from './log-lines';
import { LogStore } from './log-store';
import { usageAt } from './pod-metrics';
import { type PodView, podView } from './pod-view';
import type { IsDatabaseAway } from './pods-with-database';
import { Certificates } from './probes';
import { Processes, type ProcessState } from './processes';
import { Random, seedFor } from './random';
import { Traffic } from './traffic';

const TICK_MS = 200;
/** After a pause longer than this the missed requests are not made up: time while stopped is a gap. */
const LONGEST_TICK_SECONDS = 3;

export type WorkloadOptions = {
  stores: ReadonlyMap<ClusterId, Store>;
  lokiUrl: string;
  scenario: () => ScenarioName;
  seed: number;
  saved?: Partial<Record<ClusterId, ProcessState[]>>;
  isDatabaseAway?: IsDatabaseAway;
  now?: () => number;
};

/** All clients and all processes of the pretend production. */
export class Workload {
  readonly ledger = new Ledger();
  readonly certificates = new Certificates();
  readonly logs: LogStore;
  readonly traffic: Traffic[];
  readonly #processes = new Map<ClusterId, Processes>();
  readonly #now: () => number;
  readonly #random: Random;
  readonly #unsubscribe: (() => void)[] = [];
  readonly #heard = new Map<string, string>();
  #lastTick = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: WorkloadOptions) {
    this.#now = options.now ?? Date.now;
    this.#random = new Random(seedFor(options.seed, 'life'));
    this.logs = new LogStore(options.lokiUrl);
    for (const [cluster, store] of options.stores) {
      this.#processes.set(cluster, new Processes(store, this.#now, options.saved?.[cluster] ?? []));
      this.#follow(cluster, store);
    }
    this.traffic = placements().flatMap((placement) => {
      const store = options.stores.get(placement.cluster.id);
      const processes = this.#processes.get(placement.cluster.id);
      if (!store || !processes) return [];
      const { ledger, logs } = this;
      const { cluster, environment, service } = placement;
      const isDatabaseAway = () =>
        environment === 'production' && options.isDatabaseAway?.(cluster.id, service.id) === true;
      return [
        new Traffic({
          placement,
          store,
          processes,
          ledger,
          logs,
          scenario: options.scenario,
          isDatabaseAway,
          seed: options.seed,
        }),
      ];
    });
  }

  processes(cluster: string): Processes | null {
    const known = clusters.find(({ id }) => id === cluster);
    return (known && this.#processes.get(known.id)) ?? null;
  }

  start(): void {
    this.#lastTick = this.#now();
    this.#timers = [
      setInterval(() => this.tick(), TICK_MS),
      setInterval(() => void this.logs.ship(), 500),
      setInterval(() => this.ledger.forget(this.#now()), 60_000),
    ];
  }

  /** Writes log lines of the hours before `nowMs`, oldest first, and hands them to Loki. */
  async rememberLogs(nowMs: number, hours: number): Promise<void> {
    const step = 10_000;
    for (let atMs = nowMs - hours * 3_600_000; atMs < nowMs - step; atMs += step) {
      for (const traffic of this.traffic) traffic.remember(atMs + this.#random.next() * step);
    }
    while (this.logs.waiting > 0) {
      const before = this.logs.waiting;
      await this.logs.ship();
      if (this.logs.waiting >= before) return;
    }
  }

  /** Draws the requests since the last tick. */
  tick(): void {
    const now = this.#now();
    const seconds = Math.min(LONGEST_TICK_SECONDS, Math.max(0, (now - this.#lastTick) / 1000));
    this.#lastTick = now;
    if (seconds === 0) return;
    for (const traffic of this.traffic) traffic.run(now, seconds);
    for (const processes of this.#processes.values()) {
      processes.advance(seconds, (service, rps) => usageAt(service, now, rps).cores);
    }
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const traffic of this.traffic) traffic.stop();
    await this.logs.ship();
  }

  state(): Partial<Record<ClusterId, ProcessState[]>> {
    return Object.fromEntries(
      [...this.#processes].map(([cluster, processes]) => [cluster, processes.state()]),
    );
  }

  /** Lets processes speak when they start and end, and forgets those that are gone. */
  #follow(cluster: ClusterId, store: Store): void {
    for (const object of store.list('pods')) {
      const pod = podView(object);
      if (pod?.running) this.#heard.set(`${cluster}/${pod.process}`, pod.leaving ? 'stop' : 'start');
    }
    const unsubscribe = store.subscribe((resource, event) => {
      if (resource !== 'pods') return;
      const pod = podView(event.object);
      if (!pod?.service) return;
      if (event.type === 'DELETED') {
        this.processes(cluster)?.drop(pod.namespace, pod.name);
        this.logs.forgetPod(cluster, pod.namespace, pod.name);
        this.#heard.delete(`${cluster}/${pod.process}`);
      } else if (pod.running) this.#speak(cluster, pod);
    });
    this.#unsubscribe.push(unsubscribe);
  }

  #speak(cluster: ClusterId, pod: PodView): void {
    const key = `${cluster}/${pod.process}`;
    const phase = pod.leaving ? 'stop' : 'start';
    if (this.#heard.get(key) === phase) return;
    this.#heard.set(key, phase);
    const service = findService(pod.service ?? '');
    const region = clusters.find(({ id }) => id === cluster)?.region ?? cluster;
    if (!service) return;
    const environment = service.namespaces.production === pod.namespace ? 'production' : 'staging';
    const labels = { service: service.id, environment, region, cluster, namespace: pod.namespace };
    const atMs = this.#now();
    for (const message of lifeMessages(pod.version, service.port)[phase]) {
      const context = { atMs, level: 'info' as const, message, pod: pod.name, version: pod.version };
      const line = lineOf(context, {}, this.#random);
      this.logs.write({ ...labels, level: 'info' }, pod.name, atMs, line);
    }
  }
}
