import type { Budget } from '@/lib/actuators/kubernetes/budget';
import { type ClusterClient, clusterClient } from '@/lib/actuators/kubernetes/client';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { monotonicMs } from '@/lib/core/time';

export type WorkerClusters = {
  of: (id: string, budget?: Budget) => ClusterClient;
  close: () => Promise<void>;
};

/**
 * One client per cluster and budget with the worker's account, made when it is first needed. `nowMs` is the clock of
 * their pace.
 */
export function workerClusters(config: Config, nowMs: () => number = monotonicMs): WorkerClusters {
  const clients = new Map<string, ClusterClient>();
  return {
    of: (id, budget = 'advance') => {
      const key = `${budget} ${id}`;
      const known = clients.get(key);
      if (known !== undefined) return known;
      const cluster = config.clusters.find((one) => one.id === id);
      if (cluster === undefined) throw new OpsError('precondition', `The cluster ${id} is not configured.`);
      const made = clusterClient({
        id,
        access: cluster.worker,
        folder: process.cwd(),
        timeoutSeconds: Math.min(cluster.timeout, config.timing.callTimeout),
        userAgent: 'signalbox-worker',
        budget,
        nowMs,
      });
      clients.set(key, made);
      return made;
    },
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
