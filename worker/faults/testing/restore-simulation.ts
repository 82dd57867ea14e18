import { Client } from 'pg';
import { z } from 'zod';
import { checkDueCopies } from '@/lib/backup/check-copies';
import { type Copier, makeDueCopies } from '@/lib/backup/make-copy';
import { backupWorld } from '@/lib/backup/testing/world';
import type { Held } from './checker/restore';
import type { Gate } from './gate';
import { type GatedPostgres, gatedPostgres } from './gated-postgres';
import { workerIds } from './ground';
import { LEASE, simulatedDataConfig } from './simulated-config';
import { startSimulation } from './simulation';

const Parts = z.object({ backups: z.unknown(), databases: z.tuple([z.looseObject({})]) });
const isAct = (sql: string): boolean => /^(ALTER|CREATE|DROP|COMMENT) |pg_terminate_backend/.test(sql.trim());

/** Few rows: what is loaded is not what is tried. */
const FEW = `
  DELETE FROM sales."order line" WHERE id > 20; DELETE FROM sales.event WHERE at > '2026-01-10';
  REFRESH MATERIALIZED VIEW sales.total;`;

/** The ground of one Deployment whose database can be put back: a PostgreSQL 15 and one proven copy. */
export async function startRestoreSimulation() {
  const copies = await backupWorld();
  const admin = new Client({ connectionString: copies.server.urlOf('postgres') });
  await admin.connect();
  await copies.admin.query(FEW);
  const laid: { gateOf: (worker: string) => Gate | undefined; nowMs: () => number } = {
    gateOf: () => undefined,
    nowMs: () => 0,
  };
  const served = new Map<string, GatedPostgres>();
  for (const worker of workerIds) {
    const gateOf = () => laid.gateOf(worker);
    const { port } = copies.server;
    const about = { worker, port, nowMs: () => laid.nowMs(), gateOf, acts: isAct, endsIdle: true };
    served.set(worker, await gatedPostgres(about));
  }
  const keeperUrl = (port: number): string => {
    const url = new URL(copies.server.urlOf('postgres'));
    url.port = String(port);
    return url.toString();
  };
  const parts = Parts.parse(copies.input());
  const base = await startSimulation((at) => {
    const worker = workerIds.find((id) => at.prometheus.endsWith(`/${id}`)) ?? 'others';
    const port = served.get(worker)?.port ?? copies.server.port;
    const restore = { url: copies.secret(`restore-${worker}.url`, keeperUrl(port)) };
    const databases = [{ ...parts.databases[0], service: 'fraiseql-api', restore }];
    return simulatedDataConfig(at, { backups: parts.backups, databases });
  });
  laid.gateOf = base.gateOf;
  laid.nowMs = () => base.clock.now();
  const copier = (part: string): Copier => ({
    db: base.db,
    config: base.config,
    actor: { kind: 'worker', id: 'elsewhere' },
    holder: { workerId: `elsewhere/${part}`, leaseSeconds: LEASE },
    signal: new AbortController().signal,
  });
  await makeDueCopies(copier('copies'));
  await checkDueCopies(copier('checks'));
  const copy = await base.db.backupCopy.findFirstOrThrow({ where: { level: 4 } });
  // As it was when it was copied, for each schedule anew.
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'`);
  await admin.query('CREATE DATABASE before_all TEMPLATE shop');
  const held = async (): Promise<Held[]> => {
    const { rows } = await admin.query<{ name: string; oid: string; isOpen: boolean }>(
      `SELECT datname AS name, oid::int8 AS oid, datallowconn AS "isOpen" FROM pg_database
        WHERE datname LIKE 'shop%' ORDER BY datname`,
    );
    return rows.map((row) => ({ ...row, oid: Number(row.oid) }));
  };
  return {
    ...base,
    workers: base.workers.map((worker) => ({ ...worker, served: served.get(worker.id) })),
    copier,
    copyId: copy.id,
    held,
    reset: async (): Promise<void> => {
      for (const { name } of await held()) await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`);
      await admin.query('CREATE DATABASE shop TEMPLATE before_all');
      await base.admin.query(
        'DELETE FROM restore_run; DELETE FROM set_aside; DELETE FROM backup_copy WHERE change_number IS NOT NULL',
      );
      for (const { orders } of served.values()) orders.length = 0;
      await base.reset();
    },
    stop: async (): Promise<void> => {
      await base.stop();
      await Promise.all([...served.values()].map((one) => one.stop()));
      await admin.end();
      await copies.stop();
    },
  };
}
export type RestoreSimulation = Awaited<ReturnType<typeof startRestoreSimulation>>;
