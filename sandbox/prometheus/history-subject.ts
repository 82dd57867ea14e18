import { findService, type ServiceId } from '../topology';
import { databaseAt } from '../workload/exporters';
import { countersOf, families, initialCounters, series } from '../workload/families';
import { bucketBounds } from '../workload/histogram';
import { cacheAt, cpuSecondsAt } from '../workload/machines';
import { gaugesAt, type PodMetricsState, usageAt } from '../workload/pod-metrics';
import { endpoints, type Profile, profileOf } from '../workload/profile';
import { Random, seedFor } from '../workload/random';
import { rhythm } from '../workload/rhythm';
import { type HistorySubject, isReset, pastErrorShare, versionAt } from './history-plan';

/** Where the live processes go on. */
export type HistoryEnd = { service: ServiceId; region: string; metrics: PodMetricsState; cpuSeconds: number };

const TIMED_OUT_BUCKET = bucketBounds.indexOf(10);

/** Walks one service of one region through the past, step by step. */
export class SubjectHistory {
  readonly #subject: HistorySubject;
  readonly #toMs: number;
  readonly #random: Random;
  readonly #replicas: number;
  readonly #rps: number;
  #version: string;
  #profile: Profile;
  #shares: number[];
  #counters = new Map<string, number>();
  #buckets: number[] = emptyBuckets();
  #sum = 0;
  #cpuSeconds = 0;
  #lines: { prefix: string; value: () => string }[] = [];
  #startedMs: number;
  readonly #prefixes = new Map<string, string>();

  constructor(subject: HistorySubject, options: { fromMs: number; toMs: number; seed: number }) {
    const service = findService(subject.service);
    if (!service) throw new Error(`There is no service ${subject.service} to write a history for.`);
    this.#subject = subject;
    this.#toMs = options.toMs;
    this.#startedMs = options.fromMs;
    this.#random = new Random(seedFor(options.seed, `history/${subject.service}/${subject.region}`));
    this.#replicas = service.replicas;
    this.#rps = service.rps;
    this.#version = versionAt(subject, options.fromMs, options.toMs);
    this.#profile = profileOf(service, this.#version, 'production', 'calm');
    this.#shares = bucketShares(subject.service, this.#profile);
    this.#begin();
  }

  /** Adds what happened between two samples. */
  step(beforeMs: number, atMs: number): void {
    const version = versionAt(this.#subject, atMs, this.#toMs);
    if (version !== this.#version) this.#release(version, atMs);
    else if (isReset(this.#subject, beforeMs, atMs, this.#toMs)) this.#restart(atMs);
    const seconds = (atMs - beforeMs) / 1000;
    const count = this.#random.poisson(this.#rps * rhythm(atMs) * seconds);
    const share = pastErrorShare(this.#subject, atMs, this.#toMs, this.#profile.errorShare);
    const failed = this.#random.binomial(count, share);
    this.#count(count - failed, 200);
    this.#count(failed, 500);
    this.#observe(count, share > 0.5 ? Math.round(failed * 0.4) : 0);
    if (this.#subject.service === 'fraiseql-api') {
      const misses = this.#random.binomial(count, 0.24);
      this.#add('fraiseql_cache_misses_total', misses);
      this.#add('fraiseql_cache_hits_total', count - misses);
    }
    if (this.#subject.service === 'fraiseql-observers') this.#add('observer_dlq_items_total', failed);
    this.#cpuSeconds +=
      usageAt(this.#subject.service, atMs, count / seconds / this.#replicas).cores * seconds;
  }

  /** The sample lines of one moment, each ended by a line feed. */
  text(atMs: number): string {
    const end = ` ${atMs / 1000}\n`;
    let text = '';
    for (const { prefix, value } of this.#lines) text += prefix + value() + end;
    for (const [name, value] of Object.entries(gaugesAt(this.#subject.service, atMs))) {
      text += this.#prefix(name, this.#subject.pod) + value + end;
    }
    return text + this.#exporters(atMs, end);
  }

  end(): HistoryEnd {
    const { service, region } = this.#subject;
    const metrics = {
      counters: Object.fromEntries(this.#counters),
      histogram: { counts: [...this.#buckets], sum: this.#sum },
      startedMs: this.#startedMs,
    };
    return { service, region, metrics, cpuSeconds: this.#cpuSeconds };
  }

  #exporters(atMs: number, end: string): string {
    const { service, container, database } = this.#subject;
    const bytes = usageAt(service, atMs, this.#rps / this.#replicas).bytes;
    const limit = 'kube_pod_container_resource_limits';
    let text =
      `${this.#prefix('container_cpu_usage_seconds_total', container)}${this.#cpuSeconds.toFixed(3)}${end}` +
      `${this.#prefix('container_memory_working_set_bytes', container)}${bytes}${end}` +
      `${this.#prefix(limit, container, 'resource', 'cpu')}2${end}` +
      `${this.#prefix(limit, container, 'resource', 'memory')}${2 * 1024 ** 3}${end}`;
    text += this.#machines(atMs, end);
    if (!database) return text;
    const facts = databaseAt(service, atMs);
    text += `${this.#prefix('pg_up', database)}1${end}`;
    text += `${this.#prefix('pg_stat_activity_count', database, 'state', 'active')}${facts.connections}${end}`;
    text += `${this.#prefix('pg_settings_max_connections', database)}${facts.maxConnections}${end}`;
    return `${text}${this.#prefix('pg_replication_lag_seconds', database)}${facts.lagSeconds}${end}`;
  }

  /** Machines and cache: their counters are functions of time, in the past as now. */
  #machines(atMs: number, end: string): string {
    const { service, region, cache, nodes } = this.#subject;
    let text = '';
    for (const { name, labels } of nodes) {
      for (const [mode, seconds] of Object.entries(cpuSecondsAt(name, atMs))) {
        const own = { ...labels, cpu: '0' };
        text += `${this.#prefix('node_cpu_seconds_total', own, 'mode', mode, name)}${seconds.toFixed(3)}${end}`;
      }
    }
    if (!cache) return text;
    const { hits, misses } = cacheAt(service, region, atMs);
    text += `${this.#prefix('redis_keyspace_hits_total', cache)}${hits}${end}`;
    return `${text}${this.#prefix('redis_keyspace_misses_total', cache)}${misses}${end}`;
  }

  /** `name{labels} `, made once for each series. */
  #prefix(
    name: string,
    labels: Record<string, string>,
    extraLabel = '',
    extraValue = '',
    instance = '',
  ): string {
    const key = `${name}/${extraValue}/${instance}`;
    let prefix = this.#prefixes.get(key);
    if (prefix === undefined) {
      prefix = `${series(name, extraLabel ? { ...labels, [extraLabel]: extraValue } : labels)} `;
      this.#prefixes.set(key, prefix);
    }
    return prefix;
  }

  /** A new version: its series begin at 0, those of the old one end. */
  #release(version: string, atMs: number): void {
    const service = findService(this.#subject.service);
    if (!service) return;
    this.#version = version;
    this.#profile = profileOf(service, version, 'production', 'calm');
    this.#shares = bucketShares(this.#subject.service, this.#profile);
    this.#restart(atMs);
  }

  #restart(atMs: number): void {
    this.#startedMs = atMs;
    this.#counters = new Map();
    this.#buckets = emptyBuckets();
    this.#sum = 0;
    this.#begin();
  }

  /** All series at 0, with their texts made once. */
  #begin(): void {
    const { service } = this.#subject;
    for (const name of initialCounters(service, this.#version)) this.#counters.set(name, 0);
    if (service === 'fraiseql-api') {
      for (const name of ['fraiseql_cache_hits_total', 'fraiseql_cache_misses_total'])
        this.#counters.set(name, 0);
    }
    if (service === 'fraiseql-observers') this.#counters.set('observer_dlq_items_total', 0);
    const counters = this.#counters;
    this.#lines = [...counters.keys()].map((name) => ({
      prefix: `${this.#named(name)} `,
      value: () => String(counters.get(name) ?? 0),
    }));
    this.#lines.push({ prefix: `${this.#named('up')} `, value: () => '1' });
    this.#histogramLines();
  }

  #histogramLines(): void {
    const { duration } = families[this.#subject.service];
    const own = { version: this.#version };
    const buckets = this.#buckets;
    for (let index = 0; index < buckets.length; index++) {
      const le = bucketBounds[index] === undefined ? '+Inf' : String(bucketBounds[index]);
      const prefix = `${series(`${duration}_bucket`, { ...this.#subject.pod, ...own, le })} `;
      this.#lines.push({ prefix, value: () => String(cumulative(buckets, index)) });
    }
    const all = buckets.length - 1;
    const labels = { ...this.#subject.pod, ...own };
    this.#lines.push({ prefix: `${series(`${duration}_sum`, labels)} `, value: () => this.#sum.toFixed(3) });
    this.#lines.push({
      prefix: `${series(`${duration}_count`, labels)} `,
      value: () => String(cumulative(buckets, all)),
    });
  }

  /** Puts the labels of the scrape to those of the series itself. */
  #named(name: string): string {
    const own = name.indexOf('{');
    const target = series('', this.#subject.pod).slice(1, -1);
    return own === -1 ? `${name}{${target}}` : `${name.slice(0, -1)},${target}}`;
  }

  #count(requests: number, status: number): void {
    const offer = endpoints[this.#subject.service];
    let left = requests;
    let weightLeft = 1;
    for (const { method, path, weight } of offer) {
      const here =
        path === offer.at(-1)?.path ? left : this.#random.binomial(left, Math.min(1, weight / weightLeft));
      left -= here;
      weightLeft -= weight;
      if (here === 0) continue;
      const request = { method, path, status, failed: status >= 500 };
      for (const name of countersOf(this.#subject.service, request, this.#version)) this.#add(name, here);
    }
  }

  #observe(count: number, timedOut: number): void {
    let left = count - timedOut;
    let shareLeft = 1;
    for (const [index, share] of this.#shares.entries()) {
      const last = index === this.#shares.length - 1;
      const here = last ? left : this.#random.binomial(left, Math.min(1, share / Math.max(shareLeft, 1e-9)));
      left -= here;
      shareLeft -= share;
      this.#buckets[index] = (this.#buckets[index] ?? 0) + here;
    }
    this.#buckets[TIMED_OUT_BUCKET] = (this.#buckets[TIMED_OUT_BUCKET] ?? 0) + timedOut;
    const mean = this.#profile.medianSeconds * Math.exp(this.#profile.sigma ** 2 / 2);
    const spread = count === 0 ? 1 : 1 + (0.3 * this.#random.normal()) / Math.sqrt(count);
    this.#sum += (count - timedOut) * mean * spread + timedOut * 5.1;
  }

  #add(name: string, amount: number): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + amount);
  }
}

function emptyBuckets(): number[] {
  return new Array<number>(bucketBounds.length + 1).fill(0);
}

function cumulative(buckets: readonly number[], index: number): number {
  let total = 0;
  for (let at = 0; at <= index; at++) total += buckets[at] ?? 0;
  return total;
}

/** Share of the requests in each bucket, over all endpoints. */
export function bucketShares(service: ServiceId, profile: Profile): number[] {
  const below = (bound: number) =>
    endpoints[service].reduce((total, { weight, slowness }) => {
      const z = Math.log(bound / (profile.medianSeconds * slowness)) / profile.sigma;
      return total + weight * normalBelow(z);
    }, 0);
  const cumulated = [...bucketBounds.map(below), 1];
  return cumulated.map((share, index) => share - (cumulated[index - 1] ?? 0));
}

/** Standard normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    Math.exp(-(z * z) / 2) *
    0.3989422804014327 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}
