import 'server-only';
import { EventEmitter } from 'node:events';
import type { Cluster } from '@/lib/config/sources';
import { gauge } from '@/lib/core/metrics';
import { ClusterCache } from './cache';
import { clusterClient } from './client';
import type { WatchedRouter } from './routers';

export type Watched = {
  cluster: Cluster;
  namespaces: readonly string[];
  routers?: readonly WatchedRouter[];
};

/** `changed` with cluster id and namespace. */
type ClusterEvents = { changed: [cluster: string, namespace: string] };

/** Instrumentation and routes load this module separately, but a cluster is watched once per process. */
declare global {
  var signalboxClusters: Map<string, ClusterCache> | undefined;
  var signalboxClusterEvents: EventEmitter<ClusterEvents> | undefined;
}

export function clusterEvents(): EventEmitter<ClusterEvents> {
  globalThis.signalboxClusterEvents ??= new EventEmitter<ClusterEvents>().setMaxListeners(0);
  return globalThis.signalboxClusterEvents;
}

let account: 'web' | 'worker' = 'web';

/** The worker calls this once at start: a process reads the clusters with its own account and needs no other. */
export function readClustersAs(process: 'web' | 'worker'): void {
  account = process;
}

/** Starts watching the clusters that are not watched yet, with the account of this process. */
export function watchClusters(all: readonly Watched[]): Map<string, ClusterCache> {
  globalThis.signalboxClusters ??= new Map();
  measureObjects();
  const caches = globalThis.signalboxClusters;
  for (const { cluster, namespaces, routers } of all) {
    if (caches.has(cluster.id)) continue;
    const cache = new ClusterCache({
      client: clusterClient(cluster, cluster[account]),
      namespaces,
      ...(routers === undefined ? {} : { routers }),
      onChange: (namespace) => clusterEvents().emit('changed', cluster.id, namespace),
    });
    caches.set(cluster.id, cache);
    cache.start();
  }
  return caches;
}

function measureObjects(): void {
  gauge(
    {
      name: 'signalbox_cluster_objects',
      help: 'Objects of a cluster that this process keeps in memory',
      labels: ['cluster', 'kind'],
    },
    (objects) => {
      objects.reset();
      for (const cache of globalThis.signalboxClusters?.values() ?? []) {
        for (const [kind, count] of cache.counts()) objects.set({ cluster: cache.id, kind }, count);
      }
    },
  );
}

/** Ends all watches: at SIGTERM and between tests. */
export async function closeClusters(): Promise<void> {
  const caches = [...(globalThis.signalboxClusters?.values() ?? [])];
  globalThis.signalboxClusters = undefined;
  await Promise.all(caches.map((cache) => cache.close()));
}
