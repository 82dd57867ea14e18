import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Cleanup } from './cleanup';
import { startControl } from './control/server';
import { Applications } from './gitops/applications';
import type { Cluster } from './kubernetes/cluster';
import type { Controllers } from './kubernetes/controllers/start';
import { writeKubeconfig } from './kubernetes/kubeconfig';
import type { KubeObject } from './kubernetes/store';
import { type Loki, startLoki } from './loki/server';
import { type Binaries, startMonitoring } from './prometheus/monitoring';
import { writePast } from './prometheus/past';
import { type RegistryServer, startRegistry } from './registry/server';
import { keepSaving, readSaved, savedFile, writeSaved } from './saved-state';
import { Director } from './scenarios/director';
import type { ScenarioName } from './scenarios/names';
import { type Running, startClusters } from './start-clusters';
import { type ClusterId, clusters as clusterTable, placements } from './topology';
import type { BackupJob } from './topology/backup-job';
import { DatabaseSessions } from './workload/database-sessions';
import { DatabaseWatch } from './workload/database-watch';
import type { Ledger } from './workload/ledger';
import { startMetricsServer } from './workload/metrics-server';
import { podLine, podLogReader } from './workload/pod-logs';
import { podsOf } from './workload/targets';
import { Workload } from './workload/workload';

/** Ports on loopback; 0 takes any free one. */
export type SandboxPorts = {
  kubernetes: Record<ClusterId, number>;
  loki: number;
  prometheus: number;
  alertmanager: number;
  control: number;
  metrics: number;
  registry: number;
};

export type SandboxOptions = {
  /** Everything that outlives a stop lies here. */
  dataDir: string;
  ports: SandboxPorts;
  binaries: Binaries;
  /** Write the past before the first start of Prometheus. */
  history: boolean;
  /** Days of the past; 30 when absent. */
  historyDays?: number;
  seed: number;
  /** Real databases of the services, for the exporters. */
  postgresUrls?: Partial<Record<ClusterId, string>>;
  /** A database of which copies are made by Jobs, and the folder of the tools that their containers run. */
  backupJob?: BackupJobOptions;
  /** Told what is being done, for people who wait. */
  onProgress?: (text: string) => void;
};

export type BackupJobOptions = BackupJob & { cluster: ClusterId; tools: string };

export type SandboxUrls = {
  kubernetes: Record<string, string>;
  loki: string;
  prometheus: string;
  alertmanager: string;
  control: string;
  metrics: string;
  registry: string;
};

export type Sandbox = {
  urls: SandboxUrls;
  /** Files with one context for each cluster, named by the cluster. */
  kubeconfigs: { web: string; worker: string; admin: string };
  clusters: Record<string, Cluster>;
  controllers: Record<string, Controllers>;
  loki: Loki;
  registry: RegistryServer;
  ledger: Ledger;
  workload: Workload;
  scenario: () => ScenarioName;
  setScenario: (name: ScenarioName) => Promise<void>;
  /** Keeps the state and ends everything that was started here. */
  stop: () => Promise<void>;
};

/** Hours of log lines that are written with the first start. */
const LOG_HOURS = 3;
const LOKI_BYTES = 96 * 1024 * 1024;

/** Starts the pretend production; resolves when every server answers and requests flow. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const cleanup = new Cleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(options: SandboxOptions, cleanup: Cleanup): Promise<Sandbox> {
  const { dataDir, ports } = options;
  const tell = options.onProgress ?? (() => undefined);
  await mkdir(dataDir, { recursive: true });
  tell('starting the clusters');
  const sessions = new DatabaseSessions(databaseUrls(options));
  // Pods write lines only when the workload is there to take them.
  let written: (cluster: ClusterId, pod: KubeObject, line: string) => void = () => undefined;
  const running = await startClusters(options, sessions, cleanup, (...line) => written(...line));
  const clusters = running.map(({ cluster }) => cluster);
  const stores = new Map(running.map(({ id, cluster }) => [id, cluster.store]));
  const lokiOptions = { port: ports.loki, dataFile: path.join(dataDir, 'loki.jsonl'), maxBytes: LOKI_BYTES };
  const loki = await startLoki(lokiOptions);
  cleanup.add(() => loki.stop());
  const images = { port: ports.registry, dataFile: path.join(dataDir, 'registry.json') };
  const registry = await startRegistry(images);
  cleanup.add(() => registry.stop());
  const kubeconfigs = await writeKubeconfigs(dataDir, running);

  // Requests flow only at the end, when the director is there to be asked.
  let scenario: () => ScenarioName = () => 'calm';
  const workload = await prepareWorkload(options, stores, sessions, {
    lokiUrl: loki.url,
    scenario: () => scenario(),
  });
  cleanup.add(() => workload.stop());
  written = (cluster, pod, line) => podLine(workload.logs, cluster, pod, line);
  for (const { id, cluster } of running) cluster.setLogReader(podLogReader(id, workload.logs));
  const metrics = await startExporters(options, stores, workload, cleanup);
  sessions.start();
  cleanup.add(() => sessions.stop());
  await waitForPods(stores);
  await writeHistoryOnce(options, stores, workload);
  tell('starting Prometheus and Alertmanager');
  const monitoring = await startMonitoring({
    dataDir,
    binaries: options.binaries,
    ports,
    metricsAddress: metrics,
  });
  cleanup.add(() => monitoring.stop());
  const { proxies } = monitoring;
  const director = new Director({ clusters, loki, prometheus: proxies.prometheus });
  scenario = () => director.current;
  const { ledger, certificates } = workload;
  const applications = new Applications(clusters);
  const controlled = {
    director,
    clusters: running,
    loki,
    registry,
    applications,
    proxies,
    ledger,
    certificates,
  };
  const control = await startControl(controlled, ports.control);
  cleanup.add(async () => applications.stopAll());
  cleanup.add(() => control.stop());
  workload.start();
  const save = async () => {
    await writeSaved(savedFile(dataDir), workload);
    await Promise.all([...clusters.map((cluster) => cluster.save()), loki.save(), registry.save()]);
  };
  await save();
  keepSaving(save, cleanup);
  return {
    urls: {
      kubernetes: Object.fromEntries(clusters.map(({ id, url }) => [id, url])),
      loki: loki.url,
      prometheus: monitoring.prometheusUrl,
      alertmanager: monitoring.alertmanagerUrl,
      control: control.url,
      metrics: `http://${metrics}`,
      registry: registry.url,
    },
    kubeconfigs,
    clusters: Object.fromEntries(clusters.map((cluster) => [cluster.id, cluster])),
    controllers: Object.fromEntries(running.map(({ id, controllers }) => [id, controllers])),
    loki,
    registry,
    ledger,
    workload,
    scenario,
    setScenario: (name) => director.set(name),
    stop: () => cleanup.run(),
  };
}

type Stores = ReadonlyMap<ClusterId, Cluster['store']>;

async function prepareWorkload(
  options: SandboxOptions,
  stores: Stores,
  sessions: DatabaseSessions,
  world: { lokiUrl: string; scenario: () => ScenarioName },
): Promise<Workload> {
  const saved = await readSaved(savedFile(options.dataDir));
  const isDatabaseAway = sessions.isAway.bind(sessions);
  return new Workload({ stores, ...world, seed: options.seed, saved, isDatabaseAway });
}

/** Resolves with the address that Prometheus scrapes. */
async function startExporters(
  options: SandboxOptions,
  stores: Stores,
  workload: Workload,
  cleanup: Cleanup,
): Promise<string> {
  const watch = new DatabaseWatch(databaseUrls(options));
  watch.start();
  cleanup.add(() => watch.stop());
  const metrics = await startMetricsServer({
    stores,
    workload,
    database: (cluster, service, nowMs) => watch.facts(cluster, service, nowMs),
    port: options.ports.metrics,
  });
  cleanup.add(() => metrics.stop());
  return metrics.address;
}

async function writeHistoryOnce(options: SandboxOptions, stores: Stores, workload: Workload): Promise<void> {
  if (!options.history) return;
  options.onProgress?.('writing 30 days of history');
  const written = await writePast({
    dataDir: options.dataDir,
    promtool: options.binaries.promtool,
    stores,
    workload,
    seed: options.seed,
    nowMs: Date.now(),
    ...(options.historyDays === undefined ? {} : { days: options.historyDays }),
  });
  // The end of the past is where the counters go on, also when this start is broken off.
  if (!written) return;
  await writeSaved(savedFile(options.dataDir), workload);
  await workload.rememberLogs(Date.now(), LOG_HOURS);
}

/** Until every placement has its pods running: the past is written onto one of them. */
async function waitForPods(stores: Stores): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    const missing = placements().filter((placement) => {
      const store = stores.get(placement.cluster.id);
      return !store || !podsOf(store, placement).some(({ running }) => running);
    });
    if (missing.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The pods of the pretend production did not start within 60 s.');
}

function databaseUrls({ postgresUrls }: SandboxOptions): Map<ClusterId, string> {
  const urls = new Map<ClusterId, string>();
  for (const { id } of clusterTable) {
    const url = postgresUrls?.[id];
    if (url !== undefined) urls.set(id, url);
  }
  return urls;
}

async function writeKubeconfigs(dataDir: string, running: Running[]): Promise<Sandbox['kubeconfigs']> {
  const clusters = running.map(({ cluster }) => cluster);
  const files = {
    web: path.join(dataDir, 'kubeconfig-web.yaml'),
    worker: path.join(dataDir, 'kubeconfig-worker.yaml'),
    admin: path.join(dataDir, 'kubeconfig-admin.yaml'),
  };
  await writeKubeconfig(files.web, clusters, 'signalbox-web');
  await writeKubeconfig(files.worker, clusters, 'signalbox-worker');
  await writeKubeconfig(files.admin, clusters, 'admin');
  return files;
}
