import type { KubeObject, ResourceName, Store, StoreEvent } from '../store';
import type { Clock } from './clock';
import type { EventRecorder } from './event-recorder';
import type { ObjectIndex } from './object-index';
import type { WorkQueue } from './work-queue';

/** What every controller works with. */
export type Context = {
  store: Store;
  index: ObjectIndex;
  clock: Clock;
  queue: WorkQueue;
  events: EventRecorder;
  /** 0 ≤ x < 1, as Math.random. */
  random: () => number;
};

/** One control loop: `observe` turns store events into queued keys, `sync` brings one object in order. */
export type Controller = {
  name: string;
  observe(resource: ResourceName, event: StoreEvent): void;
  sync(namespace: string | null, name: string): void;
  /** Called once for every object there at the start. */
  adopt?(resource: ResourceName, object: KubeObject): void;
};

export const RESOURCES = {
  pods: 'pods',
  nodes: 'nodes',
  namespaces: 'namespaces',
  services: 'services',
  events: 'events',
  resourceQuotas: 'resourcequotas',
  deployments: 'deployments.apps',
  replicaSets: 'replicasets.apps',
  statefulSets: 'statefulsets.apps',
  endpointSlices: 'endpointslices.discovery.k8s.io',
  jobs: 'jobs.batch',
  cronJobs: 'cronjobs.batch',
  autoscalers: 'horizontalpodautoscalers.autoscaling',
  disruptionBudgets: 'poddisruptionbudgets.policy',
  httpRoutes: 'httproutes.gateway.networking.k8s.io',
} as const;

/** Kinds that no controller works on, yet that owners and namespaces take along when they go. */
export const PASSIVE_RESOURCES: readonly ResourceName[] = [
  'configmaps',
  'secrets',
  'serviceaccounts',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
];
