import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { isAlive } from '../process/alive';
import { isPortFree } from '../process/port';
import { forget, watchOver } from '../process/reaper';
import { UserError } from '../setup/user-error';
import { initialise, readPassword, SUPERUSER, serverEnvironment } from './initialise';
import { clearLeftover, OWNER_FILE } from './leftover';
import { type Placement, type PostgresVersion, place } from './placement';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export type PostgresOptions = {
  version: PostgresVersion;
  /** A folder inside .signalbox/; as root the data lies elsewhere (placement.ts). */
  dataDir: string;
  /** TCP port on 127.0.0.1. */
  port: number;
  /** Created when missing; the first one is that of `url`. */
  databases: readonly [string, ...string[]];
  /** False: faster and lost after a power cut, for tests. */
  durable?: boolean;
  /** Further settings of postgresql.conf. */
  settings?: Record<string, string>;
  /** How a person chooses another port, for the error when it is taken. */
  portAdvice?: string;
};

export type RunningPostgres = {
  url: string;
  urlOf: (database: string) => string;
  port: number;
  pid: number;
  /** Where the data really lies. */
  dataDir: string;
  /** The server's last lines of log. */
  logTail: () => string;
  /** Resolves with the exit code when the server ends, for whatever reason. */
  exited: Promise<number | null>;
  stop: () => Promise<void>;
};

/**
 * Starts an embedded PostgreSQL as a child of this process and waits until it accepts connections (crash
 * recovery included). It ends with `stop()`, or with this process however that ends (process/reaper.ts).
 * Throws UserError when the port is taken or the server does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const placement = place(options.version, options.dataDir);
  await initialise(placement);
  requireSameVersion(placement, options.version);
  await clearLeftover(placement.data);
  await requireFreePort(options);
  const { child, tail } = launch(placement, options);
  const pid = child.pid;
  if (pid === undefined) throw new UserError('PostgreSQL could not be started: no process was created.');
  watchOver(pid, 'SIGINT');
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  void exited.then(() => forget(pid));
  const password = encodeURIComponent(readPassword(placement.data));
  const urlOf = (database: string) =>
    `postgresql://${SUPERUSER}:${password}@127.0.0.1:${options.port}/${encodeURIComponent(database)}`;
  const server: RunningPostgres = {
    url: urlOf(options.databases[0]),
    urlOf,
    port: options.port,
    pid,
    dataDir: placement.data,
    logTail: tail,
    exited,
    stop: () => stop(pid, exited),
  };
  try {
    fs.writeFileSync(path.join(placement.data, OWNER_FILE), `${process.pid}\n`);
    await waitUntilReady(server, child);
    for (const database of options.databases) await createDatabase(urlOf('postgres'), database);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function requireSameVersion(placement: Placement, version: PostgresVersion): void {
  const found = fs.readFileSync(path.join(placement.data, 'PG_VERSION'), 'utf8').trim();
  if (found === String(version)) return;
  throw new UserError(
    `The data in ${placement.data} belongs to PostgreSQL ${found}; this needs ${version}.`,
    'Start over with --reset, or move the folder away.',
  );
}

async function requireFreePort(options: PostgresOptions): Promise<void> {
  if (await isPortFree(options.port)) return;
  throw new UserError(
    `PostgreSQL ${options.version} was not started: port ${options.port} on 127.0.0.1 is in use by another program.`,
    options.portAdvice ?? 'Choose another port, or stop the program that listens there.',
  );
}

function launch(placement: Placement, options: PostgresOptions): { child: ChildProcess; tail: () => string } {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '200',
    ...(options.durable === false
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
      : {}),
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(path.join(placement.program, 'bin', 'postgres'), ['-D', placement.data, ...args], {
    ...placement.account,
    cwd: placement.data,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C in the terminal must not stop the database before its clients.
    detached: true,
  });
  let lines: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => {
    lines = [...lines, ...chunk.toString().split('\n').filter(Boolean)].slice(-40);
  });
  child.on('error', (error) => lines.push(error.message));
  return { child, tail: () => lines.join('\n') };
}

async function waitUntilReady(server: RunningPostgres, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let last = '';
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new UserError(`PostgreSQL ended while it started (port ${server.port}):\n${server.logTail()}`);
    }
    const client = new Client({ connectionString: server.urlOf('postgres'), connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      await client.end().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new UserError(
    `PostgreSQL did not accept connections on port ${server.port} within 60 s (${last}):\n${server.logTail()}`,
  );
}

/** Creates a database when it does not exist yet. `adminUrl` points at another database of the same server. */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount) return;
    const from = template ? ` TEMPLATE ${client.escapeIdentifier(template)}` : '';
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}${from}`);
  } finally {
    await client.end();
  }
}

/** Fast shutdown (clients are cut, everything is written), then the harder ways. */
async function stop(pid: number, exited: Promise<number | null>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) break;
    try {
      process.kill(pid, signal);
    } catch {
      break;
    }
    const timeout = new Promise<'late'>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS, 'late').unref());
    if ((await Promise.race([exited, timeout])) !== 'late') break;
  }
  await exited;
}
