import type { Store } from '../kubernetes/store';
import { findPod, type PodView } from './pod-view';
import { Random } from './random';
import type { Headers } from './route-objects';
import { type Routes, routesOf } from './routing';

/** Resources whose change may move traffic. */
const ROUTING = new Set([
  'services',
  'pods',
  'endpointslices.discovery.k8s.io',
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'httproutes.gateway.networking.k8s.io',
]);

/** Connections that the clients of one service keep open. */
const KEPT_CONNECTIONS = 24;

/** A client's pool closes a connection between these ages, in milliseconds. */
const YOUNGEST_MS = 2000;
const OLDEST_MS = 6000;

type Kept = { namespace: string; pod: string; process: string; closesMs: number };

/**
 * Draws the pod for each request to one Service from the live objects of the cluster. Behind a plain Service a
 * share of the requests travels on connections that are kept open: those stay on their pod until they are closed,
 * it leaves or its process ends, whatever the selector says by then. A mesh or gateway routes each request anew.
 */
export class Router {
  readonly #store: Store;
  readonly #namespace: string;
  readonly #service: string;
  readonly #keepAliveShare: number;
  readonly #random: Random;
  readonly #kept: (Kept | null)[] = new Array<null>(KEPT_CONNECTIONS).fill(null);
  readonly #unsubscribe: () => void;
  #routes: Routes | null = null;

  constructor(options: {
    store: Store;
    namespace: string;
    service: string;
    keepAliveShare: number;
    seed: number;
  }) {
    this.#store = options.store;
    this.#namespace = options.namespace;
    this.#service = options.service;
    this.#keepAliveShare = options.keepAliveShare;
    this.#random = new Random(options.seed);
    this.#unsubscribe = options.store.subscribe((resource, event) => {
      if (ROUTING.has(resource) && event.object.metadata.namespace === this.#namespace) this.#routes = null;
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** The pod that gets the next request, sent at `atMs`; null when nothing can take it. */
  pick(headers: Headers = {}, atMs = 0): PodView | null {
    this.#routes ??= routesOf(this.#store, this.#namespace, this.#service);
    const keeps = this.#routes.chosenFor === 'connection' && this.#random.chance(this.#keepAliveShare);
    if (!keeps) return this.#fresh(this.#routes, headers);
    const slot = this.#random.integer(KEPT_CONNECTIONS);
    const open = this.#open(this.#kept[slot] ?? null, atMs);
    if (open) return open;
    const pod = this.#fresh(this.#routes, headers);
    const closesMs = atMs + YOUNGEST_MS + this.#random.next() * (OLDEST_MS - YOUNGEST_MS);
    this.#kept[slot] = pod && { namespace: pod.namespace, pod: pod.name, process: pod.process, closesMs };
    return pod;
  }

  #open(kept: Kept | null, atMs: number): PodView | null {
    if (!kept || atMs > kept.closesMs) return null;
    const pod = findPod(this.#store, kept.namespace, kept.pod);
    return pod && pod.process === kept.process && pod.running && !pod.leaving ? pod : null;
  }

  #fresh({ rules }: Routes, headers: Headers): PodView | null {
    const rule = rules.find(({ matches }) => matches(headers));
    if (!rule) return null;
    const chosen = rule.destinations[this.#random.weighted(rule.destinations.map(({ weight }) => weight))];
    if (!chosen || chosen.pods.length === 0) return null;
    return chosen.pods[this.#random.integer(chosen.pods.length)] ?? null;
  }
}
