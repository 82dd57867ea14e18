import type { Store } from '../kubernetes/store';
import { type Cluster, type ClusterId, clusters, nodesOf, type Placement, placements } from '../topology';
import { type PodView, podView } from './pod-view';
import { addressOfProbe, probedAt } from './probes';

export type TargetLabels = Record<string, string>;
/** One entry of a Prometheus http_sd answer. */
export type Target = { targets: [string]; labels: TargetLabels };

/** Labels that the scrape puts on everything a pod of a service says. */
export function podLabels(placement: Placement, pod: { name: string; ip: string }): TargetLabels {
  const { service, environment, cluster, namespace } = placement;
  return {
    environment,
    region: cluster.region,
    cluster: cluster.id,
    namespace,
    service: service.id,
    pod: pod.name,
    job: service.id,
    instance: `${pod.ip}:${service.port}`,
  };
}

/** Labels of the exporter of a cluster's containers; the series bring namespace, pod and service along. */
export function containerExporterLabels(cluster: Cluster): TargetLabels {
  return {
    job: 'kubelet',
    instance: `kubelet.${cluster.id}:10250`,
    region: cluster.region,
    cluster: cluster.id,
  };
}

/** Labels of the entry proxy's exporter. */
export function ingressExporterLabels(cluster: Cluster): TargetLabels {
  return {
    job: 'ingress',
    instance: `ingress.${cluster.id}:10254`,
    region: cluster.region,
    cluster: cluster.id,
  };
}

/** Services whose database has an exporter of its own. */
export const databaseServices = ['fraiseql-api', 'architect-api'] as const;

export function databaseExporterLabels(cluster: Cluster, service: string, namespace: string): TargetLabels {
  return {
    job: 'postgres',
    instance: `postgres.${namespace}.${cluster.id}:9187`,
    region: cluster.region,
    cluster: cluster.id,
    environment: 'production',
    namespace,
    service,
  };
}

/** Services that have a cache of their own, with an exporter. */
export const cacheServices = ['architect-api'] as const;

export function cacheExporterLabels(cluster: Cluster, service: string, namespace: string): TargetLabels {
  return {
    job: 'redis',
    instance: `redis.${namespace}.${cluster.id}:9121`,
    region: cluster.region,
    cluster: cluster.id,
    environment: 'production',
    namespace,
    service,
  };
}

/** Labels of the probe of a service's public address: its own, beside those of the service that answers there. */
export function probeLabels(placement: Placement): TargetLabels {
  const { service, environment, cluster, namespace } = placement;
  return {
    job: 'blackbox',
    instance: addressOfProbe(probedAt(placement)),
    region: cluster.region,
    cluster: cluster.id,
    environment,
    namespace,
    service: service.id,
  };
}

/** A machine belongs to no service: its series name the region and nothing nearer. */
export function nodeExporterLabels(cluster: Cluster, node: string): TargetLabels {
  return { job: 'node', instance: `${node}:9100`, region: cluster.region, cluster: cluster.id, node };
}

/** Pods of one placement that have a process to ask. */
export function podsOf(store: Store, placement: Placement): PodView[] {
  return store
    .list('pods', placement.namespace)
    .map(podView)
    .filter((pod) => pod !== null)
    .filter((pod) => pod.service === placement.service.id && pod.ip !== '' && isUp(pod));
}

// A pod whose container crashed stays a target: that is how `up` becomes 0.
function isUp(pod: PodView): boolean {
  return pod.running || !pod.process.endsWith('/0');
}

/** One target for each pod of the services. */
export function podTargets(stores: ReadonlyMap<ClusterId, Store>, address: string): Target[] {
  return placements().flatMap((placement) => {
    const store = stores.get(placement.cluster.id);
    if (!store) return [];
    return podsOf(store, placement).map((pod) => ({
      targets: [address],
      labels: {
        ...podLabels(placement, pod),
        __metrics_path__: `/pods/${placement.cluster.id}/${pod.namespace}/${pod.name}/metrics`,
      },
    }));
  });
}

/** Exporters of containers, entry proxy, databases, caches and machines of each cluster, and probes of its services. */
export function exporterTargets(address: string): Target[] {
  return clusters.flatMap((cluster) => {
    const path = (name: string) => ({ __metrics_path__: `/exporters/${cluster.id}/${name}/metrics` });
    const here = placements().filter(({ cluster: { id } }) => id === cluster.id);
    const inProduction = here.filter(({ environment }) => environment === 'production');
    const databases = inProduction.filter(({ service }) =>
      databaseServices.some((name) => name === service.id),
    );
    const caches = inProduction.filter(({ service }) => cacheServices.some((name) => name === service.id));
    return [
      { targets: [address], labels: { ...containerExporterLabels(cluster), ...path('containers') } },
      { targets: [address], labels: { ...ingressExporterLabels(cluster), ...path('ingress') } },
      ...databases.map(({ service, namespace }) => ({
        targets: [address] as [string],
        labels: {
          ...databaseExporterLabels(cluster, service.id, namespace),
          ...path(`postgres-${service.id}`),
        },
      })),
      ...caches.map(({ service, namespace }) => ({
        targets: [address] as [string],
        labels: { ...cacheExporterLabels(cluster, service.id, namespace), ...path(`redis-${service.id}`) },
      })),
      ...nodesOf(cluster).map((node) => ({
        targets: [address] as [string],
        labels: { ...nodeExporterLabels(cluster, node), ...path(`node-${node}`) },
      })),
      ...here.map((placement) => ({
        targets: [address] as [string],
        labels: {
          ...probeLabels(placement),
          ...path(`probe-${placement.environment}-${placement.service.id}`),
        },
      })),
    ] satisfies Target[];
  });
}
