import 'server-only';
import type { z } from 'zod';
import { logger } from '@/lib/core/log';
import { mapReading, missing, type Reading, stale } from '@/lib/core/reading';
import { monotonicMs, now, sleep } from '@/lib/core/time';
import { type SourceError, toSourceError } from '../source-error';
import type { ClusterClient } from './client';
import { type Projected, Reflector } from './reflector';
import { type RouterKind, RouterObject, routerKinds, unknownKind, type WatchedRouter } from './routers';
import {
  ClusterEvent,
  CronJob,
  Deployment,
  HorizontalPodAutoscaler,
  Job,
  Pod,
  ReplicaSet,
  StatefulSet,
} from './schema';

/** What is kept of a namespace, and where it lives in the API. */
const kinds = {
  deployments: { group: 'apis/apps/v1', schema: Deployment },
  replicasets: { group: 'apis/apps/v1', schema: ReplicaSet },
  statefulsets: { group: 'apis/apps/v1', schema: StatefulSet },
  pods: { group: 'api/v1', schema: Pod },
  events: { group: 'api/v1', schema: ClusterEvent },
  horizontalpodautoscalers: { group: 'apis/autoscaling/v2', schema: HorizontalPodAutoscaler },
  jobs: { group: 'apis/batch/v1', schema: Job },
  cronjobs: { group: 'apis/batch/v1', schema: CronJob },
} as const;
export type KindName = keyof typeof kinds;
export type KindRecord<K extends KindName> = z.infer<(typeof kinds)[K]['schema']>;

type Reflectors = { [K in KindName]: Reflector<KindRecord<K>> };

export type CacheOptions = {
  client: ClusterClient;
  namespaces: readonly string[];
  /** What sends requests to one colour or the other, where a pair names it; nothing of it is read elsewhere. */
  routers?: readonly WatchedRouter[];
  /** Told at most every `coalesceMs` per namespace. */
  onChange: (namespace: string) => void;
  coalesceMs?: number;
  /** Seconds between two questions whether the cluster still answers and still lets us read. */
  probeSeconds?: number;
  watchSeconds?: number;
  backoffMs?: number;
};

const routerKey = ({ namespace, kind }: WatchedRouter): string => `${namespace}/${kind}`;

/** The state of a cluster for the freshness bar. */
export type ClusterState = {
  state: 'fresh' | 'late' | 'failing';
  observedAt: Date | null;
  error: SourceError | null;
};

/**
 * The configured namespaces of one cluster, kept by watches. A reading is fresh while its watch is alive and
 * the cluster answered the last probe; a watch alone would stay silent when the cluster hangs.
 */
export class ClusterCache {
  readonly id: string;
  /** Rises with every difference and every change of state: unchanged means unchanged answers. */
  version = 0;
  private readonly byNamespace = new Map<string, Reflectors>();
  /** By namespace and kind. They do not count for the state of the cluster: it may lack the kind and be well. */
  private readonly routers = new Map<string, Reflector<RouterObject>>();
  private readonly dirty = new Map<string, NodeJS.Timeout>();
  private readonly stop = new AbortController();
  private probeError: SourceError | null = null;
  private probedAt: Date | null = null;
  private readonly options: CacheOptions;

  constructor(options: CacheOptions) {
    this.options = options;
    this.id = options.client.id;
    for (const namespace of options.namespaces) this.byNamespace.set(namespace, this.reflect(namespace));
    for (const router of options.routers ?? [])
      this.routers.set(routerKey(router), this.reflectRouter(router));
  }

  start(): void {
    for (const reflector of this.reflectors()) reflector.start();
    void this.probe();
  }

  async close(): Promise<void> {
    this.stop.abort();
    for (const timer of this.dirty.values()) clearTimeout(timer);
    for (const reflector of this.reflectors()) reflector.close();
    await this.options.client.close();
  }

  private reflect(namespace: string): Reflectors {
    const make = <K extends KindName>(kind: K, schema: z.ZodType<KindRecord<K>>): Reflector<KindRecord<K>> =>
      this.follow(namespace, `${kinds[kind].group}/namespaces/${namespace}/${kind}`, schema);
    return {
      deployments: make('deployments', Deployment),
      replicasets: make('replicasets', ReplicaSet),
      statefulsets: make('statefulsets', StatefulSet),
      pods: make('pods', Pod),
      events: make('events', ClusterEvent),
      horizontalpodautoscalers: make('horizontalpodautoscalers', HorizontalPodAutoscaler),
      jobs: make('jobs', Job),
      cronjobs: make('cronjobs', CronJob),
    };
  }

  private reflectRouter({ namespace, kind }: WatchedRouter): Reflector<RouterObject> {
    const { group, plural } = routerKinds[kind];
    return this.follow(namespace, `${group}/namespaces/${namespace}/${plural}`, RouterObject);
  }

  private follow<T extends Projected>(namespace: string, path: string, schema: z.ZodType<T>): Reflector<T> {
    const { client, watchSeconds, backoffMs } = this.options;
    return new Reflector({
      client,
      path: `/${path}`,
      schema,
      onChange: () => this.changed(namespace),
      ...(watchSeconds === undefined ? {} : { watchSeconds }),
      ...(backoffMs === undefined ? {} : { backoffMs }),
    });
  }

  private *reflectors(): Generator<Pick<Reflector<Projected>, 'start' | 'close' | 'nudge' | 'state'>> {
    for (const reflectors of this.byNamespace.values()) yield* Object.values(reflectors);
    yield* this.routers.values();
  }

  private changed(namespace: string): void {
    this.version++;
    if (this.dirty.has(namespace) || this.stop.signal.aborted) return;
    const tell = () => {
      this.dirty.delete(namespace);
      this.options.onChange(namespace);
    };
    this.dirty.set(namespace, setTimeout(tell, this.options.coalesceMs ?? 100));
  }

  /** Asks for one Deployment of the first namespace: cheap, and refused as soon as a right is withdrawn. */
  private async probe(): Promise<void> {
    const namespace = this.options.namespaces[0];
    if (namespace === undefined) return;
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    while (!this.stop.signal.aborted) {
      const failing = this.probeError !== null;
      try {
        await this.options.client.get(path, { limit: '1' }, this.stop.signal);
        this.probedAt = now();
        this.probeError = null;
        if (failing) this.recovered();
      } catch (error) {
        if (this.stop.signal.aborted) return;
        this.probeError = toSourceError(error, `Cluster ${this.id}`);
        if (!failing) this.stateChanged();
      }
      const seconds = this.probeError === null ? (this.options.probeSeconds ?? 10) : 3;
      await sleep(seconds * 1000, this.stop.signal);
    }
  }

  private recovered(): void {
    for (const reflector of this.reflectors()) reflector.nudge();
    this.stateChanged();
  }

  private stateChanged(): void {
    logger('web').info(
      { cluster: this.id, reason: this.probeError?.reason, detail: this.probeError?.message },
      this.probeError === null ? 'cluster answers again' : 'cluster does not answer',
    );
    for (const namespace of this.byNamespace.keys()) this.changed(namespace);
  }

  /** The objects of one kind in one namespace, in no particular order. */
  read<K extends KindName>(namespace: string, kind: K): Reading<KindRecord<K>[]> {
    const reflector: Reflectors[K] | undefined = this.byNamespace.get(namespace)?.[kind];
    if (reflector === undefined) {
      return missing('not-configured', `Namespace ${namespace} of cluster ${this.id} is not watched.`);
    }
    return this.reading<KindRecord<K>>(reflector);
  }

  /**
   * The one object of that name, null when there is none. Missing with `not-configured` where the cluster does not
   * know the kind, which the definitions of Istio and of Gateway API bring.
   */
  readRouter(namespace: string, kind: RouterKind, name: string): Reading<RouterObject | null> {
    const reflector = this.routers.get(routerKey({ namespace, kind }));
    if (reflector === undefined) {
      return missing('not-configured', `${kind} ${name} of cluster ${this.id} is not watched.`);
    }
    const { state } = reflector;
    if (state.kind === 'failing' && state.error.status === 404) {
      return missing('not-configured', unknownKind(this.id, kind));
    }
    return mapReading(this.reading(reflector), (found) => found.find((one) => one.name === name) ?? null);
  }

  private reading<T extends Projected>(reflector: Pick<Reflector<T>, 'state' | 'items'>): Reading<T[]> {
    const { state } = reflector;
    if (state.kind === 'starting') {
      return this.probeError === null
        ? missing('unreachable', `Cluster ${this.id} has not been read yet.`)
        : missing(this.probeError.reason, this.probeError.message);
    }
    const items = [...reflector.items.values()];
    if (state.kind === 'synced' && this.probeError === null) {
      const at = Math.max(state.confirmedAt.getTime(), this.probedAt?.getTime() ?? 0);
      return { state: 'fresh', value: items, observedAt: new Date(at).toISOString() };
    }
    const error = state.kind === 'failing' ? state.error : this.probeError;
    const reason = error?.reason ?? 'unreachable';
    if (state.confirmedAt === null) return missing(reason, error?.message);
    // A watch that is still open was good until the last probe that was answered.
    const probed = state.kind === 'synced' ? (this.probedAt?.getTime() ?? 0) : 0;
    const at = new Date(Math.max(state.confirmedAt.getTime(), probed));
    return stale(items, at.toISOString(), reason, error?.message);
  }

  /** How many objects of each kind are kept, over all namespaces. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const reflectors of this.byNamespace.values()) {
      for (const [kind, { items }] of Object.entries(reflectors)) {
        counts.set(kind, (counts.get(kind) ?? 0) + items.size);
      }
    }
    return counts;
  }

  /** The worst of all watches and the probe. */
  state(): ClusterState {
    const states = [...this.byNamespace.values()].flatMap((reflectors) =>
      Object.values(reflectors).map(({ state }) => state),
    );
    const failing = states.find((state) => state.kind === 'failing');
    const error = this.probeError ?? (failing?.kind === 'failing' ? failing.error : null);
    if (error !== null) return { state: 'failing', observedAt: this.probedAt, error };
    const synced = states.every((state) => state.kind === 'synced');
    return { state: synced ? 'fresh' : 'late', observedAt: this.probedAt, error: null };
  }

  /** Resolves when every watch had its first list or failed, at the latest after `ms`. */
  async settled(ms: number): Promise<void> {
    const until = monotonicMs() + ms;
    const starting = () => [...this.reflectors()].some(({ state }) => state.kind === 'starting');
    while (starting() && monotonicMs() < until) await sleep(20, this.stop.signal);
  }
}
