import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { dataFolder, type PostgresVersion } from '@/scripts/postgres/placement';
import { type RunningPostgres, startPostgres } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';

/** The settings of a server that counts queries. */
const counting = {
  shared_preload_libraries: 'pg_stat_statements',
  shared_buffers: '16MB',
  max_connections: '20',
};

const folders: string[] = [];
/** Where the files with URLs lie. */
let files: string | undefined;
const folderOf = (name: string, version: PostgresVersion): string => {
  const folder = path.join(stateRoot, 'test', `database-${name}-${version}-of-${process.pid}`);
  folders.push(folder);
  return folder;
};

/** A PostgreSQL with the database `shop`, an account that sees all (`reader`) and one that does not (`blind`). */
export async function startShop(version: PostgresVersion): Promise<RunningPostgres> {
  const settings = version === 18 ? { ...counting, reserved_connections: '2' } : counting;
  const dataDir = folderOf('shop', version);
  const server = await startPostgres({
    version,
    dataDir,
    port: await freePort(),
    databases: ['shop'],
    durable: false,
    settings,
  });
  await sql(
    server.url,
    `CREATE ROLE reader LOGIN PASSWORD 'correct horse' IN ROLE pg_monitor;
     CREATE ROLE blind LOGIN PASSWORD 'correct horse';
     CREATE TABLE orders (id int PRIMARY KEY, card text);
     INSERT INTO orders SELECT n, 'card ' || n FROM generate_series(1, 5000) n;
     CREATE TABLE small (id int);
     CREATE SCHEMA archive; CREATE TABLE archive.orders (id int);
     ANALYZE`,
  );
  return server;
}

/** A copy of a stopped server's data, made a standby of it; start the primary first. */
export function copyAsStandby(version: PostgresVersion, primary: RunningPostgres): string {
  const dataDir = folderOf('standby', version);
  const target = dataFolder(dataDir);
  execFileSync('cp', ['-a', primary.dataDir, target]);
  for (const name of ['postmaster.pid', 'signalbox.owner'])
    fs.rmSync(path.join(target, name), { force: true });
  const { username, password, port } = new URL(primary.url);
  const told = `host=127.0.0.1 port=${port} user=${username} password=${decodeURIComponent(password)} application_name=standby_eu`;
  fs.appendFileSync(path.join(target, 'postgresql.auto.conf'), `primary_conninfo = '${told}'\n`);
  fs.writeFileSync(path.join(target, 'standby.signal'), '');
  return dataDir;
}

/** Starts a server whose data is there. */
export const startAgain = async (
  version: PostgresVersion,
  dataDir: string,
  port?: number,
): Promise<RunningPostgres> =>
  startPostgres({
    version,
    dataDir,
    port: port ?? (await freePort()),
    databases: ['shop'],
    durable: false,
    settings: counting,
  });

export const shopFolder = (version: PostgresVersion): string =>
  path.join(stateRoot, 'test', `database-shop-${version}-of-${process.pid}`);

/** Removes the data of the servers, and the files with their URLs. */
export function removeServers(): void {
  if (files !== undefined) fs.rmSync(files, { recursive: true, force: true });
  files = undefined;
  for (const folder of folders) fs.rmSync(dataFolder(folder), { recursive: true, force: true });
}

/** Statements in a connection of their own. */
export async function sql(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** A session that stays open after these statements. */
export async function hold(url: string, application: string, ...texts: string[]): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: application });
  client.on('error', () => undefined);
  await client.connect();
  for (const text of texts) await client.query(text);
  return client;
}

/** The URL with another account. */
export function urlAs(url: string, user: string, password = 'correct horse'): string {
  const other = new URL(url);
  other.username = user;
  other.password = password;
  return other.href;
}

/** A target as the configuration has it: its URL lies in a file. */
export function targetOf(id: string, url: string): { id: string; url: { file: string } } {
  files ??= fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-database-'));
  const file = path.join(files, `${id}.url`);
  fs.writeFileSync(file, `${url}\n`, { mode: 0o600 });
  return { id, url: { file } };
}
