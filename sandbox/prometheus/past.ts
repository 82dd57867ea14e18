import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import type { Store } from '../kubernetes/store';
import { appServices, type ClusterId, nodesOf, placements } from '../topology';
import type { PodView } from '../workload/pod-view';
import {
  cacheExporterLabels,
  cacheServices,
  containerExporterLabels,
  databaseExporterLabels,
  databaseServices,
  nodeExporterLabels,
  podLabels,
  podsOf,
} from '../workload/targets';
import type { Workload } from '../workload/workload';
import { HISTORY_DAYS, type HistorySubject } from './history-plan';
import { prometheusDataDir } from './monitoring';

const DAY = 86_400_000;
const MINUTE = 60_000;

const Ends = z.array(
  z.object({
    service: z.string(),
    region: z.string(),
    cpuSeconds: z.number(),
    metrics: z.object({
      counters: z.record(z.string(), z.number()),
      histogram: z.object({ counts: z.array(z.number()), sum: z.number() }),
      startedMs: z.number(),
    }),
  }),
);

type Carrier = { subject: HistorySubject; cluster: ClusterId; pod: PodView };

/** The pod of each production service and region that carries the past: the first by name. */
function carriers(stores: ReadonlyMap<ClusterId, Store>): Carrier[] {
  return placements().flatMap((placement) => {
    const { service, cluster, namespace, environment } = placement;
    const store = stores.get(cluster.id);
    const pod = store && podsOf(store, placement).find(({ running }) => running);
    if (environment !== 'production' || !pod) return [];
    const labels = { environment, namespace, service: service.id, pod: pod.name, container: service.id };
    const hasDatabase = databaseServices.some((name) => name === service.id);
    const hasCache = cacheServices.some((name) => name === service.id);
    const subject: HistorySubject = {
      service: service.id,
      region: cluster.region,
      pod: podLabels(placement, pod),
      container: { ...containerExporterLabels(cluster), ...labels },
      database: hasDatabase ? databaseExporterLabels(cluster, service.id, namespace) : null,
      cache: hasCache ? cacheExporterLabels(cluster, service.id, namespace) : null,
      nodes:
        service.id === appServices[0]?.id
          ? nodesOf(cluster).map((name) => ({ name, labels: nodeExporterLabels(cluster, name) }))
          : [],
    };
    return [{ subject, cluster: cluster.id, pod }];
  });
}

/**
 * Writes the past into the data folder of Prometheus, once in the life of a data folder, and lets the live
 * processes go on where it ends. Prometheus must not be running. `days` shortens it for tests.
 */
export async function writePast(options: {
  dataDir: string;
  promtool: string;
  stores: ReadonlyMap<ClusterId, Store>;
  workload: Workload;
  seed: number;
  nowMs: number;
  days?: number;
}): Promise<boolean> {
  const blocksDir = prometheusDataDir(options.dataDir);
  const marker = path.join(options.dataDir, 'prometheus', 'history-written');
  if (existsSync(marker)) return false;
  // Blocks of an attempt that was broken off would double those of this one.
  await rm(blocksDir, { recursive: true, force: true });
  const workDir = path.join(options.dataDir, 'prometheus', 'history');
  await mkdir(blocksDir, { recursive: true });
  await mkdir(workDir, { recursive: true });
  const found = carriers(options.stores);
  const toMs = Math.floor(options.nowMs / MINUTE) * MINUTE;
  const fromMs = toMs - (options.days ?? HISTORY_DAYS) * DAY;
  const request = { fromMs, toMs, seed: options.seed, subjects: found.map(({ subject }) => subject) };
  const orderFile = path.join(workDir, 'order.json');
  await writeFile(
    orderFile,
    JSON.stringify({ request, promtool: options.promtool, workDir, dataDir: blocksDir }),
  );
  await runGenerator(orderFile);
  const ends = Ends.parse(JSON.parse(await readFile(path.join(workDir, 'end.json'), 'utf8')));
  for (const { subject, cluster, pod } of found) {
    const end = ends.find(({ service, region }) => service === subject.service && region === subject.region);
    if (end) options.workload.processes(cluster)?.adopt(pod, end.metrics, end.cpuSeconds);
  }
  await rm(workDir, { recursive: true, force: true });
  await writeFile(marker, `${new Date(toMs).toISOString()}\n`);
  return true;
}

/** The generator takes ten seconds of a core: in this process everything else would wait for it. */
async function runGenerator(orderFile: string): Promise<void> {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const script = path.join(import.meta.dirname, 'history-main.ts');
  const child = spawn(process.execPath, ['--import', tsx, script, orderFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let problem = '';
  child.stderr.on('data', (chunk: Buffer) => {
    problem = (problem + chunk.toString()).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The history could not be written: ${problem.trim()}`);
}
