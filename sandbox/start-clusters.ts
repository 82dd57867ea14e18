import path from 'node:path';
import type { Cleanup } from './cleanup';
import { type Cluster, startCluster } from './kubernetes/cluster';
import { type Controllers, startControllers } from './kubernetes/controllers/start';
import type { KubeObject } from './kubernetes/store';
import type { SandboxOptions } from './start';
import { type ClusterId, clusters as clusterTable } from './topology';
import { clientImage, seedBackupJob } from './topology/backup-job';
import { seedCluster } from './topology/seed';
import type { DatabaseSessions } from './workload/database-sessions';
import { JobProcesses } from './workload/job-processes';
import { podsWithDatabase } from './workload/pods-with-database';

/** One cluster of the pretend production. */
export type Running = {
  id: ClusterId;
  cluster: Cluster;
  controllers: Controllers;
  jobs: JobProcesses | null;
};
type OnLine = (cluster: ClusterId, pod: KubeObject, line: string) => void;

/** Starts and seeds every cluster; `onLine` takes what processes of Jobs write to their logs. */
export async function startClusters(
  options: Pick<SandboxOptions, 'dataDir' | 'ports' | 'backupJob'>,
  sessions: DatabaseSessions,
  cleanup: Cleanup,
  onLine: OnLine,
): Promise<Running[]> {
  const { backupJob } = options;
  const running: Running[] = [];
  for (const entry of clusterTable) {
    const { id } = entry;
    const dataDir = path.join(options.dataDir, 'clusters', id);
    const cluster = await startCluster({ id, port: options.ports.kubernetes[id], dataDir });
    cleanup.add(() => cluster.stop());
    seedCluster(cluster.store, entry, Date.now());
    const jobs =
      backupJob?.cluster === id
        ? new JobProcesses({
            image: clientImage,
            tools: backupJob.tools,
            store: cluster.store,
            onLine: (pod, line) => onLine(id, pod, line),
          })
        : null;
    if (backupJob?.cluster === id) seedBackupJob(cluster.store, backupJob);
    const services = podsWithDatabase(id, sessions.isAway.bind(sessions));
    const controllers = startControllers(cluster.store, {
      pods: jobs === null ? services : jobs.over(services),
    });
    sessions.onChange((where) => {
      if (where === id) controllers.behaviourChanged();
    });
    cleanup.add(() => controllers.stop());
    running.push({ id, cluster, controllers, jobs });
  }
  return running;
}
