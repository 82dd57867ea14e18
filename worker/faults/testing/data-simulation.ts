import fs from 'node:fs';
import { Client } from 'pg';
import { z } from 'zod';
import { backupWorld, password } from '@/lib/backup/testing/world';
import type { Gate } from './gate';
import { type GatedPostgres, gatedPostgres } from './gated-postgres';
import { workerIds } from './ground';
import { simulatedDataConfig } from './simulated-config';
import { startSimulation } from './simulation';

const Parts = z.object({ backups: z.unknown(), databases: z.tuple([z.looseObject({})]) });
const isOrder = (sql: string): boolean => sql.includes('pg_terminate_backend');

/**
 * In the eyes of the account that ends sessions the numbers of processes and the clock are ours, so that a number can be
 * taken over and time passes with the schedule; an order is answered when the session is gone. All else is the server's own.
 */
const SHADOW = `
  CREATE SCHEMA shadow;
  CREATE TABLE shadow.number (real int PRIMARY KEY, given int NOT NULL);
  CREATE TABLE shadow.virtual_time (at timestamptz NOT NULL);
  INSERT INTO shadow.virtual_time VALUES (now());
  CREATE FUNCTION shadow.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM shadow.virtual_time';
  CREATE VIEW shadow.pg_stat_activity AS SELECT a.datname, coalesce(n.given, a.pid) AS pid, a.backend_start, a.backend_type
    FROM pg_catalog.pg_stat_activity a LEFT JOIN shadow.number n ON n.real = a.pid;
  CREATE FUNCTION shadow.pg_terminate_backend(given int) RETURNS boolean LANGUAGE sql VOLATILE AS
    'SELECT pg_catalog.pg_terminate_backend(coalesce((SELECT n.real FROM shadow.number n WHERE n.given = $1), $1), 4000)';
  CREATE ROLE app LOGIN PASSWORD '${password}';
  CREATE ROLE ender LOGIN PASSWORD '${password}' IN ROLE pg_signal_backend, pg_read_all_stats;
  GRANT pg_monitor TO copier;
  GRANT USAGE ON SCHEMA shadow TO ender; GRANT SELECT ON ALL TABLES IN SCHEMA shadow TO ender;
  ALTER ROLE ender SET search_path = shadow, pg_catalog;`;

export type Session = { name: string; client: Client; pid: number; startedAt: string; hasLeft: boolean };

/** The ground of one Deployment with the database of its service: a PostgreSQL 15, a folder of copies, sessions. */
export async function startDataSimulation() {
  const copies = await backupWorld();
  await copies.admin.query(SHADOW);
  const urlOf = (user: string, port = copies.server.port): string => {
    const url = new URL(copies.source);
    url.username = user;
    url.port = String(port);
    return url.toString();
  };
  const laid: { gateOf: (worker: string) => Gate | undefined; nowMs: () => number } = {
    gateOf: () => undefined,
    nowMs: () => 0,
  };
  const served = new Map<string, GatedPostgres>();
  for (const worker of workerIds) {
    const gateOf = () => laid.gateOf(worker);
    const { port } = copies.server;
    served.set(
      worker,
      await gatedPostgres({ worker, port, nowMs: () => laid.nowMs(), gateOf, acts: isOrder }),
    );
  }
  const parts = Parts.parse(copies.input({ schedule: undefined, scratch: undefined }));
  const base = await startSimulation((at) => {
    const worker = workerIds.find((id) => at.prometheus.endsWith(`/${id}`)) ?? 'others';
    const signal = copies.secret(`ender-${worker}.url`, urlOf('ender', served.get(worker)?.port));
    const databases = [{ ...parts.databases[0], service: 'fraiseql-api', signal }];
    return simulatedDataConfig(at, { backups: parts.backups, databases });
  });
  laid.gateOf = base.gateOf;
  laid.nowMs = () => base.clock.now();
  const advance = async (ms: number): Promise<void> => {
    await base.advance(ms);
    await copies.admin.query('UPDATE shadow.virtual_time SET at = to_timestamp($1)', [
      base.clock.now() / 1000,
    ]);
  };
  const sessions: Session[] = [];
  const leave = async (session: Session): Promise<void> => {
    session.hasLeft = true;
    await session.client.end().catch(() => undefined);
    while (await isThere(session)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const isThere = async ({ pid, startedAt }: Session): Promise<boolean> => {
    const sql = 'SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2::timestamptz';
    return (await copies.admin.query(sql, [pid, startedAt])).rowCount === 1;
  };
  return {
    ...base,
    workers: base.workers.map((worker) => ({ ...worker, served: served.get(worker.id) })),
    advance,
    copies,
    served,
    /** Those that were opened since the last schedule, the signed one first. */
    sessions,
    isThere,
    /** A client's session at the served database. */
    session: async (name: string): Promise<Session> => {
      const client = new Client({ connectionString: urlOf('app'), application_name: name });
      client.on('error', () => {});
      await client.connect();
      const { rows } = await client.query<{ pid: number; at: string }>(
        `SELECT pid, to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
           FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
      );
      const [row] = rows;
      if (row === undefined) throw new Error('The session is not there.');
      const made = { name, client, pid: row.pid, startedAt: row.at, hasLeft: false };
      sessions.push(made);
      return made;
    },
    /** A session ends by itself, and another one gets its number. */
    takeOver: async (first: Session, second: Session): Promise<void> => {
      await leave(first);
      await copies.admin.query('INSERT INTO shadow.number VALUES ($1, $2)', [second.pid, first.pid]);
    },
    reset: async (): Promise<void> => {
      for (const one of sessions.splice(0)) await leave(one);
      await copies.admin.query('TRUNCATE shadow.number');
      await base.admin.query('TRUNCATE backup_copy, backup_check, restore_run');
      for (const { orders } of served.values()) orders.length = 0;
      fs.rmSync(copies.folder, { recursive: true, force: true });
      await base.reset();
    },
    stop: async (): Promise<void> => {
      for (const one of sessions.splice(0)) await one.client.end().catch(() => undefined);
      await base.stop();
      await Promise.all([...served.values()].map((one) => one.stop()));
      await copies.stop();
    },
  };
}
export type DataSimulation = Awaited<ReturnType<typeof startDataSimulation>>;
