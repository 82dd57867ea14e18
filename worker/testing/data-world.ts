import { Client } from 'pg';
import { z } from 'zod';
import { type BackupWorld, backupWorld, password } from '@/lib/backup/testing/world';
import type { Point } from '@/lib/change/execute/execution';
import { Config } from '@/lib/config/schema';
import { clientImage, seedBackupJob } from '@/sandbox/topology/backup-job';
import { JobProcesses } from '@/sandbox/workload/job-processes';
import type { Job } from '../job';
import { answerPlans } from '../jobs/answer-plans';
import { checkCopies, makeCopies } from '../jobs/copy-databases';
import { loadRestores } from '../jobs/restore-databases';
import { type RunningWorker, startWorker } from '../worker';
import { quick, testWorld, until, type World } from './world';

const Parts = z.object({
  backups: z.unknown(),
  databases: z.tuple([z.looseObject({ backup: z.unknown() })]),
});

/** Which accounts and tools the database of the service has; `backup` replaces parts of how copies are made. */
type Given = {
  backup?: object;
  tools?: string;
  signal?: 'ender' | 'nobody' | null;
  restore?: 'superuser' | 'restorer' | null;
};

export const DATABASE = 'shop';
/** Whose Jobs make copies of it, where `backup.job` says so. */
export const CRON_JOB = 'shop-backup';

/** One service in a cluster whose database lies on a PostgreSQL 15 of its own, with accounts that copy and that end sessions. */
export async function dataWorld() {
  const copies: BackupWorld = await backupWorld();
  const job = { name: CRON_JOB, folder: copies.folder, url: copies.source.toString() };
  const world = await testWorld({
    ...quick,
    over: (pods, { store, setLogReader }) => {
      const lines: string[] = [];
      setLogReader({ read: () => lines.map((text) => ({ atMs: 0, text })) });
      seedBackupJob(store, job);
      const onLine = (_: unknown, line: string) => lines.push(line);
      return new JobProcesses({ image: clientImage, tools: copies.tools, store, onLine }).over(pods);
    },
    timing: { ...quick.timing, maxHold: '30s' },
    database: { url: copies.database.url, drop: async () => {} },
  });
  await copies.admin.query(`
    GRANT pg_monitor TO copier;
    CREATE ROLE app LOGIN PASSWORD '${password}';
    CREATE ROLE ender LOGIN PASSWORD '${password}' IN ROLE pg_signal_backend, pg_read_all_stats;
    CREATE ROLE nobody LOGIN PASSWORD '${password}' IN ROLE pg_read_all_stats`);
  const urlOf = (user: string): string => {
    const url = new URL(copies.source);
    url.username = user;
    return url.toString();
  };
  /** Of an account that is in no database that is renamed. */
  const restoreUrl = (user: 'superuser' | 'restorer'): string => {
    if (user === 'superuser') return copies.server.urlOf('postgres');
    const url = new URL(urlOf('restorer'));
    url.pathname = '/postgres';
    return url.toString();
  };
  const inputOf = ({ backup = {}, tools, signal = 'ender', restore = null }: Given = {}): object => {
    const parts = Parts.parse(
      copies.input({ schedule: undefined, ...backup }, tools === undefined ? {} : { tools }),
    );
    const [database] = parts.databases;
    return {
      ...world.configInput,
      backups: parts.backups,
      databases: [
        {
          ...database,
          service: 'fraiseql-api',
          ...(signal === null ? {} : { signal: copies.secret(`${signal}.url`, urlOf(signal)) }),
          ...(restore === null
            ? {}
            : { restore: { url: copies.secret('restore.url', restoreUrl(restore)) } }),
        },
      ],
    };
  };
  const configOf = (given?: Given): Config => Config.parse(inputOf(given));
  const workers: RunningWorker[] = [];
  const clients: Client[] = [];
  return {
    copies,
    configOf,
    /** As signalbox.yaml has it. */
    inputOf,
    /** The world of changes under a configuration. */
    under: (config: Config = configOf()): World => ({ ...world, config }),
    start: async (
      config: Config,
      {
        reached,
        makes = true,
        id,
      }: { reached?: (point: Point) => Promise<void>; makes?: boolean; id?: string } = {},
    ): Promise<RunningWorker> => {
      const jobs: readonly Job[] = makes
        ? [answerPlans, makeCopies, checkCopies, loadRestores]
        : [answerPlans];
      const worker = await startWorker({
        config,
        connectionString: world.url,
        jobs,
        ...(reached === undefined ? {} : { reached }),
        ...(id === undefined ? {} : { workerId: id }),
      });
      workers.push(worker);
      return worker;
    },
    /** A session of the account `app`, as a client holds it. */
    session: async (application = 'shop-api') => {
      const client = new Client({ connectionString: urlOf('app'), application_name: application });
      let isEnded = false;
      client.on('error', () => {
        isEnded = true;
      });
      client.on('end', () => {
        isEnded = true;
      });
      await client.connect();
      clients.push(client);
      const { rows } = await copies.admin.query<{ pid: number; at: string }>(
        `SELECT pid, to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
           FROM pg_stat_activity WHERE pid = $1`,
        [(await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('The session is not there.');
      return { client, pid: row.pid, startedAt: row.at, isEnded: () => isEnded };
    },
    isThere: async (pid: number): Promise<boolean> =>
      (await copies.admin.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount === 1,
    /** Drains one; it is not stopped again at the end of the test. */
    drain: async (worker: RunningWorker): Promise<void> => {
      workers.splice(workers.indexOf(worker), 1);
      await worker.stop();
    },
    stopWorkers: async (): Promise<void> => {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    },
    /** Nothing of the test before is left. */
    clean: async (): Promise<void> => {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
      await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
      await world.db.change.updateMany({
        where: { finishedAt: null },
        data: { state: 'Cancelled', finishedAt: new Date(), leaseOwner: null, leaseUntil: null },
      });
      await world.db.lock.deleteMany();
      await world.db.killSwitch.deleteMany();
      await copies.clean();
    },
    stop: async (): Promise<void> => {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
      await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
      await world.stop();
      await copies.stop();
    },
  };
}
export type DataWorld = Awaited<ReturnType<typeof dataWorld>>;

/** Throws the first time a point is reached, as a process that dies there would never come back. */
export function dieAt(wanted: Point): (point: Point) => Promise<void> {
  let isDead = false;
  return async (point) => {
    if (point !== wanted || isDead) return;
    isDead = true;
    throw new Error(`Stopped at ${wanted}.`);
  };
}

/** The run of a change broke off, and another may take it at once. */
export async function brokeOff({ db }: World, number: number): Promise<void> {
  await until('the run broke off', async () => {
    const { leaseOwner, epoch } = await db.change.findUniqueOrThrow({ where: { number } });
    return leaseOwner === null && epoch > 0;
  });
  await db.change.updateMany({ where: { number }, data: { dueAt: new Date(0) } });
}
