import type { Store } from '../kubernetes/store';
import type { ScenarioName } from '../scenarios/names';
import type { Placement } from '../topology';
import { isInMaintenance } from '../topology/maintenance';
import type { Ledger } from './ledger';
import { levelOf, lineOf, messageOf, type RequestFacts } from './log-lines';
import type { LogStore } from './log-store';
import type { PodView } from './pod-view';
import type { Processes } from './processes';
import { type Endpoint, endpoints, type Profile, profileOf } from './profile';
import { Random, seedFor } from './random';
import { rhythm } from './rhythm';
import { Router } from './router';

/** Share of the requests that travel on connections kept open, where the Service is a plain one. */
export const KEEP_ALIVE_SHARE = 0.3;
/** Share of the requests that carry `x-canary: true`: a few testers, too few to bend a measured share of 5 %. */
export const CANARY_HEADER_SHARE = 0.002;
/** Share of the successful requests that leave a log line. */
const SUCCESS_LOG_SHARE = 0.04;
const NOT_FOUND_SHARE = 0.003;

export type TrafficOptions = {
  placement: Placement;
  store: Store;
  processes: Processes;
  ledger: Ledger;
  logs: LogStore;
  scenario: () => ScenarioName;
  /** The service cannot get into its database: every request needs it. */
  isDatabaseAway?: () => boolean;
  seed: number;
};

/**
 * The clients of one service in one cluster and environment. Each request is drawn once, and the same
 * draw feeds the pod's metrics, the logs and the ledger.
 */
export class Traffic {
  readonly placement: Placement;
  readonly #options: TrafficOptions;
  readonly #random: Random;
  readonly #router: Router;
  /** Requests that found nobody to answer, by status: what the entry proxy counts. */
  readonly refused = new Map<number, number>();
  answered = 0;

  constructor(options: TrafficOptions) {
    const { placement } = options;
    const name = `${placement.cluster.id}/${placement.namespace}/${placement.service.id}`;
    this.placement = placement;
    this.#options = options;
    this.#random = new Random(seedFor(options.seed, name));
    this.#router = new Router({
      store: options.store,
      namespace: placement.namespace,
      service: placement.service.id,
      keepAliveShare: KEEP_ALIVE_SHARE,
      seed: seedFor(options.seed, `${name}/router`),
    });
  }

  stop(): void {
    this.#router.stop();
  }

  /** Draws the requests of the `seconds` that end at `nowMs`; returns how many there were. */
  run(nowMs: number, seconds: number): number {
    const count = this.#random.poisson(this.placement.rps * rhythm(nowMs) * seconds);
    for (let index = 0; index < count; index++) this.request(nowMs - this.#random.next() * seconds * 1000);
    return count;
  }

  /** One request at `atMs`. */
  request(atMs: number): void {
    const { service } = this.placement;
    const offer = endpoints[service.id];
    const endpoint = offer[this.#random.weighted(offer.map(({ weight }) => weight))];
    if (!endpoint) return;
    const headers = this.#random.chance(CANARY_HEADER_SHARE) ? { 'x-canary': 'true' } : {};
    const pod = this.#router.pick(headers, atMs);
    const process = pod && this.#options.processes.of(pod);
    if (!pod || !process) {
      this.#refuse(atMs, endpoint, pod);
      return;
    }
    const profile = profileOf(service, pod.version, this.placement.environment, this.#options.scenario());
    const facts = this.#factsOf(endpoint, profile);
    const seconds = facts.durationMs / 1000;
    const { method, status, failed } = facts;
    process.metrics.record({ method, path: endpoint.path, status, failed, seconds });
    process.recent += 1;
    this.answered += 1;
    this.#record(atMs, pod, facts);
  }

  /**
   * A log line of the time before the start, for a request that succeeded: its figures are in the written
   * past of Prometheus, not here.
   */
  remember(atMs: number): void {
    const { service, environment } = this.placement;
    const endpoint = endpoints[service.id][this.#random.integer(endpoints[service.id].length)];
    const pod = endpoint && this.#router.pick({}, atMs);
    if (!pod) return;
    const profile = { ...profileOf(service, pod.version, environment, 'calm'), errorShare: 0 };
    this.#log(atMs, pod, this.#answer(endpoint, profile));
  }

  /** No ready endpoint (503), or an endpoint whose process has just gone (502). */
  #refuse(atMs: number, endpoint: Endpoint, pod: PodView | null): void {
    const status = pod ? 502 : 503;
    this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
    this.#record(atMs, null, {
      method: endpoint.method,
      endpoint: endpoint.path,
      status,
      durationMs: 1 + this.#random.integer(4),
      queryName: endpoint.query,
      failed: true,
      slow: false,
    });
  }

  /** The service reads its ConfigMap: 503 for everything while that says so. */
  #isInMaintenance(): boolean {
    const { namespace, service } = this.placement;
    return isInMaintenance(this.#options.store, namespace, service.id);
  }

  #factsOf(endpoint: Endpoint, profile: Profile): RequestFacts {
    if (this.#isInMaintenance()) return this.#turnAway(endpoint);
    return this.#options.isDatabaseAway?.() === true
      ? { ...this.#turnAway(endpoint), status: 500 }
      : this.#answer(endpoint, profile);
  }

  #turnAway({ method, path, query }: Endpoint): RequestFacts {
    const durationMs = 1 + this.#random.integer(3);
    return { method, endpoint: path, status: 503, durationMs, queryName: query, failed: true, slow: false };
  }

  #answer(endpoint: Endpoint, profile: Profile): RequestFacts {
    const median = profile.medianSeconds * endpoint.slowness;
    let seconds = this.#random.logNormal(median, profile.sigma);
    let status = 200;
    const failed = this.#random.chance(profile.errorShare);
    if (failed) {
      const kind = this.#random.next();
      status = kind < 0.78 ? 500 : kind < 0.92 ? 503 : 504;
      if (status === 504) seconds = 5 + this.#random.next() * 0.2;
    } else if (endpoint.path.includes('{id}') && this.#random.chance(NOT_FOUND_SHARE)) {
      status = 404;
    }
    return {
      method: endpoint.method,
      endpoint: endpoint.path,
      status,
      durationMs: Math.round(seconds * 100_000) / 100,
      queryName: endpoint.query,
      failed,
      slow: !failed && seconds > 4 * median,
    };
  }

  #record(atMs: number, pod: PodView | null, facts: RequestFacts): void {
    const { service, cluster, namespace } = this.placement;
    const answering = { version: pod?.version ?? '', pod: pod?.name ?? '' };
    const key = { cluster: cluster.id, namespace, service: service.id, ...answering };
    this.#options.ledger.record(atMs, key, facts.failed, facts.durationMs / 1000);
    if (facts.failed || this.#random.chance(facts.slow ? 0.5 : SUCCESS_LOG_SHARE))
      this.#log(atMs, pod, facts);
  }

  #log(atMs: number, pod: PodView | null, facts: RequestFacts): void {
    const { service, cluster, namespace, environment } = this.placement;
    const { region } = cluster;
    const level = levelOf(facts);
    const labels = { service: service.id, environment, region, cluster: cluster.id, namespace, level };
    const message = messageOf(service.id, facts, this.#random);
    const answering = { version: pod?.version ?? '', pod: pod?.name ?? '' };
    const line = lineOf({ atMs, level, message, ...answering }, facts, this.#random);
    this.#options.logs.write(labels, answering.pod, atMs, line);
  }
}
