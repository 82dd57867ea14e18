import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { desiredReplicas, minReadySeconds } from './deployment-limits';
import { templateHash } from './names';
import { createPod, deletePod } from './pod-create';
import { availableAt, isFinished, isReady, isTerminating } from './pod-facts';
import { controllerOf, countAt, keyOf, listAt, objectAt, textAt } from './read';

const SOURCE = { component: 'statefulset-controller' };
const REVISION_LABEL = 'controller-revision-hash';

/** StatefulSets: numbered pods made in order, ended in reverse order, updated from the last to the first. */
export class StatefulSetController implements Controller {
  readonly name = 'statefulset';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.statefulSets) this.#context.queue.add(this.name, keyOf(object));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (resource === RESOURCES.statefulSets && event.type !== 'DELETED') this.adopt(resource, event.object);
    const owner = resource === RESOURCES.pods ? controllerOf(event.object) : undefined;
    if (owner?.kind !== 'StatefulSet') return;
    this.#context.queue.add(this.name, `${event.object.metadata.namespace ?? ''}/${owner.name}`);
  }

  sync(namespace: string | null, name: string): void {
    const { store, index, clock, queue } = this.#context;
    const set = store.get(RESOURCES.statefulSets, namespace, name);
    if (!set) return;
    const revision = `${name}-${templateHash(objectAt(set, 'spec', 'template'), 0)}`;
    const before = index
      .ownedBy(RESOURCES.pods, set.metadata.uid)
      .sort((a, b) => ordinalOf(a) - ordinalOf(b));
    if (set.metadata.deletionTimestamp === undefined) this.#step(set, before, revision);
    const pods = index.ownedBy(RESOURCES.pods, set.metadata.uid);
    const now = clock.now();
    const status = statusOf(set, pods, revision, now);
    store.change(RESOURCES.statefulSets, namespace, name, (object) => ({ ...object, status }));
    const due = pods.map((pod) => availableAt(pod, minReadySeconds(set))).filter((at) => at > now);
    if (due.length > 0) queue.add(this.name, keyOf(set), Math.min(...due) - now);
  }

  /** One thing at a time, unless the pods may be managed in parallel. */
  #step(set: KubeObject, pods: readonly KubeObject[], revision: string): void {
    const wanted = desiredReplicas(set);
    const parallel = textAt(set, 'spec', 'podManagementPolicy') === 'Parallel';
    const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
    for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
      const pod = byOrdinal.get(ordinal);
      if (!pod) this.#create(set, ordinal, revision);
      else if (isFinished(pod) && !isTerminating(pod)) this.#delete(set, pod);
      if (!parallel && !(pod && this.#isUsable(set, pod))) return;
    }
    const surplus = pods.filter((pod) => ordinalOf(pod) >= wanted).reverse();
    for (const pod of surplus) {
      if (!isTerminating(pod)) this.#delete(set, pod);
      if (!parallel) return;
    }
    this.#update(set, pods, revision);
  }

  #update(set: KubeObject, pods: readonly KubeObject[], revision: string): void {
    if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
    const partition = countAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
    for (const pod of [...pods].reverse()) {
      if (ordinalOf(pod) < partition) return;
      if (pod.metadata.labels?.[REVISION_LABEL] !== revision) {
        if (!isTerminating(pod)) this.#delete(set, pod);
        return;
      }
      if (!this.#isUsable(set, pod)) return;
    }
  }

  #isUsable(set: KubeObject, pod: KubeObject): boolean {
    return !isTerminating(pod) && availableAt(pod, minReadySeconds(set)) <= this.#context.clock.now();
  }

  #create(set: KubeObject, ordinal: number, revision: string): void {
    const name = `${set.metadata.name}-${ordinal}`;
    const template = objectAt(set, 'spec', 'template');
    const metadata = objectAt(template, 'metadata');
    const labels = {
      ...objectAt(metadata, 'labels'),
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_LABEL]: revision,
      'statefulset.kubernetes.io/pod-name': name,
    };
    const spec = objectAt(template, 'spec');
    const claims = listAt(set, 'spec', 'volumeClaimTemplates').map((claim) => {
      const volume = textAt(claim, 'metadata', 'name') ?? '';
      return { name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}` } };
    });
    const own = {
      ...spec,
      hostname: name,
      subdomain: textAt(set, 'spec', 'serviceName') ?? '',
      ...(claims.length > 0 ? { volumes: [...listAt(spec, 'volumes'), ...claims] } : {}),
    };
    createPod(this.#context, set, { ...template, metadata: { ...metadata, labels }, spec: own }, { name });
    this.#say(set, 'SuccessfulCreate', `create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
  }

  #delete(set: KubeObject, pod: KubeObject): void {
    deletePod(this.#context, pod);
    this.#say(
      set,
      'SuccessfulDelete',
      `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
    );
  }

  #say(set: KubeObject, reason: string, message: string): void {
    this.#context.events.record(set, { type: 'Normal', reason, message, source: SOURCE });
  }
}

function ordinalOf(pod: KubeObject): number {
  return Number.parseInt(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1), 10);
}

/** `availableReplicas` and `replicas` are present as 0, the other counts are absent then. */
function statusOf(
  set: KubeObject,
  pods: readonly KubeObject[],
  updateRevision: string,
  now: number,
): JsonObject {
  const old = objectAt(set, 'status');
  const wanted = desiredReplicas(set);
  const alive = pods.filter((pod) => !isTerminating(pod) && !isFinished(pod));
  const of = (revision: string) =>
    alive.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision).length;
  const ready = alive.filter(isReady).length;
  const updated = of(updateRevision);
  const settled = updated === wanted && ready === wanted;
  const current = settled ? updateRevision : (textAt(old, 'currentRevision') ?? updateRevision);
  const counts = { readyReplicas: ready, currentReplicas: of(current), updatedReplicas: updated };
  const status: JsonObject = { observedGeneration: set.metadata.generation ?? 1, replicas: alive.length };
  for (const [field, count] of Object.entries(counts)) if (count > 0) status[field] = count;
  const wait = minReadySeconds(set);
  return {
    ...status,
    currentRevision: current,
    updateRevision,
    collisionCount: 0,
    availableReplicas: alive.filter((pod) => availableAt(pod, wait) <= now).length,
  };
}
