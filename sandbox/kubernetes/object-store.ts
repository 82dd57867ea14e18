import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { alreadyExists } from './api-error';
import { EventHistory, type HistoryEntry } from './event-history';
import { cloneJson, deepFreeze, equalJson, isKubeObject } from './object';
import type { Json, KubeObject, NewObject, ResourceName, Store, StoreEvent } from './store';

type Listener = (resource: ResourceName, event: StoreEvent) => void;
type StoreOptions = {
  now?: () => number;
  historyLength?: number;
  prepare?: (resource: ResourceName, object: NewObject) => NewObject;
};
type Table = { objects: Map<string, KubeObject>; sorted: KubeObject[] | null };

/** Built-in kinds whose metadata carries no `generation` (observed on a 1.36 API server). */
const WITHOUT_GENERATION = new Set([
  'namespaces',
  'nodes',
  'services',
  'endpoints',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'events',
  'resourcequotas',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'horizontalpodautoscalers.autoscaling',
]);

/** Keys that never raise `generation`, whatever the kind. */
const NOT_DESIRED_STATE = new Set(['metadata', 'status', 'kind', 'apiVersion']);

const snapshotSchema = z.object({
  resourceVersion: z.number().int().positive(),
  objects: z.record(z.string(), z.array(z.unknown())),
});

/**
 * In-memory object store: one resourceVersion counter for all kinds, a bounded history per resource for
 * watches, and delivery to subscribers in write order even when a subscriber writes. Objects that it hands
 * out are frozen: only `change` gives a copy to work on.
 */
export class ObjectStore implements Store {
  readonly #tables = new Map<ResourceName, Table>();
  readonly #listeners = new Set<Listener>();
  readonly #queue: { resource: ResourceName; event: StoreEvent }[] = [];
  readonly #now: () => number;
  readonly #history: EventHistory;
  readonly #prepare: (resource: ResourceName, object: NewObject) => NewObject;
  #resourceVersion = 1;
  #delivering = false;

  /**
   * `now` in milliseconds since the epoch; `historyLength` is how many events a resource keeps; `prepare`
   * fills in defaults, so that an object is complete whoever creates it.
   */
  constructor(options: StoreOptions = {}) {
    this.#prepare = options.prepare ?? ((_resource, object) => object);
    this.#now = options.now ?? Date.now;
    this.#history = new EventHistory(options.historyLength ?? 5000);
  }

  /** Highest resourceVersion given out so far. */
  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  get(resource: ResourceName, namespace: string | null, name: string): KubeObject | null {
    return this.#tables.get(resource)?.objects.get(keyOf(namespace, name)) ?? null;
  }

  /** Sorted by namespace and name, as the API server lists. */
  list(resource: ResourceName, namespace?: string | null): KubeObject[] {
    const table = this.#tables.get(resource);
    if (!table) return [];
    table.sorted ??= [...table.objects.entries()].sort(byKey).map(([, object]) => object);
    if (namespace === undefined || namespace === null) return [...table.sorted];
    return table.sorted.filter((object) => object.metadata.namespace === namespace);
  }

  create(resource: ResourceName, object: NewObject): KubeObject {
    const { namespace, name } = object.metadata;
    if (this.get(resource, namespace ?? null, name)) throw alreadyExists(resource, name);
    const prepared = cloneJson(this.#prepare(resource, object));
    const { uid, resourceVersion: _given, creationTimestamp, generation, ...meta } = prepared.metadata;
    const created: KubeObject = {
      ...prepared,
      metadata: {
        ...meta,
        uid: uid ?? randomUUID(),
        resourceVersion: '',
        ...(WITHOUT_GENERATION.has(resource) ? {} : { generation: generation ?? 1 }),
        creationTimestamp: creationTimestamp ?? this.timestamp(),
      },
    };
    return this.#commit(resource, 'ADDED', created, null);
  }

  change(
    resource: ResourceName,
    namespace: string | null,
    name: string,
    change: (object: KubeObject) => KubeObject | null,
  ): KubeObject | null {
    const previous = this.get(resource, namespace, name);
    if (!previous) return null;
    const changed = change(cloneJson(previous));
    if (!changed) return previous;
    const next = this.nextVersionOf(resource, previous, changed);
    if (equalJson(next, previous)) return previous;
    return this.#commit(resource, 'MODIFIED', next, previous);
  }

  /** What a write of `changed` over `previous` would store, less the new resourceVersion: for dry runs too. */
  nextVersionOf(resource: ResourceName, previous: KubeObject, changed: KubeObject): KubeObject {
    const { uid, resourceVersion, creationTimestamp } = previous.metadata;
    const metadata = { ...changed.metadata, uid, resourceVersion, creationTimestamp };
    if (!WITHOUT_GENERATION.has(resource)) {
      const raised = desiredStateDiffers(previous, changed) || startsDeletion(previous, changed);
      metadata.generation = (previous.metadata.generation ?? 1) + (raised ? 1 : 0);
    }
    return { ...changed, metadata };
  }

  remove(resource: ResourceName, namespace: string | null, name: string): void {
    const previous = this.get(resource, namespace, name);
    if (previous) this.#commit(resource, 'DELETED', cloneJson(previous), previous);
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events after `resourceVersion`, or null when some of them are already forgotten (410 Expired). */
  eventsSince(resource: ResourceName, resourceVersion: number): HistoryEntry[] | null {
    return this.#history.since(resource, resourceVersion);
  }

  /** Oldest resourceVersion from which a watch of the resource may start. */
  oldestWatchable(resource: ResourceName): number {
    return this.#history.floor(resource);
  }

  /** The list as it was at `resourceVersion`, or null when that is too long ago. */
  listAt(resource: ResourceName, resourceVersion: number): KubeObject[] | null {
    const later = this.#history.since(resource, resourceVersion);
    if (!later) return null;
    const objects = new Map(this.list(resource).map((object) => [keyOfObject(object), object]));
    for (const { event } of later.toReversed()) {
      if (event.previous) objects.set(keyOfObject(event.previous), event.previous);
      else objects.delete(keyOfObject(event.object));
    }
    return [...objects.entries()].sort(byKey).map(([, object]) => object);
  }

  /** Forgets all events so far: every watch or continue from an earlier resourceVersion answers 410. */
  forgetHistory(): void {
    this.#history.reset(this.#resourceVersion);
  }

  /** Everything as JSON text; `restore` in a new process brings it back. */
  snapshot(): string {
    const objects = Object.fromEntries(
      [...this.#tables].map(([name, table]) => [name, [...table.objects.values()]]),
    );
    return JSON.stringify({ resourceVersion: this.#resourceVersion, objects });
  }

  /**
   * Replaces the content by that of a snapshot, without events. As after a restart of a real API server,
   * every earlier resourceVersion is 410 afterwards. Throws when the text is no snapshot.
   */
  restore(json: string): void {
    const parsed = snapshotSchema.parse(JSON.parse(json));
    this.#tables.clear();
    for (const [resource, items] of Object.entries(parsed.objects)) {
      const table = this.#table(resource);
      for (const item of items) {
        if (!isKubeObject(item))
          throw new Error(`The snapshot holds something under ${resource} that is no object.`);
        table.objects.set(keyOfObject(item), deepFreeze(item));
      }
    }
    this.#resourceVersion = parsed.resourceVersion + 1;
    this.forgetHistory();
  }

  /** Now, in whole seconds, as metav1.Time is written. */
  timestamp(): string {
    return `${new Date(this.#now()).toISOString().slice(0, 19)}Z`;
  }

  #table(resource: ResourceName): Table {
    let table = this.#tables.get(resource);
    if (!table) {
      table = { objects: new Map(), sorted: null };
      this.#tables.set(resource, table);
    }
    return table;
  }

  #commit(
    resource: ResourceName,
    type: StoreEvent['type'],
    next: KubeObject,
    previous: KubeObject | null,
  ): KubeObject {
    this.#resourceVersion += 1;
    const stamped: KubeObject = {
      ...next,
      metadata: { ...next.metadata, resourceVersion: String(this.#resourceVersion) },
    };
    const object = deepFreeze(stamped);
    const table = this.#table(resource);
    if (type === 'DELETED') table.objects.delete(keyOfObject(object));
    else table.objects.set(keyOfObject(object), object);
    table.sorted = null;
    const event: StoreEvent = { type, object, previous };
    this.#history.add(resource, this.#resourceVersion, event);
    this.#queue.push({ resource, event });
    this.#deliver();
    return object;
  }

  /** A subscriber's error is its own: the write and the other subscribers go on, the process reports it. */
  #call(listener: Listener, resource: ResourceName, event: StoreEvent): void {
    try {
      listener(resource, event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** A subscriber that writes only lengthens the queue, so everybody sees the events in write order. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        for (const listener of [...this.#listeners]) this.#call(listener, next.resource, next.event);
      }
    } finally {
      this.#delivering = false;
    }
  }
}

function keyOf(namespace: string | null, name: string): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

function keyOfObject(object: KubeObject): string {
  return keyOf(object.metadata.namespace ?? null, object.metadata.name);
}

function byKey(a: [string, unknown], b: [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

function desiredStateDiffers(before: KubeObject, after: KubeObject): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const value = (object: KubeObject, key: string): Json | object | undefined => object[key];
  return [...keys].some(
    (key) => !NOT_DESIRED_STATE.has(key) && !equalJson(value(before, key), value(after, key)),
  );
}

function startsDeletion(before: KubeObject, after: KubeObject): boolean {
  return before.metadata.deletionTimestamp === undefined && after.metadata.deletionTimestamp !== undefined;
}
