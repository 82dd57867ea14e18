import type { KubeObject, ResourceName, Store, StoreEvent } from '../store';
import { controllerOf, keyOf } from './read';

type Bucket = Map<string, KubeObject>;
/** An object that names some owner, managed or not: what garbage collection follows. */
export type Dependent = { resource: ResourceName; namespace: string | null; name: string };

/** Events are many, have no owners and are never looked up by namespace here. */
const NOT_INDEXED = new Set<ResourceName>(['events']);

/**
 * Objects by namespace and by owner, kept up event by event, so that one event costs what it concerns and
 * not a walk over every pod of the cluster.
 */
export class ObjectIndex {
  readonly #byNamespace = new Map<string, Bucket>();
  readonly #byOwner = new Map<string, Bucket>();
  readonly #dependents = new Map<string, Map<string, Dependent>>();

  /** Takes in one event of the store; events must come in write order. */
  apply(resource: ResourceName, event: StoreEvent): void {
    if (NOT_INDEXED.has(resource)) return;
    if (event.previous) this.#drop(resource, event.previous);
    if (event.type !== 'DELETED') this.add(resource, event.object);
  }

  /** Objects of one namespace. */
  inNamespace(resource: ResourceName, namespace: string): KubeObject[] {
    return [...(this.#byNamespace.get(`${resource} ${namespace}`)?.values() ?? [])];
  }

  /** All objects of one namespace, whatever their kind. */
  everythingIn(namespace: string): { resource: ResourceName; object: KubeObject }[] {
    return [...this.#byNamespace].flatMap(([key, objects]) => {
      const [resource = '', place] = key.split(' ');
      return place === namespace ? [...objects.values()].map((object) => ({ resource, object })) : [];
    });
  }

  /** Objects whose managing owner has this uid. */
  ownedBy(resource: ResourceName, uid: string): KubeObject[] {
    return [...(this.#byOwner.get(`${resource} ${uid}`)?.values() ?? [])];
  }

  /** How many `ownedBy` would return, without the copy. */
  ownedCount(resource: ResourceName, uid: string): number {
    return this.#byOwner.get(`${resource} ${uid}`)?.size ?? 0;
  }

  /** Objects of one namespace that nobody manages: candidates for adoption. */
  orphans(resource: ResourceName, namespace: string): KubeObject[] {
    return [...(this.#byOwner.get(`${resource} /${namespace}`)?.values() ?? [])];
  }

  dependentsOf(uid: string): Dependent[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  add(resource: ResourceName, object: KubeObject): void {
    if (NOT_INDEXED.has(resource)) return;
    const key = keyOf(object);
    const namespace = object.metadata.namespace ?? '';
    bucket(this.#byNamespace, `${resource} ${namespace}`).set(key, object);
    bucket(this.#byOwner, ownerBucket(resource, object)).set(key, object);
    const dependent = { resource, namespace: object.metadata.namespace ?? null, name: object.metadata.name };
    for (const owner of object.metadata.ownerReferences ?? []) {
      bucket(this.#dependents, owner.uid).set(`${resource} ${key}`, dependent);
    }
  }

  #drop(resource: ResourceName, object: KubeObject): void {
    const key = keyOf(object);
    take(this.#byNamespace, `${resource} ${object.metadata.namespace ?? ''}`, key);
    take(this.#byOwner, ownerBucket(resource, object), key);
    for (const owner of object.metadata.ownerReferences ?? []) {
      take(this.#dependents, owner.uid, `${resource} ${key}`);
    }
  }
}

/** Fills an index with what the store holds; the caller subscribes first, so nothing is missed. */
export function fillIndex(index: ObjectIndex, store: Store, resources: readonly ResourceName[]): void {
  for (const resource of resources) for (const object of store.list(resource)) index.add(resource, object);
}

function ownerBucket(resource: ResourceName, object: KubeObject): string {
  return `${resource} ${controllerOf(object)?.uid ?? `/${object.metadata.namespace ?? ''}`}`;
}

function bucket<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  let found = map.get(key);
  if (!found) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}

function take<T>(map: Map<string, Map<string, T>>, key: string, item: string): void {
  const found = map.get(key);
  found?.delete(item);
  if (found?.size === 0) map.delete(key);
}
