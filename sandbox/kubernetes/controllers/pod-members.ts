import { equalJson } from '../object';
import type { KubeObject, ResourceName, StoreEvent } from '../store';
import { RESOURCES } from './context';
import type { ObjectIndex } from './object-index';
import { keyOf } from './read';

type Matches = (selecting: KubeObject, labels: { [key: string]: string } | undefined) => boolean;

/**
 * Which pods a Service or a disruption budget selects, kept up with every pod event: only a new or changed
 * selector looks at all pods of its namespace.
 */
export class PodMembers {
  readonly #index: ObjectIndex;
  readonly #resource: ResourceName;
  readonly #matches: Matches;
  readonly #members = new Map<string, Set<string>>();

  /** `resource` is the selecting kind. */
  constructor(index: ObjectIndex, resource: ResourceName, matches: Matches) {
    this.#index = index;
    this.#resource = resource;
    this.#matches = matches;
  }

  /** Names of the pods of the selecting object with this key. */
  of(key: string): ReadonlySet<string> {
    return this.#members.get(key) ?? new Set();
  }

  count(key: string): number {
    return this.of(key).size;
  }

  /** Takes in an event; the keys of the selecting objects that it concerns. */
  observe(resource: ResourceName, event: StoreEvent): string[] {
    if (resource === RESOURCES.pods) return this.#place(event);
    if (resource !== this.#resource) return [];
    if (event.type === 'DELETED') {
      this.#members.delete(keyOf(event.object));
      return [];
    }
    const same = event.type === 'MODIFIED' && equalJson(event.previous?.spec, event.object.spec);
    return same ? [] : [this.recount(event.object)];
  }

  /** Looks at every pod of the namespace; returns the object's key. */
  recount(selecting: KubeObject): string {
    const pods = this.#index.inNamespace(RESOURCES.pods, selecting.metadata.namespace ?? '');
    const own = pods.filter((pod) => this.#matches(selecting, pod.metadata.labels));
    this.#members.set(keyOf(selecting), new Set(own.map((pod) => pod.metadata.name)));
    return keyOf(selecting);
  }

  #place({ type, object: pod }: StoreEvent): string[] {
    const { name, namespace, labels } = pod.metadata;
    return this.#index.inNamespace(this.#resource, namespace ?? '').flatMap((selecting) => {
      const key = keyOf(selecting);
      const members = this.#members.get(key) ?? new Set();
      this.#members.set(key, members);
      const belongs = type !== 'DELETED' && this.#matches(selecting, labels);
      if (!belongs) return members.delete(name) ? [key] : [];
      members.add(name);
      return [key];
    });
  }
}
