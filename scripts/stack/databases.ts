import path from 'node:path';
import type { PostgresVersion } from '../postgres/placement';
import { type RunningPostgres, startPostgres } from '../postgres/server';
import type { Running } from './part';

const ADVICE = 'Choose other ports: npm run demo -- --port-base N, or the variable SIGNALBOX_PORT_BASE.';

/** What `Part` needs to know of a PostgreSQL, beside its address. */
export type RunningDatabase = Running & { url: string };

export async function startDatabase(options: {
  folder: string;
  name: string;
  version: PostgresVersion;
  port: number;
  databases: readonly [string, ...string[]];
  durable: boolean;
  settings?: Record<string, string>;
}): Promise<RunningDatabase> {
  const server: RunningPostgres = await startPostgres({
    version: options.version,
    dataDir: path.join(options.folder, options.name),
    port: options.port,
    databases: options.databases,
    durable: options.durable,
    portAdvice: ADVICE,
    // Small buffers: three servers share the machine with everything else.
    settings: { shared_buffers: '64MB', max_connections: '120', ...options.settings },
  });
  return {
    url: server.url,
    pid: server.pid,
    exited: server.exited.then((code) => `ended with code ${code}`),
    tail: server.logTail,
    kill: (signal) => process.kill(server.pid, signal),
    stop: server.stop,
  };
}
