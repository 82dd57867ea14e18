import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Copier } from '@/lib/backup/make-copy';
import { Config } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { postgresqlClient } from '@/scripts/binaries/postgresql-client';
import { migrate } from '@/scripts/migrate/apply';
import { dataFolder } from '@/scripts/postgres/placement';
import { startPostgres } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';
import { testConfigInput } from '@/worker/testing/config';

const run = promisify(execFile);
/** Of the database; a smaller one is for a first look. */
export const megabytes = Number(process.env['SIGNALBOX_BENCH_MB'] ?? '1000');
/** A row of the table with its index, about. */
const rowBytes = 330;

export type World = {
  db: Database;
  copier: Copier;
  folder: string;
  gigabytes: number;
  /** A tool alone, with nothing but the address of a database. */
  bare: (tool: string, args: readonly string[], database: string) => Promise<void>;
  sql: (statement: string) => Promise<void>;
};

/** A PostgreSQL 15 with a database to copy and that of a console; all of it is gone afterwards. */
export async function inWorld<T>(signal: AbortSignal, work: (world: World) => Promise<T>): Promise<T> {
  const root = path.join(stateRoot, 'bench-backup');
  const dataDir = path.join(root, 'postgres');
  const remove = () => {
    for (const made of [dataFolder(dataDir), root]) fs.rmSync(made, { recursive: true, force: true });
  };
  remove();
  fs.mkdirSync(root, { recursive: true, mode: 0o700 });
  const server = await startPostgres({
    version: 15,
    dataDir,
    port: await freePort(),
    databases: ['shop', 'console', 'postgres'],
    // What a server waits for is the same for both sides; here they are to be compared, not the disk.
    durable: false,
    settings: { shared_buffers: '128MB', max_wal_size: '4GB' },
  });
  const admin = new Client({ connectionString: server.urlOf('postgres') });
  const db = createDatabase(server.urlOf('console'));
  try {
    await admin.connect();
    await migrate(server.urlOf('console'));
    const gigabytes = await fill(server.urlOf('shop'));
    const tools = await postgresqlClient();
    const secret = (name: string, url: string) => {
      fs.writeFileSync(path.join(root, name), url, { mode: 0o600 });
      return { file: path.join(root, name) };
    };
    const folder = path.join(root, 'copies');
    const config = Config.parse({
      ...testConfigInput({ kubeconfig: path.join(root, 'none'), prometheus: 'http://127.0.0.1:9' }),
      backups: { tools },
      databases: [
        {
          id: 'shop',
          name: 'Shop',
          environment: 'production',
          region: 'us-east-1',
          url: secret('url', server.urlOf('shop')),
          tier: 3,
          backup: {
            url: secret('copies.url', server.urlOf('shop')),
            scratch: secret('scratch.url', server.urlOf('postgres')),
            folder,
            schedule: { cron: '0 0 1 1 *' },
          },
        },
      ],
    });
    const url = new URL(server.url);
    const environment = {
      PATH: process.env['PATH'] ?? '',
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
    };
    return await work({
      db,
      folder,
      gigabytes,
      copier: {
        db,
        config,
        signal,
        actor: { kind: 'worker', id: 'bench' },
        holder: { workerId: 'bench', leaseSeconds: 60 },
      },
      bare: async (tool, args, database) => {
        const env = { ...environment, PGDATABASE: database, NODE_ENV: 'production' as const };
        await run(path.join(tools, tool), args, { env, signal, maxBuffer: 1 << 26 });
      },
      sql: async (statement) => void (await admin.query(statement)),
    });
  } finally {
    await admin.end().catch(() => undefined);
    await db.$disconnect();
    await server.stop();
    remove();
  }
}

/** Rows that compress like text does, some of them; gigabytes of the database that came of it. */
async function fill(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`
      CREATE TABLE account (id int PRIMARY KEY, name text NOT NULL);
      INSERT INTO account SELECT n, 'Account ' || n FROM generate_series(1, 1000) n;
      CREATE TABLE entry (id bigint, account int NOT NULL, note text NOT NULL, amount numeric NOT NULL, at timestamptz NOT NULL);
      INSERT INTO entry SELECT n, 1 + n % 1000, md5(n::text) || repeat(' paid in full', 8) || md5((n * 7)::text), n % 997,
        timestamptz '2026-01-01' + n * interval '1 s' FROM generate_series(1, ${Math.round((megabytes * 1e6) / rowBytes)}) n;
      ALTER TABLE entry ADD PRIMARY KEY (id), ADD FOREIGN KEY (account) REFERENCES account;
      CREATE INDEX ON entry (account, at);`);
    await client.query('VACUUM (FREEZE, ANALYZE)');
    await client.query('CHECKPOINT');
    const { rows } = await client.query<{ bytes: string }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    );
    return Number(rows[0]?.bytes) / 1e9;
  } finally {
    await client.end();
  }
}
