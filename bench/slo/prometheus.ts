import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { startChild, waitForReady } from '@/scripts/process/child';
import { scrapeSeconds, type Traffic } from './traffic';

export type Running = { url: string; stop: () => Promise<void> };

const listen = async (server: http.Server): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server on loopback has no port.');
  return `http://127.0.0.1:${address.port}`;
};

const closed = (server: http.Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

/** Shows the counters as they stand; they go on from where the history ended. */
export async function startExporter(traffic: Traffic, lastAt: number): Promise<Running> {
  let before = lastAt;
  const server = http.createServer((_request, response) => {
    const now = Date.now() / 1000;
    if (now > before) traffic.advance(now - before);
    before = Math.max(now, before);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE requests_total counter\n${traffic.lines('\n')}`);
  });
  return { url: await listen(server), stop: () => closed(server) };
}

/**
 * A real Prometheus on what promtool wrote, which scrapes the exporter. It compacts nothing while it is measured,
 * and keeps the labels of the exporter free of its own, so that the series of the past go on.
 */
export async function startPrometheus(options: {
  program: string;
  folder: string;
  dataDir: string;
  exporter: string;
  port: number;
  logs: string;
}): Promise<Running & { pid: number }> {
  const { program, folder, dataDir, exporter, port, logs } = options;
  const file = path.join(folder, 'prometheus.yml');
  fs.writeFileSync(
    file,
    `global:
  scrape_interval: ${scrapeSeconds}s
scrape_configs:
  - job_name: bench
    static_configs: [{targets: ['${new URL(exporter).host}']}]
    metric_relabel_configs: [{action: labeldrop, regex: job|instance}]
`,
  );
  const child = startChild({
    name: 'Prometheus',
    command: program,
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${dataDir}`,
      '--storage.tsdb.retention.time=90d',
      '--storage.tsdb.min-block-duration=2h',
      '--storage.tsdb.max-block-duration=2h',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    logFile: path.join(logs, 'prometheus.log'),
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitForReady(child, `${url}/-/ready`, 60_000);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url, pid: child.pid, stop: () => child.stop() };
}

/** A server in front of another that notes when each query came. */
export async function startCounting(target: string): Promise<Running & { queries: number[] }> {
  const queries: number[] = [];
  const server = http.createServer((request, response) => {
    queries.push(performance.now());
    const { method, headers, url } = request;
    const onward = http.request(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  return { url: await listen(server), queries, stop: () => closed(server) };
}

/** The most of these moments (ms) that lie within one span of `windowMs`. */
export function mostWithin(moments: readonly number[], windowMs: number): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [last, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
