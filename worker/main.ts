import { readClusterUid } from '@/lib/actuators/kubernetes/read';
import { nameProducer } from '@/lib/audit/producer';
import { config as readConfig } from '@/lib/config/load';
import { env, requiredEnv } from '@/lib/core/env';
import { sentenceOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { workerClusters } from './clusters';
import { routerChecks } from './router-checks';
import { type ReadyCheck, startServer } from './server';
import { startWorker } from './worker';

/** The worker process: starts, tells its state over HTTP, and drains on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = readConfig();
  nameProducer('worker');
  const { SIGNALBOX_WORKER_HOST: host, SIGNALBOX_WORKER_PORT: port, SIGNALBOX_WORKER_ID: workerId } = env();
  const worker = await startWorker({
    config,
    connectionString: requiredEnv('DATABASE_URL'),
    ...(workerId === undefined ? {} : { workerId }),
  });
  const clusters = workerClusters(config);
  const checks: ReadyCheck[] = [
    { name: 'database', run: async () => void (await worker.db.$queryRaw`SELECT 1`) },
    ...config.clusters.map(({ id }) => ({
      name: `cluster ${id}`,
      run: async () => void (await readClusterUid(clusters.of(id))),
    })),
    ...routerChecks(config, clusters),
  ];
  const server = await startServer(checks, { host, port });
  const log = logger('worker');
  log.info({ worker: worker.id, host, port }, 'the worker is running');
  const stop = async (signal: string) => {
    log.info({ signal }, 'the worker drains');
    server.close();
    await worker.stop();
    await clusters.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}

main().catch((error: unknown) => {
  console.error(`The worker did not start: ${sentenceOf(error)}`);
  process.exit(1);
});
