import { equalJson } from '../object';
import type { KubeObject, ResourceName, StoreEvent } from '../store';
import { withCondition } from './conditions';
import { type Context, type Controller, RESOURCES } from './context';
import {
  desiredReplicas,
  isRollingUpdate,
  minReadySeconds,
  progressDeadlineSeconds,
} from './deployment-limits';
import { growNew, newSetSize, proportional, type Scale, shrinkOld } from './deployment-scale';
import {
  annotationsFor,
  claimSets,
  findNewSet,
  isScaled,
  newSetFor,
  REVISION,
  revisionOf,
} from './deployment-sets';
import { countStatus, isComplete, stuckCheckDelay, withProgress } from './deployment-status';
import { DeploymentWrites } from './deployment-writes';
import { controllerOf, countAt, keyOf, objectAt, timestampOf, trueAt } from './read';

/** From a change to the controller's look at it, and from the revision to the counts: clients see the stages. */
const REACTION_MS = 8;
const NEXT_STAGE_MS = 15;

type Sets = { old: KubeObject[]; newSet: KubeObject | undefined; all: KubeObject[] };

/** Deployments: ReplicaSets by template, rolling or all at once, revisions, conditions, scaling, deadlines. */
export class DeploymentController implements Controller {
  readonly name = 'deployment';
  readonly #context: Context;
  readonly #writes: DeploymentWrites;

  constructor(context: Context) {
    this.#context = context;
    this.#writes = new DeploymentWrites(context);
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource === RESOURCES.deployments) this.#enqueue(object);
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (resource === RESOURCES.deployments && event.type !== 'DELETED') this.#enqueue(event.object);
    if (resource === RESOURCES.replicaSets) this.#enqueueOwner(event.object);
    // Only "all at once" waits for pods themselves: the old ones must be gone.
    if (resource === RESOURCES.pods && event.type === 'DELETED') this.#enqueueRecreate(event.object);
  }

  sync(namespace: string | null, name: string): void {
    const deployment = this.#context.store.get(RESOURCES.deployments, namespace, name);
    if (!deployment) return;
    if (Object.keys(objectAt(deployment, 'spec', 'selector')).length === 0) return;
    if (deployment.metadata.deletionTimestamp !== undefined) {
      this.#writeStatus(deployment, false);
      return;
    }
    if (this.#writes.notePause(deployment)) {
      this.#again(deployment);
      return;
    }
    const sets = this.#sets(deployment);
    const paused = trueAt(deployment, 'spec', 'paused');
    if (sets.newSet && this.#annotate(deployment, sets)) {
      this.#again(deployment);
      return;
    }
    // Several active ReplicaSets share only in a rolling update; all at once goes on with taking the old down.
    const shares =
      isRollingUpdate(deployment) || sets.all.filter((set) => desiredReplicas(set) > 0).length <= 1;
    if (paused || (shares && isScaled(deployment, sets.all))) {
      this.#rescale(deployment, sets, paused);
      return;
    }
    if (isRollingUpdate(deployment)) this.#roll(deployment, sets);
    else this.#recreate(deployment, sets);
  }

  #enqueue(deployment: KubeObject): void {
    this.#context.queue.add(this.name, keyOf(deployment), REACTION_MS);
  }

  #again(deployment: KubeObject): void {
    this.#context.queue.add(this.name, keyOf(deployment), NEXT_STAGE_MS);
  }

  #enqueueOwner(set: KubeObject): void {
    const owner = controllerOf(set);
    if (owner?.kind !== 'Deployment') return;
    this.#context.queue.add(this.name, `${set.metadata.namespace ?? ''}/${owner.name}`, REACTION_MS);
  }

  #enqueueRecreate(pod: KubeObject): void {
    const owner = controllerOf(pod);
    if (owner?.kind !== 'ReplicaSet') return;
    const set = this.#context.store.get(RESOURCES.replicaSets, pod.metadata.namespace ?? null, owner.name);
    if (set) this.#enqueueOwner(set);
  }

  #sets(deployment: KubeObject): Sets {
    const all = claimSets(this.#context, deployment);
    const newSet = findNewSet(deployment, all);
    return { all, newSet, old: all.filter((set) => set !== newSet) };
  }

  /** Keeps revision and copied annotations of the current ReplicaSet, then the Deployment's revision. */
  #annotate(deployment: KubeObject, { newSet, old }: Sets): boolean {
    if (!newSet) return false;
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    const annotations = annotationsFor(deployment, newSet, revision);
    const ready = minReadySeconds(deployment);
    const stale =
      !equalJson(annotations, newSet.metadata.annotations ?? {}) || minReadySeconds(newSet) !== ready;
    if (stale) {
      this.#writes.changeSet(newSet, (set) => {
        set.metadata.annotations = annotations;
        set.spec = {
          ...set.spec,
          ...(ready > 0 || minReadySeconds(set) > 0 ? { minReadySeconds: ready } : {}),
        };
      });
    }
    return this.#writes.setRevision(deployment, annotations[REVISION] ?? '', null) || stale;
  }

  #createSet(deployment: KubeObject, sets: Sets): void {
    const revision = Math.max(0, ...sets.old.map(revisionOf)) + 1;
    const size = newSetSize(deployment, sets.all, 0);
    const body = newSetFor(deployment, revision, size);
    const namespace = deployment.metadata.namespace ?? null;
    if (this.#context.store.get(RESOURCES.replicaSets, namespace, body.metadata.name)) {
      this.#context.store.change(RESOURCES.deployments, namespace, deployment.metadata.name, (object) => ({
        ...object,
        status: { ...object.status, collisionCount: countAt(object, 'status', 'collisionCount') + 1 },
      }));
      return;
    }
    const created = this.#context.store.create(RESOURCES.replicaSets, body);
    if (size > 0) this.#writes.say(deployment, created, 0, size);
    const condition = {
      type: 'Progressing',
      status: 'True' as const,
      reason: 'NewReplicaSetCreated',
      message: `Created new replica set "${created.metadata.name}"`,
    };
    const now = timestampOf(this.#context.clock.now());
    const status =
      progressDeadlineSeconds(deployment) === null
        ? null
        : withCondition(objectAt(deployment, 'status'), condition, now);
    this.#writes.setRevision(deployment, String(revision), status);
  }

  #roll(deployment: KubeObject, sets: Sets): void {
    const { newSet } = sets;
    if (!newSet) {
      this.#createSet(deployment, sets);
      this.#again(deployment);
      return;
    }
    const grow = growNew(deployment, sets.all, newSet);
    const scales = grow ? [grow] : shrinkOld(deployment, sets.old, newSet);
    this.#finish(deployment, sets, scales);
  }

  /** All at once: down to nothing, wait until the old pods are gone, then up. */
  #recreate(deployment: KubeObject, sets: Sets): void {
    const active = sets.old.filter((set) => desiredReplicas(set) > 0);
    if (active.length > 0) {
      this.#finish(
        deployment,
        sets,
        active.map((set) => ({ set, replicas: 0 })),
      );
      return;
    }
    const oldPods = sets.old.some((set) =>
      this.#context.index.ownedBy(RESOURCES.pods, set.metadata.uid).some(isAlive),
    );
    if (oldPods) {
      this.#finish(deployment, sets, []);
      return;
    }
    if (!sets.newSet) {
      this.#createSet(deployment, sets);
      this.#again(deployment);
      return;
    }
    const wanted = desiredReplicas(deployment);
    const up = desiredReplicas(sets.newSet) === wanted ? [] : [{ set: sets.newSet, replicas: wanted }];
    this.#finish(deployment, sets, up);
  }

  #finish(deployment: KubeObject, sets: Sets, scales: readonly Scale[]): void {
    for (const scale of scales) this.#writes.scale(deployment, scale);
    if (scales.length === 0 && isComplete(deployment, objectAt(deployment, 'status')))
      this.#writes.cleanUp(deployment, sets.old);
    this.#writeStatus(deployment, true);
  }

  #rescale(deployment: KubeObject, sets: Sets, paused: boolean): void {
    for (const scale of proportional(deployment, sets.old, sets.newSet))
      this.#writes.scale(deployment, scale);
    if (paused) this.#writes.cleanUp(deployment, sets.old);
    // Upstream counts with the sizes from before it scaled; the next look, on their change, has the new ones.
    this.#writeStatus(deployment, false, sets);
    if (!paused) this.#context.queue.add(this.name, keyOf(deployment));
  }

  #writeStatus(deployment: KubeObject, rollout: boolean, sets?: Sets): void {
    const { store, clock, queue } = this.#context;
    const fresh = store.get(
      RESOURCES.deployments,
      deployment.metadata.namespace ?? null,
      deployment.metadata.name,
    );
    if (!fresh) return;
    const { all, newSet } = sets ?? this.#sets(fresh);
    const now = clock.now();
    const counted = countStatus(fresh, all, newSet, now);
    const status = rollout ? withProgress(fresh, counted, newSet, now) : counted;
    store.change(RESOURCES.deployments, fresh.metadata.namespace ?? null, fresh.metadata.name, (object) => ({
      ...object,
      status,
    }));
    const delay = trueAt(fresh, 'spec', 'paused') ? null : stuckCheckDelay(fresh, status, now);
    if (delay !== null) queue.add(this.name, keyOf(fresh), delay);
  }
}

function isAlive(pod: KubeObject): boolean {
  const phase = objectAt(pod, 'status')['phase'];
  return phase !== 'Succeeded' && phase !== 'Failed';
}
