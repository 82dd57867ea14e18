import { ApiError } from '../api-error';
import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { desiredReplicas, minReadySeconds } from './deployment-limits';
import { ownerReference } from './deployment-sets';
import { createPod, deletePod } from './pod-create';
import { availableAt, deletionOrder, isActive, isFinished, isReady, isTerminating } from './pod-facts';
import { conditionOf, controllerOf, keyOf, objectAt, textMapAt, timestampOf } from './read';
import { matchesLabels, matchesSelector } from './selector';

/** Upstream's burstReplicas: at most so many pods made or ended in one look. */
const BURST = 500;
/** A ReplicaSet with many pods looks at them a few times a second, not at each single event. */
const MANY_PODS = 200;
const MANY_PODS_DELAY_MS = 100;
/** A new ReplicaSet has its first pods a moment after it was seen: its Deployment reports it without any. */
const FIRST_LOOK_MS = 20;
/** Pods that admission refused are tried again: upstream backs off, here it is always so long. */
const RETRY_REFUSED_MS = 2000;
const SOURCE = { component: 'replicaset-controller' };

/** ReplicaSets: the wanted number of pods, adoption by selector, counts with minReadySeconds. */
export class ReplicaSetController implements Controller {
  readonly name = 'replicaset';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.replicaSets) this.#context.queue.add(this.name, keyOf(object));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (resource === RESOURCES.replicaSets && event.type !== 'DELETED') {
      const delay = event.type === 'ADDED' ? FIRST_LOOK_MS : 0;
      this.#context.queue.add(this.name, keyOf(event.object), delay);
    }
    if (resource === RESOURCES.pods) {
      this.#enqueueOwner(event.object);
      // A pod whose labels changed may have left the ReplicaSet that owned it.
      if (event.previous && controllerOf(event.previous)?.uid !== controllerOf(event.object)?.uid) {
        this.#enqueueOwner(event.previous);
      }
    }
  }

  sync(namespace: string | null, name: string): void {
    const { store, clock, queue } = this.#context;
    const set = store.get(RESOURCES.replicaSets, namespace, name);
    if (!set) return;
    const pods = this.#claim(set);
    const active = pods.filter(isActive);
    const refusal = set.metadata.deletionTimestamp === undefined ? this.#manage(set, active) : null;
    const now = clock.now();
    const status = withFailure(set, statusOf(set, active, pods, now), refusal, now);
    store.change(RESOURCES.replicaSets, namespace, name, (object) => ({ ...object, status }));
    const wait = minReadySeconds(set);
    const due = active.map((pod) => availableAt(pod, wait)).filter((at) => at > now);
    if (refusal !== null) queue.add(this.name, keyOf(set), RETRY_REFUSED_MS);
    if (due.length > 0) queue.add(this.name, keyOf(set), Math.min(...due) - now);
  }

  #enqueueOwner(pod: KubeObject): void {
    const { queue, index } = this.#context;
    const namespace = pod.metadata.namespace ?? '';
    const owner = controllerOf(pod);
    if (owner) {
      if (owner.kind !== 'ReplicaSet') return;
      const many = index.ownedCount(RESOURCES.pods, owner.uid) > MANY_PODS;
      queue.add(this.name, `${namespace}/${owner.name}`, many ? MANY_PODS_DELAY_MS : 0);
      return;
    }
    for (const set of index.inNamespace(RESOURCES.replicaSets, namespace)) {
      if (matchesSelector(objectAt(set, 'spec', 'selector'), pod.metadata.labels))
        queue.add(this.name, keyOf(set));
    }
  }

  /** Own pods; matching pods without an owner are adopted, own ones that no longer match are let go. */
  #claim(set: KubeObject): KubeObject[] {
    const { index, store } = this.#context;
    const namespace = set.metadata.namespace ?? 'default';
    const selector = objectAt(set, 'spec', 'selector');
    for (const orphan of index.orphans(RESOURCES.pods, namespace)) {
      if (!isActive(orphan) || !matchesSelector(selector, orphan.metadata.labels)) continue;
      store.change(RESOURCES.pods, namespace, orphan.metadata.name, (pod) => {
        pod.metadata.ownerReferences = [...(pod.metadata.ownerReferences ?? []), ownerReference(set)];
        return pod;
      });
    }
    return index.ownedBy(RESOURCES.pods, set.metadata.uid).filter((pod) => {
      if (matchesSelector(selector, pod.metadata.labels)) return true;
      store.change(RESOURCES.pods, namespace, pod.metadata.name, (object) => {
        const { ownerReferences, ...metadata } = object.metadata;
        const kept = (ownerReferences ?? []).filter((owner) => owner.uid !== set.metadata.uid);
        return { ...object, metadata: kept.length > 0 ? { ...metadata, ownerReferences: kept } : metadata };
      });
      return false;
    });
  }

  /** What admission said when it refused a pod; null when nothing was refused. */
  #manage(set: KubeObject, active: readonly KubeObject[]): string | null {
    const missing = desiredReplicas(set) - active.length;
    for (let i = 0; i < Math.min(missing, BURST); i += 1) {
      const refusal = this.#createPod(set);
      if (refusal !== null) return refusal;
    }
    if (missing >= 0) return null;
    for (const pod of deletionOrder(active).slice(0, Math.min(-missing, BURST))) {
      deletePod(this.#context, pod);
      this.#say(set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    }
    return null;
  }

  #createPod(set: KubeObject): string | null {
    const named = { generateName: `${set.metadata.name}-` };
    try {
      const pod = createPod(this.#context, set, objectAt(set, 'spec', 'template'), named);
      this.#say(set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      return null;
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'Forbidden')) throw error;
      this.#say(set, 'FailedCreate', `Error creating: ${error.message}`, 'Warning');
      return error.message;
    }
  }

  #say(set: KubeObject, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
    this.#context.events.record(set, { type, reason, message, source: SOURCE });
  }
}

/** The condition ReplicaFailure while pods are refused; it goes with the first look that has none refused. */
function withFailure(set: KubeObject, status: JsonObject, refusal: string | null, now: number): JsonObject {
  if (refusal === null) return status;
  // The first refusal stays (upstream's SetCondition): each has another pod's name, and would be another write.
  const condition = conditionOf(set, 'ReplicaFailure') ?? {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: timestampOf(now),
    reason: 'FailedCreate',
    message: refusal,
  };
  return { ...status, conditions: [condition] };
}

/** Counts from the pods as they were before this look; zero counts but `replicas` are absent. */
function statusOf(
  set: KubeObject,
  active: readonly KubeObject[],
  pods: readonly KubeObject[],
  now: number,
): JsonObject {
  const templateLabels = textMapAt(set, 'spec', 'template', 'metadata', 'labels');
  const wait = minReadySeconds(set);
  const counts = {
    fullyLabeledReplicas: active.filter((pod) => matchesLabels(templateLabels, pod.metadata.labels)).length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => availableAt(pod, wait) <= now).length,
  };
  const status: JsonObject = { replicas: active.length };
  for (const [field, count] of Object.entries(counts)) if (count > 0) status[field] = count;
  status['terminatingReplicas'] = pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length;
  status['observedGeneration'] = set.metadata.generation ?? 1;
  return status;
}
