import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Config } from '@/lib/config/schema';
import { type Cluster, startCluster } from '@/sandbox/kubernetes/cluster';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { seedBackupJob } from '@/sandbox/topology/backup-job';
import { testConfigInput } from '@/worker/testing/config';
import { checkBackupJobs } from './job-check';

let folder: string;
let cluster: Cluster;
let kubeconfig: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'job-check-'));
  cluster = await startCluster({ id: 'us-east-1', port: 0, dataDir: path.join(folder, 'cluster') });
  seedBackupJob(cluster.store, { name: 'shop-backup', folder, url: 'postgresql://copier:x@db:5432/shop' });
  kubeconfig = path.join(folder, 'worker.yaml');
  await writeKubeconfig(kubeconfig, [cluster], 'signalbox-worker');
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const told = async (job?: object): Promise<string[]> => {
  const config = Config.parse({
    ...testConfigInput({ kubeconfig, prometheus: 'http://127.0.0.1:9' }),
    databases: [
      {
        ...{ id: 'shop', name: 'Shop', environment: 'production', region: 'us-east-1', tier: 2 },
        url: { env: 'SHOP' },
        backup: {
          url: { env: 'SHOP' },
          folder,
          ...(job === undefined ? {} : { job: { namespace: 'backup', cronJob: 'shop-backup', ...job } }),
        },
      },
    ],
  });
  return (await checkBackupJobs(config)).map(({ state, says }) => `${state} ${says}`);
};

test('a CronJob whose Jobs may be made is named with its container', async () => {
  expect(await told({})).toEqual([
    'ok CronJob shop-backup in backup of us-east-1, container pg-dump of registry.example.com/platform/postgres-client:15.',
  ]);
  expect(await told()).toEqual([]);
});

test('a CronJob that is not there, and rights that are not bound, are told', async () => {
  expect(await told({ cronJob: 'other' })).toEqual([
    'wrong CronJob other in backup of us-east-1 is not there.',
  ]);
  expect(await told({ namespace: 'fraiseql' })).toEqual([
    expect.stringMatching(
      /^wrong the worker for signalbox-operators may not get cronjobs in fraiseql; .*delete jobs in fraiseql.*signalbox-backup-maker/,
    ),
  ]);
});
