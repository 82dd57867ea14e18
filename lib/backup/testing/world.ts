import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client, Pool } from 'pg';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { Config } from '@/lib/config/schema';
import { createDatabase } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { postgresqlClient } from '@/scripts/binaries/postgresql-client';
import { dataFolder } from '@/scripts/postgres/placement';
import { startPostgres } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';
import { shiftTime, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import { checkDueCopies } from '../check-copies';
import { clearAbandoned } from '../clear-abandoned';
import { Evidence } from '../contract';
import { type Copier, makeDueCopies } from '../make-copy';

/** Tables of every sort that a catalog tells apart, with rows that are the same each time. */
const SCHEMA = `
  CREATE SCHEMA sales; CREATE TYPE sales.state AS ENUM ('open', 'paid');
  CREATE TABLE sales.customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
  CREATE TABLE sales."order line" (id serial PRIMARY KEY, customer int NOT NULL REFERENCES sales.customer,
    state sales.state NOT NULL DEFAULT 'open', amount numeric CHECK (amount >= 0), note text);
  CREATE INDEX ON sales."order line" (state, amount);
  CREATE TABLE sales.event (at date NOT NULL, kind text) PARTITION BY RANGE (at);
  CREATE TABLE sales.event_2026 PARTITION OF sales.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE INDEX ON sales.event (at);
  CREATE VIEW sales.paid AS SELECT * FROM sales."order line" WHERE state = 'paid';
  CREATE MATERIALIZED VIEW sales.total AS SELECT customer, sum(amount) FROM sales."order line" GROUP BY 1;
  INSERT INTO sales.customer (name) SELECT 'customer ' || n FROM generate_series(1, 200) n;
  INSERT INTO sales."order line" (customer, state, amount, note)
    SELECT 1 + n % 200, (ARRAY['open', 'paid'])[1 + n % 2]::sales.state, n, md5(n::text) || md5((n * 7)::text)
    FROM generate_series(1, 20000) n;
  INSERT INTO sales.event SELECT date '2026-01-01' + n % 365, 'kind ' || n % 7 FROM generate_series(1, 2000) n;
  ALTER TABLE sales."order line" ADD CONSTRAINT later CHECK (amount < 1e9) NOT VALID;
  REFRESH MATERIALIZED VIEW sales.total;`;

export const password = 'correct-horse-battery';

/** A PostgreSQL 15 with a database to copy, a console's database, a folder, and workers that are called by hand. */
export async function backupWorld() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'backup-'));
  const dataDir = path.join(stateRoot, 'test', `postgres-of-backup-${process.pid}`);
  const server = await startPostgres({
    version: 15,
    dataDir,
    port: await freePort(),
    databases: ['shop', 'postgres'],
    durable: false,
  });
  // One that comes back when its session is ended, as a restore ends all of them.
  const admin = new Pool({ connectionString: server.url, max: 1 });
  admin.on('error', () => undefined);
  await admin.query(SCHEMA);
  await admin.query(`CREATE ROLE copier LOGIN PASSWORD '${password}' IN ROLE pg_read_all_data`);
  const source = new URL(server.url);
  [source.username, source.password] = ['copier', password];
  const database = await testDatabase();
  const db = createDatabase(database.url);
  const tools = await postgresqlClient();
  const folder = path.join(root, 'copies');
  const secret = (name: string, text: string) => {
    fs.writeFileSync(path.join(root, name), text, { mode: 0o600 });
    return { file: path.join(root, name) };
  };
  const input = (backup: object = {}, backups: object = {}, more: object = {}): object => ({
    ...testConfigInput({ kubeconfig: path.join(root, 'none'), prometheus: 'http://127.0.0.1:9' }),
    backups: { tools, ...backups },
    databases: [
      {
        id: 'shop',
        name: 'Shop',
        environment: 'production',
        region: 'us-east-1',
        url: secret('url', source.toString()),
        tier: 3,
        backup: {
          url: secret('copies.url', source.toString()),
          scratch: secret('scratch.url', server.urlOf('postgres')),
          folder,
          schedule: { cron: '0 * * * *' },
          ...backup,
        },
        ...more,
      },
    ],
  });
  const config = (backup?: object, backups?: object, more?: object): Config =>
    Config.parse(input(backup, backups, more));
  const copier = (
    given: Config = config(),
    workerId = 'w1',
    signal = new AbortController().signal,
  ): Copier => ({
    db,
    config: given,
    actor: { kind: 'worker', id: workerId },
    holder: { workerId, leaseSeconds: 20 },
    signal,
  });
  const hour = () => shiftTime(database.url, 3_600_000);
  const make = async (given?: Config) => {
    if ((await db.backupCopy.count()) > 0) await hour();
    await makeDueCopies(copier(given));
    return newest();
  };
  const newest = () => db.backupCopy.findFirstOrThrow({ orderBy: { startedAt: 'desc' } });
  let audited = 0;
  return {
    root,
    folder,
    tools,
    server,
    admin,
    source,
    database,
    db,
    input,
    config,
    copier,
    secret,
    hour,
    newest,
    /** The first copy, or one an hour later. */
    make,
    check: (given?: Config) => checkDueCopies(copier(given)),
    clear: (given?: Config) => clearAbandoned(copier(given, 'w2')),
    /** `make`, and up the ladder. */
    proven: async (given?: Config) => {
      const { id } = await make(given);
      await checkDueCopies(copier(given));
      return db.backupCopy.findUniqueOrThrow({ where: { id } });
    },
    checksOf: async (copy: string) => {
      const rows = await db.backupCheck.findMany({ where: { copyId: copy }, orderBy: { id: 'asc' } });
      return rows.map((row) => ({ ...row, evidence: z.array(Evidence).parse(row.evidence) }));
    },
    files: () => (fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []),
    /** Entries of this test, oldest first. */
    audit: async () => {
      const rows = await db.auditStaged.findMany({ orderBy: { n: 'asc' }, skip: audited });
      const Body = z.object({
        action: z.string(),
        result: z.string(),
        details: z.record(z.string(), z.unknown()),
      });
      return rows.map(({ body }) => Body.parse(JSON.parse(body)));
    },
    /** Holds a table that nobody else may read meanwhile: a dump waits for it. Ends with the test, or when the answer is called. */
    lock: async () => {
      const holder = new Client({ connectionString: server.url });
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE sales.customer IN ACCESS EXCLUSIVE MODE');
      const letGo = () => holder.end();
      onTestFinished(letGo);
      return letGo;
    },
    /** Nothing of the test before stays, and an hour has just begun. */
    clean: async () => {
      fs.rmSync(folder, { recursive: true, force: true });
      await db.$executeRaw`TRUNCATE backup_copy, backup_check, backup_schedule, restore_run, drill_schedule`;
      audited = await db.auditStaged.count();
      const intoHour = (await databaseNow(db)).getTime() % 3_600_000;
      await shiftTime(database.url, 3_600_000 - intoHour + 60_000);
    },
    /** Tools of which one is another program, by a text that a shell runs; $REAL is the real one. */
    toolsWith: (name: string, script: string): string => {
      const wrapped = fs.mkdtempSync(path.join(root, 'tools-'));
      for (const tool of ['pg_dump', 'pg_restore', 'pg_amcheck']) {
        const real = path.join(tools, tool);
        const body = tool === name ? script.replaceAll('$REAL', real) : `exec ${real} "$@"`;
        fs.writeFileSync(path.join(wrapped, tool), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
      }
      return wrapped;
    },
    stop: async () => {
      await admin.end();
      await db.$disconnect();
      await database.drop();
      await server.stop();
      fs.rmSync(dataFolder(dataDir), { recursive: true, force: true });
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}
export type BackupWorld = Awaited<ReturnType<typeof backupWorld>>;

/** Waits until `look` finds something; the test's own time-out ends it otherwise. */
export async function until<T>(look: () => Promise<T | undefined | null | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
