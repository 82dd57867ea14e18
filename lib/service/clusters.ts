import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import { missing, type Reading } from '@/lib/core/reading';
import type { ClusterCache, KindName, KindRecord } from '@/lib/sources/kubernetes/cache';
import { watchClusters } from '@/lib/sources/kubernetes/clusters';
import { type PlacementObjects, routerOf } from './pair';
import { namespacesOf, routersOf } from './placements';

/** The watched clusters of the configuration; the first call starts the watches. */
export const clusters = (config: Config): Map<string, ClusterCache> =>
  watchClusters(
    config.clusters.map((cluster) => ({
      cluster,
      namespaces: namespacesOf(config, cluster.id),
      routers: routersOf(config, cluster.id),
    })),
  );

/** Waits for the first lists, at most `ms`: the first page after a start then has its values. */
export async function clustersSettled(config: Config, ms: number): Promise<void> {
  await Promise.all([...clusters(config).values()].map((cache) => cache.settled(ms)));
}

export function readObjects<K extends KindName>(
  config: Config,
  where: { cluster: string; namespace: string },
  kind: K,
): Reading<KindRecord<K>[]> {
  const cache = clusters(config).get(where.cluster);
  if (cache === undefined) return missing('not-configured', `Cluster ${where.cluster} is not configured.`);
  return cache.read(where.namespace, kind);
}

/** One router that a pair of the configuration names; others are not watched. */
export function readRouter(
  config: Config,
  { cluster, namespace }: { cluster: string; namespace: string },
  { kind, name }: ReturnType<typeof routerOf>,
): PlacementObjects['router'] {
  const cache = clusters(config).get(cluster);
  if (cache === undefined) return missing('not-configured', `Cluster ${cluster} is not configured.`);
  return cache.readRouter(namespace, kind, name);
}

/** What the watches hold of the namespace of a placement, for `pairOf` and `placeObjects`. */
export const readPlacement = (config: Config, placement: Placement): PlacementObjects => ({
  deployments: readObjects(config, placement, 'deployments'),
  sets: readObjects(config, placement, 'replicasets'),
  pods: readObjects(config, placement, 'pods'),
  router:
    placement.pair === undefined
      ? missing('not-configured', `${placement.deployment} has no pair of colours.`)
      : readRouter(config, placement, routerOf(placement.pair)),
});

/** Changes when anything in any of the clusters changed. */
export const clustersVersion = (config: Config): string =>
  [...clusters(config).values()].map(({ version }) => version).join('.');
