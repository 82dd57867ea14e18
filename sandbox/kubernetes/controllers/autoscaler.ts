import { withManagedFields } from '../managed-fields';
import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { type Context, type Controller, RESOURCES } from './context';
import { desiredReplicas } from './deployment-limits';
import { conditionOf, countAt, keyOf, listAt, numberAt, objectAt, textAt, timestampOf } from './read';

/** The controller manager's --horizontal-pod-autoscaler-sync-period. */
const SYNC_MS = 15_000;
const SOURCE = { component: 'horizontal-pod-autoscaler' };
const TARGETS: { [kind: string]: ResourceName } = {
  Deployment: RESOURCES.deployments,
  StatefulSet: RESOURCES.statefulSets,
  ReplicaSet: RESOURCES.replicaSets,
};

/** HorizontalPodAutoscalers of a cluster without a metrics server: they hold the bounds and nothing else. */
export class AutoscalerController implements Controller {
  readonly name = 'autoscaler';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  adopt(resource: ResourceName, object: KubeObject): void {
    if (resource !== RESOURCES.autoscalers) return;
    this.#context.queue.add(this.name, keyOf(object), Math.ceil(this.#context.random() * SYNC_MS));
  }

  observe(resource: ResourceName, event: StoreEvent): void {
    if (event.type === 'ADDED') this.adopt(resource, event.object);
  }

  sync(namespace: string | null, name: string): void {
    const { store, queue } = this.#context;
    const scaler = store.get(RESOURCES.autoscalers, namespace, name);
    if (!scaler) return;
    queue.add(this.name, keyOf(scaler), SYNC_MS);
    const kind = textAt(scaler, 'spec', 'scaleTargetRef', 'kind') ?? '';
    const targetName = textAt(scaler, 'spec', 'scaleTargetRef', 'name') ?? '';
    const resource = TARGETS[kind];
    const target = resource ? store.get(resource, namespace, targetName) : null;
    if (!resource || !target) {
      this.#withoutTarget(scaler, targetName);
      return;
    }
    const bound = boundFor(scaler, desiredReplicas(target));
    if (bound) {
      const time = timestampOf(this.#context.clock.now());
      const writer = { manager: 'kube-controller-manager', subresource: 'scale', time };
      store.change(resource, namespace, targetName, (object) => {
        const scaled = { ...object, spec: { ...object.spec, replicas: bound.replicas } };
        return withManagedFields(object, scaled, { ...writer, apiVersion: object.apiVersion });
      });
      this.#say(
        scaler,
        'Normal',
        'SuccessfulRescale',
        `New size: ${bound.replicas}; reason: ${bound.reason}`,
      );
    }
    this.#report(scaler, desiredReplicas(target), bound?.replicas ?? null);
  }

  #report(scaler: KubeObject, current: number, rescaledTo: number | null): void {
    const now = timestampOf(this.#context.clock.now());
    const metric = metricName(scaler);
    const why = `failed to get ${metric} utilization: unable to get metrics for resource ${metric}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`;
    const able =
      rescaledTo === null
        ? {
            reason: 'SucceededGetScale',
            message: "the HPA controller was able to get the target's current scale",
          }
        : {
            reason: 'SucceededRescale',
            message: `the HPA controller was able to update the target scale to ${rescaledTo}`,
          };
    const active =
      current === 0
        ? {
            reason: 'ScalingDisabled',
            message: 'scaling is disabled since the replica count of the target is zero',
          }
        : {
            reason: 'FailedGetResourceMetric',
            message: `the HPA was unable to compute the replica count: ${why}`,
          };
    this.#write(scaler, (old) => ({
      ...(rescaledTo === null ? keep(old, 'lastScaleTime') : { lastScaleTime: now }),
      currentReplicas: current,
      desiredReplicas: rescaledTo ?? 0,
      currentMetrics: rescaledTo === null ? [{ type: '' }] : null,
      conditions: [
        condition(scaler, 'AbleToScale', 'True', able, now),
        condition(scaler, 'ScalingActive', 'False', active, now),
      ],
    }));
    if (rescaledTo !== null || current === 0) return;
    this.#say(scaler, 'Warning', 'FailedGetResourceMetric', why);
    const total = Math.max(1, listAt(scaler, 'spec', 'metrics').length);
    const first = `failed to get ${metric} resource metric value: ${why}`;
    this.#say(
      scaler,
      'Warning',
      'FailedComputeMetricsReplicas',
      `invalid metrics (${total} invalid out of ${total}), first error is: ${first}`,
    );
  }

  #withoutTarget(scaler: KubeObject, target: string): void {
    const now = timestampOf(this.#context.clock.now());
    const message = `the HPA controller was unable to get the target's current scale: deployments/scale.apps "${target}" not found`;
    this.#write(scaler, (old) => ({
      ...old,
      currentReplicas: countAt(old, 'currentReplicas'),
      desiredReplicas: 0,
      conditions: [condition(scaler, 'AbleToScale', 'False', { reason: 'FailedGetScale', message }, now)],
    }));
    this.#say(scaler, 'Warning', 'FailedGetScale', `deployments/scale.apps "${target}" not found`);
  }

  #write(scaler: KubeObject, change: (status: JsonObject) => JsonObject): void {
    const { name, namespace } = scaler.metadata;
    this.#context.store.change(RESOURCES.autoscalers, namespace ?? null, name, (object) => ({
      ...object,
      status: change(objectAt(object, 'status')),
    }));
  }

  #say(scaler: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.record(scaler, { type, reason, message, source: SOURCE });
  }
}

/** The nearest bound that the current size breaks. A size of zero switches the autoscaler off. */
function boundFor(scaler: KubeObject, current: number): { replicas: number; reason: string } | null {
  const least = numberAt(scaler, 'spec', 'minReplicas') ?? 1;
  const most = numberAt(scaler, 'spec', 'maxReplicas') ?? least;
  if (current === 0) return null;
  if (current > most) return { replicas: most, reason: 'Current number of replicas above Spec.MaxReplicas' };
  return current < least
    ? { replicas: least, reason: 'Current number of replicas below Spec.MinReplicas' }
    : null;
}

const metricName = (scaler: KubeObject): string =>
  textAt(listAt(scaler, 'spec', 'metrics')[0], 'resource', 'name') ?? 'cpu';

function condition(
  scaler: KubeObject,
  type: string,
  status: string,
  { reason, message }: { reason: string; message: string },
  now: string,
): JsonObject {
  const before = conditionOf(scaler, type);
  const lastTransitionTime = before?.['status'] === status ? (before['lastTransitionTime'] ?? now) : now;
  return { type, status, lastTransitionTime, reason, message };
}

function keep(status: JsonObject, key: string): JsonObject {
  const value = status[key];
  return value === undefined ? {} : { [key]: value };
}
