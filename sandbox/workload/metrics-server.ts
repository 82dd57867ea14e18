import { createServer, type Server } from 'node:http';
import type { Store } from '../kubernetes/store';
import { type ClusterId, placements } from '../topology';
import {
  cacheText,
  containerText,
  type DatabaseFacts,
  databaseText,
  ingressText,
  nodeText,
} from './exporters';
import { probedAt, probeText } from './probes';
import { exporterTargets, podTargets } from './targets';
import type { Workload } from './workload';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

type Answer = { status: number; type: string; body: string };

const missing: Answer = { status: 404, type: 'text/plain', body: '404 page not found\n' };

/** Asks for the state of a service's database in one cluster. */
export type DatabaseProbe = (cluster: ClusterId, service: string, nowMs: number) => DatabaseFacts;

export type MetricsServerOptions = {
  stores: ReadonlyMap<ClusterId, Store>;
  workload: Workload;
  database: DatabaseProbe;
  /** 0 for any free port. */
  port: number;
};

/** `/metrics` of every process and exporter, and the http_sd lists that name them. */
export async function startMetricsServer(
  options: MetricsServerOptions,
): Promise<{ address: string; stop: () => Promise<void> }> {
  let address = '';
  const server = createServer((request, response) => {
    const { status, type, body } = answer(request.url ?? '/', address, options);
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  address = addressOf(server);
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address, stop };
}

/** `127.0.0.1:port` of a listening server. */
export function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The server is not listening on a port.');
  return `127.0.0.1:${address.port}`;
}

function answer(url: string, address: string, options: MetricsServerOptions): Answer {
  const parts = (url.split('?')[0] ?? '').split('/').slice(1).map(decodeURIComponent);
  const [kind, cluster = '', space = '', pod = '', leaf] = parts;
  if (kind === 'sd' && cluster === 'pods') return json(podTargets(options.stores, address));
  if (kind === 'sd' && cluster === 'exporters') return json(exporterTargets(address));
  if (kind === 'sd' && cluster === '') {
    return json([...podTargets(options.stores, address), ...exporterTargets(address)]);
  }
  if (kind === 'pods' && leaf === 'metrics') return podAnswer(cluster, space, pod, options);
  if (kind === 'exporters' && pod === 'metrics') return exporterAnswer(cluster, space, options);
  return missing;
}

function podAnswer(cluster: string, space: string, pod: string, options: MetricsServerOptions): Answer {
  const process = options.workload.processes(cluster)?.find(space, pod);
  if (!process) return missing;
  return { status: 200, type: TEXT, body: process.metrics.text(Date.now()) };
}

function exporterAnswer(cluster: string, exporter: string, options: MetricsServerOptions): Answer {
  const { workload, stores, database } = options;
  const found = [...stores].find(([id]) => id === cluster);
  const processes = workload.processes(cluster);
  if (!found || !processes) return missing;
  const [id, store] = found;
  const now = Date.now();
  if (exporter === 'containers') {
    return { status: 200, type: TEXT, body: containerText(id, store, processes, now) };
  }
  if (exporter === 'ingress') {
    const own = workload.traffic.filter(({ placement }) => placement.cluster.id === id);
    return { status: 200, type: TEXT, body: ingressText(own) };
  }
  if (exporter.startsWith('node-')) {
    return { status: 200, type: TEXT, body: nodeText(exporter.slice('node-'.length), now) };
  }
  if (exporter.startsWith('redis-')) {
    return { status: 200, type: TEXT, body: cacheText(exporter.slice('redis-'.length), id, now) };
  }
  if (exporter.startsWith('probe-')) return probeAnswer(id, exporter.slice('probe-'.length), options);
  if (!exporter.startsWith('postgres-')) return missing;
  const facts = database(id, exporter.slice('postgres-'.length), now);
  return { status: 200, type: TEXT, body: databaseText(facts) };
}

function probeAnswer(cluster: ClusterId, name: string, { workload }: MetricsServerOptions): Answer {
  const probed = placements()
    .map(probedAt)
    .find((one) => one.cluster === cluster && `${one.environment}-${one.service}` === name);
  if (probed === undefined) return missing;
  return { status: 200, type: TEXT, body: probeText(probed, workload.certificates, Date.now()) };
}

function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}
