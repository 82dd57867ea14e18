import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { copyJobs } from '@/lib/actuators/kubernetes/copy-jobs';
import type { Config } from '@/lib/config/schema';
import type { LogLine } from '@/sandbox/kubernetes/api/context';
import { startCluster } from '@/sandbox/kubernetes/cluster';
import { defaultBehaviour } from '@/sandbox/kubernetes/controllers/pod-behaviour';
import { startControllers } from '@/sandbox/kubernetes/controllers/start';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { clientImage, seedBackupJob } from '@/sandbox/topology/backup-job';
import { JobProcesses } from '@/sandbox/workload/job-processes';
import { type Copier, sessionName } from '../../make-copy';
import { type BackupWorld, backupWorld, until } from '../../testing/world';
import { clientOf } from './client';

export const CRON_JOB = 'shop-backup';

/** Jobs and their pods of a client are looked at this often in tests. */
const POLL_MS = 100;

/** Beside the database a cluster whose Jobs really run pg_dump; the worker's account has the rights of deploy/. */
export async function jobWorld() {
  const copies: BackupWorld = await backupWorld();
  const root = await mkdtemp(path.join(os.tmpdir(), 'backup-job-'));
  const cluster = await startCluster({ id: 'us-east-1', port: 0, dataDir: path.join(root, 'cluster') });
  const { store } = cluster;
  const lines = new Map<string, LogLine[]>();
  const processes = new JobProcesses({
    image: clientImage,
    tools: copies.tools,
    store,
    onLine: ({ metadata: { name } }, text) =>
      lines.set(name, [...(lines.get(name) ?? []), { atMs: Date.now(), text }]),
  });
  cluster.setLogReader({
    read: ({ pod, tailLines }) => (lines.get(pod.metadata.name) ?? []).slice(-(tailLines ?? 0)),
  });
  const seed = (folder = copies.folder, first?: string) =>
    seedBackupJob(store, {
      ...{ name: CRON_JOB, folder, url: copies.source.toString() },
      ...(first === undefined ? {} : { first }),
    });
  seed();
  const controllers = startControllers(store, {
    nodes: ['node-a'],
    pods: processes.over({ ...defaultBehaviour, startSeconds: () => 0.05, terminationSeconds: () => 0.2 }),
  });
  const kubeconfig = path.join(root, 'worker.yaml');
  await writeKubeconfig(kubeconfig, [cluster], 'signalbox-worker');
  const client = clientOf(kubeconfig);
  const input = (backup: object = {}, job: object = {}, backups: object = {}): object =>
    copies.input(
      { job: { namespace: 'backup', cronJob: CRON_JOB, startTimeout: '60s', ...job }, ...backup },
      backups,
    );
  const config = (backup: object = {}, job: object = {}, backups: object = {}): Config =>
    copies.config(
      { job: { namespace: 'backup', cronJob: CRON_JOB, startTimeout: '60s', ...job }, ...backup },
      backups,
    );
  /** How many sessions a copy has at the database. */
  const sessionsOf = async (copy: string): Promise<number> =>
    (
      await copies.admin.query('SELECT pid FROM pg_stat_activity WHERE application_name = $1', [
        sessionName(copy),
      ])
    ).rows.length;
  return {
    ...copies,
    copies,
    cluster,
    store,
    processes,
    kubeconfig,
    seed,
    input,
    config,
    copier: (given: Config = config(), workerId?: string, signal?: AbortSignal): Copier => ({
      ...copies.copier(given, workerId, signal),
      jobs: (_, onBehalfOf) => copyJobs(client, onBehalfOf),
      jobPollMs: POLL_MS,
    }),
    jobs: () => store.list('jobs.batch', 'backup'),
    /** The copy that is under way. */
    running: () => until(() => copies.db.backupCopy.findFirst({ where: { state: 'running' } })),
    sessionsOf,
    /** The worker's session, and that of pg_dump in the pod. */
    dumping: (copy: string) => until(async () => (await sessionsOf(copy)) === 2),
    pods: () => store.list('pods', 'backup'),
    /** Nothing of the test before stays: neither copies nor Jobs nor faults. */
    clean: async () => {
      processes.fate = 'ok';
      cluster.faults.clear();
      for (const { metadata } of store.list('jobs.batch', 'backup'))
        store.remove('jobs.batch', 'backup', metadata.name);
      seed();
      await copies.clean();
    },
    stop: async () => {
      controllers.stop();
      await client.close();
      await cluster.stop();
      await copies.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
export type JobWorld = Awaited<ReturnType<typeof jobWorld>>;
