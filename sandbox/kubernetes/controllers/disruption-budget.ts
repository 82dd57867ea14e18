import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { desiredReplicas, scaledValue } from './deployment-limits';
import { isActive, isReady } from './pod-facts';
import { PodMembers } from './pod-members';
import { conditionOf, controllerOf, keyOf, objectAt, timestampOf, valueAt } from './read';
import { matchesSelector } from './selector';

const REACTION_MS = 10;
const OWNERS: { [kind: string]: ResourceName } = {
  ReplicaSet: RESOURCES.replicaSets,
  Deployment: RESOURCES.deployments,
  StatefulSet: RESOURCES.statefulSets,
};

/** Status of PodDisruptionBudgets: how many of the selected pods may be evicted now. */
export class DisruptionBudgetController implements Controller {
  readonly name = 'disruptionbudget';
  readonly #context: Context;
  readonly #members: PodMembers;

  constructor(context: Context) {
    this.#context = context;
    this.#members = new PodMembers(context.index, RESOURCES.disruptionBudgets, (budget, labels) =>
      matchesSelector(objectAt(budget, 'spec', 'selector'), labels),
    );
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.disruptionBudgets) this.#enqueue(this.#members.recount(object));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    for (const key of this.#members.observe(resource, event)) this.#enqueue(key);
  }

  sync(namespace: string | null, name: string): void {
    const { store, clock } = this.#context;
    const budget = store.get(RESOURCES.disruptionBudgets, namespace, name);
    if (!budget) return;
    const pods = [...this.#members.of(keyOf(budget))].flatMap(
      (pod) => store.get(RESOURCES.pods, namespace, pod) ?? [],
    );
    const active = pods.filter(isActive);
    const healthy = active.filter(isReady).length;
    const { expected, desired } = this.#expectation(budget, active);
    const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
    const now = timestampOf(clock.now());
    store.change(RESOURCES.disruptionBudgets, namespace, name, (object) => ({
      ...object,
      status: {
        observedGeneration: object.metadata.generation ?? 1,
        disruptionsAllowed: allowed,
        currentHealthy: healthy,
        desiredHealthy: desired,
        expectedPods: expected,
        conditions: [allowedCondition(object, allowed, now)],
      },
    }));
  }

  #enqueue(key: string): void {
    this.#context.queue.add(this.name, key, REACTION_MS);
  }

  /** A whole minAvailable counts pods; per cent and maxUnavailable count what the owners want. */
  #expectation(budget: KubeObject, active: readonly KubeObject[]): { expected: number; desired: number } {
    const least = valueAt(budget, 'spec', 'minAvailable');
    if (typeof least === 'number') return { expected: active.length, desired: least };
    const expected = this.#wantedByOwners(active);
    if (least !== undefined) return { expected, desired: scaledValue(least, expected, true) };
    const most = scaledValue(valueAt(budget, 'spec', 'maxUnavailable') ?? 0, expected, true);
    return { expected, desired: Math.max(0, expected - most) };
  }

  #wantedByOwners(active: readonly KubeObject[]): number {
    const wanted = new Map<string, number>();
    for (const pod of active) {
      const owner = this.#topOwner(pod);
      if (owner && !wanted.has(owner.metadata.uid)) wanted.set(owner.metadata.uid, desiredReplicas(owner));
    }
    return [...wanted.values()].reduce((sum, replicas) => sum + replicas, 0);
  }

  #topOwner(object: KubeObject): KubeObject | null {
    const reference = controllerOf(object);
    const resource = reference ? OWNERS[reference.kind] : undefined;
    if (!reference || !resource) return null;
    const owner = this.#context.store.get(resource, object.metadata.namespace ?? null, reference.name);
    return owner ? (this.#topOwner(owner) ?? owner) : null;
  }
}

function allowedCondition(budget: KubeObject, allowed: number, now: string): JsonObject {
  const status = allowed > 0 ? 'True' : 'False';
  const before = conditionOf(budget, 'DisruptionAllowed');
  return {
    type: 'DisruptionAllowed',
    status,
    observedGeneration: budget.metadata.generation ?? 1,
    lastTransitionTime: before?.['status'] === status ? (before['lastTransitionTime'] ?? now) : now,
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  };
}
