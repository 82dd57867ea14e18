import { z } from 'zod';
import { cronProblem } from '@/lib/core/cron';
import { Duration, Slug } from './scalars';
import { Zone } from './slo-window';
import { SecretSource } from './sources';

/** Recovery objectives of BAK-05 by tier, in seconds: how long a restore may take, and how much may be lost. */
export const recoveryTiers = {
  1: { rto: 15 * 60, rpo: 60 },
  2: { rto: 60 * 60, rpo: 5 * 60 },
  3: { rto: 4 * 3_600, rpo: 3_600 },
  4: { rto: 24 * 3_600, rpo: 24 * 3_600 },
} as const;

/** Five fields of cron; a text that never comes, or that readers take differently, is refused. */
const Cron = z
  .string()
  .max(100)
  .superRefine((text, context) => {
    const problem = cronProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** When copies are made (BAK-01). Zones decide what a night is: 02:00 does not exist once a year in some. */
export const BackupSchedule = z.strictObject({
  cron: Cron.describe('As 0 2 * * * for every night at two, 0 * * * * for every hour'),
  timeZone: Zone.default('UTC'),
});

/** How many copies stay (BAK-02, change-engine.md 6.3); copies kept by a finer rule do not count for a coarser one. */
export const BackupRetention = z.strictObject({
  daily: z.int().min(1).max(366).default(7),
  weekly: z.int().min(0).max(520).default(4),
  monthly: z.int().min(0).max(240).default(12),
  timeZone: Zone.default('UTC').describe('Where a day, a week and a month begin'),
  grace: Duration.prefault('24h').describe('Between the decision to delete a copy and its end'),
});

/**
 * A CronJob whose template is the Job that runs pg_dump. It may be suspended: its own schedule is not asked for. Names
 * of CronJobs have 52 characters at most, so that Jobs can be named after them.
 */
export const JobBackup = z.strictObject({
  cluster: Slug.optional().describe(
    'That of the service in this region when absent, else the only one there',
  ),
  namespace: Slug.describe('Where Jobs may be made, and nothing else of the console is'),
  cronJob: z
    .string()
    .regex(
      /^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/,
      'must be lower-case letters, digits and dashes (at most 52)',
    ),
  startTimeout: Duration.prefault('5m').describe('A pod that does not run by then is given up'),
});
export type JobBackup = z.infer<typeof JobBackup>;

/**
 * Copies made with pg_dump, into a folder: by the worker itself, which needs no cluster, or by a Job. The account of
 * `url` reads everything; that of `scratch` may create and drop databases on a server that holds nothing of value.
 */
export const DirectBackup = z.strictObject({
  url: SecretSource.describe('A file or variable with postgresql://user:password@host:port/database'),
  scratch: SecretSource.optional().describe(
    'A server on which copies are restored to be looked at; without one none is ever proven by a restore',
  ),
  folder: z
    .string()
    .min(1)
    .describe('Where the copies lie; relative ones start at the folder of signalbox.yaml'),
  job: JobBackup.optional().describe(
    'The dump is made by a Job in the cluster; by the worker itself when absent',
  ),
  schedule: BackupSchedule.optional(),
  drill: BackupSchedule.optional().describe(
    'When a copy is restored on the scratch server to measure how long that takes; by button alone when absent',
  ),
  retention: BackupRetention.prefault({}),
  minBytes: z.int().min(1).default(1_000).describe('A copy that is smaller is none'),
  timeout: Duration.prefault('2h').describe('For one dump or one restore'),
});
export type DirectBackup = z.infer<typeof DirectBackup>;

/**
 * Puts copies back: into a new database of the same server, which then takes the name of the old one. The account owns
 * the database or is a member of its owner, may create databases (CREATEDB) and end sessions (pg_signal_backend).
 */
export const Restoring = z.strictObject({
  url: SecretSource.describe(
    'A file or variable with the URL of that account, and of a database beside the one that is restored, such as postgres; read by the worker alone',
  ),
  watch: Duration.optional().describe(
    'How long the service is watched on the restored data, and an abort switches back; timing.watch when absent',
  ),
  keep: Duration.prefault('7d').describe(
    'A database that was replaced is kept this long, under another name',
  ),
});
export type Restoring = z.infer<typeof Restoring>;

/** What holds for the copies of all databases. */
export const Backups = z.strictObject({
  tools: z
    .string()
    .min(1)
    .optional()
    .describe('A folder with pg_dump, pg_restore and pg_amcheck; the PATH and those of Debian when absent'),
  recheck: Duration.prefault('24h').describe('The newest copy of each database is read in full this often'),
  reprove: Duration.prefault('6d').describe(
    'And restored this often: what a restore or a destructive migration asks for is a proof of the last 7 days',
  ),
  lockTimeout: Duration.prefault('30s').describe('A dump waits no longer for a table that somebody locks'),
});
export type Backups = z.infer<typeof Backups>;

/** Archives of what the worker runs with and of the audit log (BAK-03), beside the copies of databases. */
export const Archives = z.strictObject({
  folder: z
    .string()
    .min(1)
    .describe('Where they lie; relative ones start at the folder of signalbox.yaml, and no copies lie there'),
  configuration: z
    .strictObject({
      cron: Cron.default('0 * * * *'),
      timeZone: Zone.default('UTC'),
      keep: Duration.prefault('90d').describe('One goes this long after another one took its place'),
    })
    .prefault({}),
  audit: z
    .strictObject({ cron: Cron.default('0 1 * * *'), timeZone: Zone.default('UTC') })
    .prefault({})
    .describe('Never deleted: each is a link of one chain, and the database keeps the log for good as well'),
});
export type Archives = z.infer<typeof Archives>;

/** Limits that the arithmetic of X-22 goes by; what is absent is not known. */
export const PoolLimits = z.strictObject({
  size: z.int().min(1).describe('Connections that each pod keeps'),
  overflow: z.int().min(0).default(0).describe('Connections that each pod opens beyond'),
  pooler: z
    .strictObject({
      maxClients: z.int().min(1).describe('max_client_conn of PgBouncer'),
      poolSize: z.int().min(1).describe('default_pool_size of PgBouncer'),
      reserve: z.int().min(0).default(0).describe('reserve_pool_size of PgBouncer'),
    })
    .optional(),
});

/** A PostgreSQL database that people look after. */
export const Database = z.strictObject({
  id: Slug,
  name: z.string().min(1).max(60),
  service: Slug.optional().describe('The service whose data it holds; absent for a database of no service'),
  environment: Slug,
  region: Slug,
  url: SecretSource.describe(
    'A file or variable with postgresql://…; the account needs pg_monitor to see the sessions of others',
  ),
  signal: SecretSource.optional().describe(
    'The same for ending sessions, read by the worker alone; the account needs pg_signal_backend and pg_read_all_stats. Without it no session is ended from here',
  ),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).describe('BAK-05'),
  rpo: Duration.optional().describe('How much may be lost; as the tier says when absent'),
  rto: Duration.optional().describe('How long a restore may take; as the tier says when absent'),
  pool: PoolLimits.optional(),
  maxReplicationLag: Duration.prefault('30s').describe('DBO-07'),
  backup: DirectBackup.optional(),
  restore: Restoring.optional().describe('Without it no copy is put back from here'),
});
export type Database = z.infer<typeof Database>;
