import type { KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { keyOf, objectAt } from './read';

const REACTION_MS = 5;

/** Namespaces: Active from the start; a deleted one takes everything in it along, then goes itself. */
export class NamespaceController implements Controller {
  readonly name = 'namespace';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.namespaces) this.#context.queue.add(this.name, keyOf(object), REACTION_MS);
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (event.type !== 'DELETED') this.adopt(resource, event.object);
  }

  sync(_namespace: string | null, name: string): void {
    const { store } = this.#context;
    const namespace = store.get(RESOURCES.namespaces, null, name);
    if (!namespace) return;
    const leaving = namespace.metadata.deletionTimestamp !== undefined;
    store.change(RESOURCES.namespaces, null, name, (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...object.metadata.labels, 'kubernetes.io/metadata.name': name },
      },
      status: { ...objectAt(object, 'status'), phase: leaving ? 'Terminating' : 'Active' },
    }));
    if (leaving) this.#empty(name);
  }

  #empty(name: string): void {
    const { store, index } = this.#context;
    for (const { resource, object } of index.everythingIn(name)) {
      store.remove(resource, name, object.metadata.name);
    }
    for (const event of store.list('events', name)) store.remove('events', name, event.metadata.name);
    const finalizers = objectAt(store.get(RESOURCES.namespaces, null, name), 'metadata')['finalizers'];
    if (!Array.isArray(finalizers) || finalizers.length === 0) store.remove(RESOURCES.namespaces, null, name);
  }
}
