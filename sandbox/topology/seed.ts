import type { NewObject, ResourceName, Store } from '../kubernetes/store';
import { appServices, type Cluster, nodesOf, placements, stagingCluster } from '../topology';
import {
  configMap,
  fraiseqlAutoscaler,
  namespace,
  node,
  postgresBackup,
  postgresReplica,
  resourceQuota,
  secret,
} from './cluster-objects';
import { seedPair } from './pair-objects';
import { seedPlacement } from './workload-objects';

function putOnce(store: Store, resource: ResourceName, object: NewObject): void {
  const { namespace: space, name } = object.metadata;
  if (!store.get(resource, space ?? null, name)) store.create(resource, object);
}

/**
 * Fills an empty cluster. One that was restored from a snapshot keeps what it has; objects of a pair that an
 * earlier version did not know are added.
 */
export function seedCluster(store: Store, cluster: Cluster, nowMs: number): void {
  const here = placements().filter((placement) => placement.cluster.id === cluster.id);
  if (store.list('deployments.apps').length > 0) {
    for (const placement of here) seedPair(store, placement, nowMs);
    return;
  }
  for (const [index, name] of nodesOf(cluster).entries())
    putOnce(store, 'nodes', node(cluster, { name, index }, nowMs));
  for (const team of ['fraiseql', 'architect'] as const) seedTeam(store, cluster, team);
  for (const placement of here) seedPlacement(store, placement, nowMs);
}

function seedTeam(store: Store, cluster: Cluster, team: 'fraiseql' | 'architect'): void {
  const service = appServices.find((candidate) => candidate.team === team);
  if (!service) return;
  const { production, staging } = service.namespaces;
  const spaces = cluster.id === stagingCluster ? [production, staging] : [production];
  for (const space of spaces) {
    putOnce(store, 'namespaces', namespace(space));
    putOnce(store, 'configmaps', configMap(team, space));
    putOnce(store, 'secrets', secret(team, space));
    putOnce(store, 'resourcequotas', resourceQuota(space, space === production));
  }
  store.create('statefulsets.apps', postgresReplica(production));
  store.create('cronjobs.batch', postgresBackup(production));
  if (team === 'fraiseql')
    store.create('horizontalpodautoscalers.autoscaling', fraiseqlAutoscaler(production));
}
