import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { loadConfig } from '@/lib/config/load';
import { createDatabase, type Database } from '@/lib/db/client';
import { type Cluster, startCluster } from '@/sandbox/kubernetes/cluster';
import { defaultBehaviour, imageOf, type PodBehaviour } from '@/sandbox/kubernetes/controllers/pod-behaviour';
import { startControllers } from '@/sandbox/kubernetes/controllers/start';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { placements } from '@/sandbox/topology';
import { seedPlacement } from '@/sandbox/topology/workload-objects';
import { buildAll } from '@/scripts/build/build';
import { migrate } from '@/scripts/migrate/apply';
import type { Child } from '@/scripts/process/child';
import { freePort } from '@/scripts/process/port';
import { addDemoAccounts, demoAccounts } from '@/scripts/stack/accounts';
import { startDatabase } from '@/scripts/stack/databases';
import { lockStack } from '@/scripts/stack/lock';
import { freePorts } from '@/scripts/stack/ports';
import { type ConsoleEnvironment, startWeb, startWorker } from '@/scripts/stack/programs';
import { resetStack, stackFolder } from '@/scripts/stack/stack';
import { testPrometheus } from '@/worker/testing/prometheus';
import { type Client, signIn } from '../clients/client';
import { Cleanup } from '../report/cleanup';
import type { BenchRun } from '../report/run-bench';
import { benchConfig, cluster as clusterId, namespaceOf, type Pace } from './config';
import type { FigureName } from './figures';

const NAME = 'bench-change';
export const services = 50;
/** What runs first; a version whose name ends in `-slow` never becomes ready, so that its rollout lasts. */
export const versions = { old: '1.8.0', quick: '2.0.0', slow: '2.1.0-slow' } as const;

export type World = {
  db: Database;
  cluster: Cluster;
  /** Who asks and aborts, and who signs. */
  people: { sre: Client; lead: Client };
  /** A real worker process with leases as in production and this pace. */
  worker: (pace: Pace) => Promise<Child>;
};

type Run = BenchRun<FigureName>;

/** A cluster with 50 services, PostgreSQL, the built web process; all of it is removed at the end. */
export async function inWorld<T>(run: Run, pace: Pace, work: (world: World) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup();
  cleanup.add(lockStack(NAME));
  try {
    resetStack(NAME);
    cleanup.add(() => resetStack(NAME));
    return await work(await worldOf(run, pace, cleanup));
  } finally {
    await cleanup.run();
  }
}

async function worldOf({ progress }: Run, pace: Pace, cleanup: Cleanup): Promise<World> {
  progress('Building where sources changed …');
  await buildAll();
  const folder = stackFolder(NAME);
  const logs = path.join(folder, 'logs');
  fs.mkdirSync(logs, { recursive: true });
  const ports = await freePorts();
  const database = await startDatabase({
    folder,
    name: 'console',
    version: 18,
    port: ports.database,
    databases: ['signalbox'],
    durable: true,
  });
  cleanup.add(database.stop);
  await migrate(database.url);
  const db = createDatabase(database.url);
  cleanup.add(() => db.$disconnect());
  const prometheus = await testPrometheus();
  cleanup.add(prometheus.stop);
  for (const version of Object.values(versions)) prometheus.set(version, { total: 800, failed: 0 });
  const cluster = await clusterOf(folder, cleanup);
  const kubeconfig = path.join(folder, 'kubeconfig.yaml');
  await writeKubeconfig(kubeconfig, [cluster], 'signalbox-worker');

  const at = { kubeconfig, prometheus: prometheus.url, status: path.join(folder, 'status') };
  const environmentOf = (paced: Pace): ConsoleEnvironment => {
    const configFile = path.join(folder, `watch-${paced.watchSeconds}.yaml`);
    fs.writeFileSync(configFile, JSON.stringify(benchConfig(at, services, paced), null, 1));
    // A mistake in it is told here, and not by a process that does not start.
    loadConfig(configFile);
    const webUrl = `http://127.0.0.1:${ports.web}`;
    return { configFile, databaseUrl: database.url, secret: NAME.repeat(4), webUrl, logs };
  };
  const environment = environmentOf(pace);
  const password = crypto.randomUUID();
  await addDemoAccounts(environment, password);
  const web = await startWeb(environment, ports.web);
  cleanup.add(() => web.stop());
  const signedIn = (role: string) => {
    const account = demoAccounts.find((one) => one.role === role) ?? demoAccounts[0];
    return signIn(environment.webUrl, account.email, password);
  };
  return {
    db,
    cluster,
    people: { sre: await signedIn('sre'), lead: await signedIn('engineering_lead') },
    worker: async (paced) => {
      const child = await startWorker(environmentOf(paced), await freePort());
      cleanup.add(() => child.stop());
      return child;
    },
  };
}

const slowSeconds = 100_000;
const pods: PodBehaviour = {
  ...defaultBehaviour,
  startSeconds: () => 0.1,
  readySeconds: (pod) => (imageOf(pod).endsWith('-slow') ? slowSeconds : 0.2),
  terminationSeconds: () => 0.2,
};

async function clusterOf(folder: string, cleanup: Cleanup): Promise<Cluster> {
  const cluster = await startCluster({ id: clusterId, port: 0, dataDir: path.join(folder, 'cluster') });
  cleanup.add(() => cluster.stop());
  const controllers = startControllers(cluster.store, { nodes: ['node-a', 'node-b'], pods });
  cleanup.add(() => controllers.stop());
  const [placement] = placements();
  if (placement === undefined) throw new Error('The topology is empty.');
  const service = { ...placement.service, minReadySeconds: 1 };
  for (let index = 0; index < services; index += 1) {
    const namespace = namespaceOf(index);
    grantIn(cluster, placement.namespace, namespace);
    seedPlacement(cluster.store, { ...placement, service, namespace }, Date.now());
  }
  return cluster;
}

const Metadata = z.looseObject({ name: z.string() });
const Binding = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: Metadata });

/** The rights that an install grants in the namespace of a service, in another one. */
function grantIn(cluster: Cluster, like: string, namespace: string): void {
  const resource = 'rolebindings.rbac.authorization.k8s.io';
  for (const binding of cluster.store.list(resource)) {
    if (binding.metadata.namespace !== like) continue;
    const { metadata, ...rest } = Binding.parse(binding);
    cluster.store.create(resource, { ...rest, metadata: { name: metadata.name, namespace } });
  }
}
