import fs from 'node:fs';
import path from 'node:path';
import { loadConfig } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { monitoringPrograms } from '@/scripts/binaries/monitoring';
import { migrate } from '@/scripts/migrate/apply';
import { startDatabase } from '@/scripts/stack/databases';
import { lockStack } from '@/scripts/stack/lock';
import { freePorts } from '@/scripts/stack/ports';
import { resetStack, stackFolder } from '@/scripts/stack/stack';
import { Cleanup } from '../report/cleanup';
import type { BenchRun } from '../report/run-bench';
import { benchConfig, kubeconfig } from './config';
import type { FigureName } from './figures';
import { writeHistory } from './history';
import { startCounting, startExporter, startPrometheus } from './prometheus';
import { scrapeSeconds, Traffic } from './traffic';

const NAME = 'bench-slo';
const STORAGE = 'storage';

export type World = {
  /** What the recorder reads; its Prometheus is asked directly. */
  config: Config;
  db: Database;
  databaseUrl: string;
  /** Another database on the same server, for what is measured alone. */
  storageUrl: string;
  configFiles: { web: string; recorder: string };
  webPort: number;
  logs: string;
  /** When each query passed on its way from the web process to Prometheus (performance.now()). */
  queries: readonly number[];
};

type Run = BenchRun<FigureName>;

/** A month of synthetic counters in a real Prometheus, and a PostgreSQL; all of it is removed at the end. */
export async function inWorld<T>(run: Run, work: (world: World) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup();
  cleanup.add(lockStack(NAME));
  try {
    resetStack(NAME);
    cleanup.add(() => resetStack(NAME));
    return await work(await worldOf(run, cleanup));
  } finally {
    await cleanup.run();
  }
}

async function worldOf({ progress, signal }: Run, cleanup: Cleanup): Promise<World> {
  const folder = stackFolder(NAME);
  const logs = path.join(folder, 'logs');
  fs.mkdirSync(logs, { recursive: true });
  const ports = await freePorts();
  const programs = await monitoringPrograms((name) => progress(`Fetching Debian's package ${name} …`));
  const database = await startDatabase({
    folder,
    name: 'console',
    version: 18,
    port: ports.database,
    databases: ['signalbox', STORAGE],
    durable: true,
  });
  cleanup.add(database.stop);
  await migrate(database.url);
  const storageUrl = new URL(database.url);
  storageUrl.pathname = `/${STORAGE}`;
  const db = createDatabase(database.url);
  cleanup.add(() => db.$disconnect());

  progress('Writing 30 days of 1,000 series for Prometheus …');
  const startedAt = performance.now();
  const traffic = new Traffic();
  const dataDir = path.join(folder, 'prometheus');
  const to = Math.floor(Date.now() / 1000 / scrapeSeconds) * scrapeSeconds;
  const workDir = path.join(folder, 'history');
  await writeHistory({ traffic, to, promtool: programs.promtool, workDir, dataDir, signal });
  progress(`Written in ${Math.round((performance.now() - startedAt) / 1000)} s.`);
  signal.throwIfAborted();
  const exporter = await startExporter(traffic, to);
  cleanup.add(exporter.stop);
  const prometheus = await startPrometheus({
    program: programs.prometheus,
    folder,
    dataDir,
    exporter: exporter.url,
    port: ports.sandbox,
    logs,
  });
  cleanup.add(prometheus.stop);
  const counting = await startCounting(prometheus.url);
  cleanup.add(counting.stop);

  const kubeconfigFile = path.join(folder, 'kubeconfig.yaml');
  fs.writeFileSync(kubeconfigFile, kubeconfig, { mode: 0o600 });
  const written = (name: string, url: string): string => {
    const file = path.join(folder, `${name}.yaml`);
    const at = { prometheus: url, kubeconfig: kubeconfigFile, status: path.join(folder, 'status') };
    fs.writeFileSync(file, JSON.stringify(benchConfig(at), null, 1));
    return file;
  };
  const configFiles = {
    web: written('web', counting.url),
    recorder: written('recorder', prometheus.url),
  };
  return {
    config: loadConfig(configFiles.recorder),
    db,
    databaseUrl: database.url,
    storageUrl: storageUrl.toString(),
    configFiles,
    webPort: ports.web,
    logs,
    queries: counting.queries,
  };
}
