import type { KubeObject, ResourceName, Store } from '@/sandbox/kubernetes/store';
import { clusterIds, placements } from '@/sandbox/topology';
import { fraiseqlAutoscaler } from '@/sandbox/topology/cluster-objects';
import { seedPlacement } from '@/sandbox/topology/workload-objects';
import { trafficPrometheus } from '@/worker/testing/traffic-prometheus';
import { startGround } from './ground';
import { BY_PODS, simulatedStagedConfig } from './simulated-config';
import { PODS } from './simulation';

/** What staged changes write, of whichever service. */
const written: readonly ResourceName[] = [
  'deployments.apps',
  'services',
  'virtualservices.networking.istio.io',
  'httproutes.gateway.networking.k8s.io',
  'configmaps',
  'horizontalpodautoscalers.autoscaling',
];

/** May leave one pod of what it scales, so that changes over its router hold the old pods first. */
const SCALED = 'fraiseql-observers';
function seedScaler(store: Store, namespace: string): void {
  const { spec } = fraiseqlAutoscaler(namespace);
  store.create('horizontalpodautoscalers.autoscaling', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: SCALED, namespace },
    spec: {
      ...spec,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: SCALED },
      minReplicas: 1,
    },
  });
}

/** The ground with all services in colour pairs in two clusters, and requests that follow the routers. */
export async function startStagedSimulation() {
  const ground = await startGround({
    clusters: clusterIds,
    prometheus: (asked, stores) => trafficPrometheus(stores, asked),
    config: simulatedStagedConfig,
    pace: 3,
    seed: (store, cluster, nowMs) => {
      for (const placement of placements()) {
        if (placement.cluster.id !== cluster || placement.environment !== 'production') continue;
        const service = { ...placement.service, minReadySeconds: 0 };
        // What is created, such as a Job, needs the namespace itself.
        const { namespace: name } = placement;
        if (store.get('namespaces', null, name) === null)
          store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
        seedPlacement(store, { ...placement, service, replicas: PODS }, nowMs);
        if (service.id === SCALED && cluster !== BY_PODS.region) seedScaler(store, name);
        if (service.id === BY_PODS.service && cluster === BY_PODS.region)
          store.remove('httproutes.gateway.networking.k8s.io', name, service.id);
      }
    },
  });
  const { advance } = ground;
  const stores = [...ground.clusters.values()].map(({ store }) => store);
  const base = stores.map((store) => ({
    store,
    objects: written.flatMap((resource) =>
      store.list(resource).map((object) => ({ resource, object: structuredClone(object) })),
    ),
  }));
  const reset = async (): Promise<void> => {
    for (const { store, objects } of base) {
      for (const { resource, object } of objects) {
        const { namespace, name } = object.metadata;
        store.change(resource, namespace ?? null, name, (now) => asBefore(now, object));
      }
      for (const { metadata } of store.list('jobs.batch'))
        store.remove('jobs.batch', metadata.namespace ?? null, metadata.name);
    }
    await advance(10_000);
  };
  return { ...ground, reset };
}
export type StagedSimulation = Awaited<ReturnType<typeof startStagedSimulation>>;

function asBefore(now: KubeObject, before: KubeObject): KubeObject {
  const copy = structuredClone(now);
  const annotations = { ...copy.metadata.annotations };
  delete annotations['signalbox.dev/fence'];
  const members = before['data'] === undefined ? ['spec'] : ['data'];
  const kept = members.map((member) => [member, structuredClone(before[member] ?? {})]);
  return { ...copy, metadata: { ...copy.metadata, annotations }, ...Object.fromEntries(kept) };
}
