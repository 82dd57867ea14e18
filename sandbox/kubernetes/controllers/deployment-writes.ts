import type { JsonObject, KubeObject } from '../store';
import { findCondition, withCondition } from './conditions';
import { type Context, RESOURCES } from './context';
import { desiredReplicas, progressDeadlineSeconds } from './deployment-limits';
import type { Scale } from './deployment-scale';
import { isObserved, REVISION, revisionOf, sizeAnnotations } from './deployment-sets';
import { countAt, numberAt, objectAt, timestampOf, trueAt } from './read';

const SOURCE = { component: 'deployment-controller' };

/** The single writes of the Deployment controller, without the decisions. */
export class DeploymentWrites {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Writes the revision (and a condition that came with it); status otherwise stays that of the past. */
  setRevision(deployment: KubeObject, revision: string, status: JsonObject | null): boolean {
    const before = deployment.metadata.annotations?.[REVISION];
    if (before === revision && status === null) return false;
    this.#context.store.change(
      RESOURCES.deployments,
      deployment.metadata.namespace ?? null,
      deployment.metadata.name,
      (object) => {
        object.metadata.annotations = { ...object.metadata.annotations, [REVISION]: revision };
        return status === null ? object : { ...object, status };
      },
    );
    return true;
  }

  /** Sizes a ReplicaSet and notes for which Deployment size that was. */
  scale(deployment: KubeObject, { set, replicas }: Scale): void {
    const before = desiredReplicas(set);
    this.changeSet(set, (object) => {
      object.metadata.annotations = { ...object.metadata.annotations, ...sizeAnnotations(deployment) };
      object.spec = { ...object.spec, replicas };
    });
    if (before !== replicas) this.say(deployment, set, before, replicas);
  }

  /** The event of a scaled ReplicaSet. */
  say(deployment: KubeObject, set: KubeObject, from: number, to: number): void {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}`;
    this.#context.events.record(deployment, {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message,
      source: SOURCE,
    });
  }

  /** Changes a ReplicaSet in place. */
  changeSet(set: KubeObject, change: (set: KubeObject) => void): void {
    this.#context.store.change(
      RESOURCES.replicaSets,
      set.metadata.namespace ?? null,
      set.metadata.name,
      (object) => {
        change(object);
        return object;
      },
    );
  }

  /** Pausing stops the deadline and resuming starts it anew; a rollout that failed stays failed. */
  notePause(deployment: KubeObject): boolean {
    const reason = findCondition(objectAt(deployment, 'status'), 'Progressing')?.['reason'];
    const paused = trueAt(deployment, 'spec', 'paused');
    if (progressDeadlineSeconds(deployment) === null || reason === 'ProgressDeadlineExceeded') return false;
    if (paused === (reason === 'DeploymentPaused')) return false;
    const word = paused ? 'Paused' : 'Resumed';
    const condition = {
      type: 'Progressing',
      status: 'Unknown' as const,
      reason: `Deployment${word}`,
      message: `Deployment is ${word.toLowerCase()}`,
    };
    this.#context.store.change(
      RESOURCES.deployments,
      deployment.metadata.namespace ?? null,
      deployment.metadata.name,
      (object) => ({
        ...object,
        status: withCondition(objectAt(object, 'status'), condition, timestampOf(this.#context.clock.now())),
      }),
    );
    return true;
  }

  /** Old ReplicaSets without pods beyond revisionHistoryLimit go, lowest revision first. */
  cleanUp(deployment: KubeObject, old: readonly KubeObject[]): void {
    const surplus = old.length - (numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10);
    if (surplus <= 0) return;
    const byRevision = [...old].sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of byRevision.slice(0, surplus)) {
      if (desiredReplicas(set) > 0 || countAt(set, 'status', 'replicas') > 0 || !isObserved(set)) continue;
      this.#context.store.remove(RESOURCES.replicaSets, set.metadata.namespace ?? null, set.metadata.name);
    }
  }
}
