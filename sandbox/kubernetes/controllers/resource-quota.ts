import { amountText, isPodFigure, usedBy } from '../quota';
import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { isFinished } from './pod-facts';
import { keyOf, objectAt } from './read';

/** Pod events are gathered: a namespace is added up at most once a second. */
const BATCH_MS = 1000;
const COUNTED = new Set<ResourceName>([
  'pods',
  'services',
  'configmaps',
  'secrets',
  RESOURCES.deployments,
  RESOURCES.jobs,
]);

/** Status of ResourceQuotas: the hard limits and what the namespace uses of them. */
export class ResourceQuotaController implements Controller {
  readonly name = 'resourcequota';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.resourceQuotas) this.#context.queue.add(this.name, keyOf(object));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (resource === RESOURCES.resourceQuotas && event.type !== 'DELETED') this.adopt(resource, event.object);
    if (!COUNTED.has(resource)) return;
    for (const quota of this.#context.index.inNamespace(
      RESOURCES.resourceQuotas,
      event.object.metadata.namespace ?? '',
    )) {
      this.#context.queue.add(this.name, keyOf(quota), BATCH_MS);
    }
  }

  sync(namespace: string | null, name: string): void {
    const { store } = this.#context;
    const quota = store.get(RESOURCES.resourceQuotas, namespace, name);
    if (!quota) return;
    const hard = objectAt(quota, 'spec', 'hard');
    const pods = this.#context.index
      .inNamespace(RESOURCES.pods, namespace ?? '')
      .filter((pod) => !isFinished(pod));
    const used: JsonObject = {};
    for (const key of Object.keys(hard)) used[key] = this.#use(key, namespace ?? '', pods);
    store.change(RESOURCES.resourceQuotas, namespace, name, (object) => ({
      ...object,
      status: { hard, used },
    }));
  }

  #use(key: string, namespace: string, pods: readonly KubeObject[]): string {
    if (isPodFigure(key)) return amountText(key, usedBy(key, pods));
    const counted = key.startsWith('count/') ? key.slice('count/'.length) : key;
    return String(this.#context.index.inNamespace(counted, namespace).length);
  }
}
