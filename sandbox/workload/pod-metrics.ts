import { findService, type ServiceId } from '../topology';
import { countersOf, families, initialCounters } from './families';
import { Histogram, type HistogramState } from './histogram';
import { rhythm } from './rhythm';

/** Counters of one process, by series text, and its latency histogram; plain JSON for snapshots. */
export type PodMetricsState = {
  counters: Record<string, number>;
  histogram: HistogramState;
  startedMs: number;
};

export type Outcome = { method: string; path: string; status: number; failed: boolean; seconds: number };

/** Connections of one pod's pool (SVC-13: 50). */
export const POOL_SIZE = 50;

/** The `/metrics` of one running process: born at 0 with its pod and gone with it. */
export class PodMetrics {
  readonly #service: ServiceId;
  readonly #version: string;
  readonly #counters: Map<string, number>;
  readonly #histogram: Histogram;
  readonly #startedMs: number;

  constructor(service: ServiceId, version: string, startedMs: number, state?: PodMetricsState) {
    this.#service = service;
    this.#version = version;
    this.#startedMs = state?.startedMs ?? startedMs;
    this.#counters = new Map(initialCounters(service, version).map((name) => [name, 0]));
    for (const [name, value] of Object.entries(state?.counters ?? {})) this.#counters.set(name, value);
    this.#histogram = new Histogram(state?.histogram);
  }

  record(outcome: Outcome): void {
    for (const name of countersOf(this.#service, outcome, this.#version)) this.#add(name, 1);
    this.#histogram.observe(outcome.seconds);
    if (this.#service === 'fraiseql-api') {
      // The share of misses follows from the request itself, so no draw of another part shifts.
      this.#add(outcome.seconds > 0.03 ? 'fraiseql_cache_misses_total' : 'fraiseql_cache_hits_total', 1);
    }
    if (this.#service === 'fraiseql-observers' && outcome.failed && outcome.status === 500) {
      this.#add('observer_dlq_items_total', 1);
    }
  }

  state(): PodMetricsState {
    return {
      counters: Object.fromEntries(this.#counters),
      histogram: this.#histogram.state(),
      startedMs: this.#startedMs,
    };
  }

  /** Prometheus text format; gauges are read at `nowMs`. */
  text(nowMs: number): string {
    const family = families[this.#service];
    const groups = new Map<string, string[]>();
    for (const [name, value] of this.#counters) {
      const metric = name.split('{')[0] ?? name;
      groups.set(metric, [...(groups.get(metric) ?? []), `${name} ${value}`]);
    }
    const counters = [...groups].flatMap(([metric, lines]) => [`# TYPE ${metric} counter`, ...lines]);
    const histogram = this.#histogram.lines(family.duration, `version="${this.#version}"`);
    const gauges = Object.entries(gaugesAt(this.#service, nowMs)).flatMap(([name, value]) => [
      `# TYPE ${name} gauge`,
      `${name} ${value}`,
    ]);
    const started = this.#startedMs / 1000;
    return `${[
      ...counters,
      `# TYPE ${family.duration} histogram`,
      ...histogram,
      ...gauges,
      '# TYPE process_start_time_seconds gauge',
      `process_start_time_seconds ${started}`,
    ].join('\n')}\n`;
  }

  #add(name: string, amount: number): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + amount);
  }
}

/** Gauges of a pod as a function of time alone: past and present fit together. */
export function gaugesAt(service: ServiceId, nowMs: number): Record<string, number> {
  const load = rhythm(nowMs);
  const ripple = Math.sin(nowMs / 47_000) + 0.6 * Math.sin(nowMs / 13_000);
  if (service === 'fraiseql-api') {
    const active = Math.round(14 * load + 2.5 * ripple);
    return { fraiseql_db_connections_active: active, fraiseql_db_connections_idle: POOL_SIZE - active };
  }
  if (service === 'fraiseql-observers') {
    return {
      observer_listener_health: 1,
      observer_checkpoint_age_seconds: Math.round((4 + 2 * load + ripple) * 10) / 10,
    };
  }
  return {};
}

/** CPU in cores and memory in bytes of one container; `share` is its requests per second. */
export function usageAt(service: ServiceId, nowMs: number, share: number): { cores: number; bytes: number } {
  const perRequest = findService(service)?.team === 'architect' ? 0.03 : 0.022;
  const ripple = 1 + 0.06 * Math.sin(nowMs / 61_000);
  const drift = ((nowMs / 3_600_000) % 24) * 3e6;
  return { cores: (0.06 + perRequest * share) * ripple, bytes: Math.round(6.1e8 * ripple + drift) };
}
