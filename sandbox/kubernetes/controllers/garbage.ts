import type { ResourceName, StoreEvent } from '../store';
import { type Context, RESOURCES } from './context';
import { deletePod } from './pod-create';

const REACTION_MS = 5;

/** Garbage collection: what names a vanished owner goes too, unless another owner is left. */
export class GarbageCollector {
  readonly name = 'garbage';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  observe(_resource: ResourceName, event: StoreEvent): void {
    if (event.type !== 'DELETED') return;
    const { uid } = event.object.metadata;
    if (this.#context.index.dependentsOf(uid).length > 0)
      this.#context.queue.add(this.name, `/${uid}`, REACTION_MS);
  }

  /** `name` is the uid of the owner that is gone. */
  sync(_namespace: string | null, name: string): void {
    const { store, index } = this.#context;
    for (const dependent of index.dependentsOf(name)) {
      const object = store.get(dependent.resource, dependent.namespace, dependent.name);
      if (!object) continue;
      const others = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== name);
      if (others.length > 0) {
        store.change(dependent.resource, dependent.namespace, dependent.name, (changed) => ({
          ...changed,
          metadata: { ...changed.metadata, ownerReferences: others },
        }));
      } else if (dependent.resource === RESOURCES.pods) deletePod(this.#context, object);
      else store.remove(dependent.resource, dependent.namespace, dependent.name);
    }
  }
}
