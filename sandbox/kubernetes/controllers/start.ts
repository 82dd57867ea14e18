import type { KubeObject, ResourceName, Store, StoreEvent } from '../store';
import { AutoscalerController } from './autoscaler';
import { type Clock, systemClock } from './clock';
import { type Context, type Controller, PASSIVE_RESOURCES, RESOURCES } from './context';
import { CronJobController } from './cron-job';
import { DeploymentController } from './deployment';
import { DisruptionBudgetController } from './disruption-budget';
import { EndpointSliceController } from './endpoint-slice';
import { EventRecorder } from './event-recorder';
import { GarbageCollector } from './garbage';
import { GatewayController } from './gateway';
import { JobController, JobCounter } from './job';
import { Kubelet } from './kubelet';
import { NamespaceController } from './namespace';
import { NodeLifecycle } from './node-lifecycle';
import { fillIndex, ObjectIndex } from './object-index';
import { defaultBehaviour, type PodBehaviour } from './pod-behaviour';
import { splitKey } from './read';
import { ReplicaSetController } from './replica-set';
import { ResourceQuotaController } from './resource-quota';
import { StatefulSetController } from './stateful-set';
import { WorkQueue } from './work-queue';

export type ControllerOptions = {
  /** Milliseconds since the epoch; timers stay those of the machine. */
  now?: () => number;
  /** Replaces `now` and the timers: a VirtualClock runs a rollout of minutes at once. */
  clock?: Clock;
  pods?: PodBehaviour;
  random?: () => number;
  /** Nodes to create when the store has none of that name. */
  nodes?: string[];
  podIp?: () => string;
};

export type Controllers = {
  stop(): void;
  /** `pods` answers differently from now on: running pods are asked again. */
  behaviourChanged(): void;
  /** The container of a pod dies; false when no container runs there. */
  killPod(namespace: string, name: string): boolean;
  nodeDown(name: string): void;
  nodeUp(name: string): void;
};

const running = new WeakMap<Store, Controllers>();

/** Starts all control loops on a store. They sleep between events: an idle cluster costs nothing. */
export function startControllers(store: Store, options: ControllerOptions = {}): Controllers {
  const clock = options.clock ?? systemClock(options.now);
  const index = new ObjectIndex();
  const events = new EventRecorder(store, clock);
  const controllers = new Map<string, Controller>();
  const queue = new WorkQueue(clock, (controller, key) => {
    const { namespace, name } = splitKey(key);
    controllers.get(controller)?.sync(namespace, name);
  });
  const context: Context = { store, index, clock, queue, events, random: options.random ?? Math.random };
  const kubelet = new Kubelet(context, {
    behaviour: options.pods ?? defaultBehaviour,
    ...(options.podIp ? { podIp: options.podIp } : {}),
  });
  const nodes = new NodeLifecycle(context, kubelet);
  const jobs = new JobController(context);
  for (const controller of [
    new ReplicaSetController(context),
    new DeploymentController(context),
    new EndpointSliceController(context),
    new StatefulSetController(context),
    jobs,
    new JobCounter(jobs),
    new CronJobController(context),
    new AutoscalerController(context),
    new DisruptionBudgetController(context),
    new ResourceQuotaController(context),
    new GatewayController(context),
    new NamespaceController(context),
    new GarbageCollector(context),
  ]) {
    controllers.set(controller.name, controller);
  }
  const adopt = (resource: ResourceName, object: KubeObject): void => {
    nodes.adopt(resource, object);
    kubelet.adopt(resource, object);
    for (const controller of controllers.values()) controller.adopt?.(resource, object);
  };
  const unsubscribe = store.subscribe((resource: ResourceName, event: StoreEvent) => {
    index.apply(resource, event);
    kubelet.observe(resource, event);
    if (event.type === 'ADDED') nodes.adopt(resource, event.object);
    for (const controller of controllers.values()) controller.observe(resource, event);
  });
  const resources = Object.values(RESOURCES);
  fillIndex(index, store, [...resources, ...PASSIVE_RESOURCES]);
  nodes.ensure(options.nodes ?? []);
  events.start();
  for (const resource of resources) {
    if (resource !== RESOURCES.events) for (const object of store.list(resource)) adopt(resource, object);
  }
  const handle: Controllers = {
    stop: () => {
      unsubscribe();
      queue.stop();
      events.stop();
      kubelet.stop();
      nodes.stop();
      running.delete(store);
    },
    behaviourChanged: () => kubelet.behaviourChanged(),
    killPod: (namespace, name) => kubelet.kill(namespace, name),
    nodeDown: (name) => nodes.down(name),
    nodeUp: (name) => nodes.up(name),
  };
  running.set(store, handle);
  return handle;
}

/** The container of a pod dies in the cluster of this store: it is restarted. False when there is none. */
export function killPod(store: Store, namespace: string, name: string): boolean {
  return running.get(store)?.killPod(namespace, name) ?? false;
}
