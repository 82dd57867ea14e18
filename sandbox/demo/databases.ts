import type { ClusterId, ServiceId } from '../topology';
import { clusterIds } from '../topology';
import { backupNamespace } from '../topology/backup-job';

/** Databases on the server of each region. */
export const databaseNames = ['fraiseql', 'observers', 'architect'] as const;

/** The database of each service on the PostgreSQL of its region, its recovery tier, and the pool of its pods. */
const table: readonly {
  service: ServiceId;
  database: (typeof databaseNames)[number];
  name: string;
  tier: number;
  pool?: object;
}[] = [
  {
    service: 'fraiseql-api',
    database: 'fraiseql',
    name: 'FraiseQL',
    tier: 1,
    pool: { size: 20, overflow: 10, pooler: { maxClients: 200, poolSize: 25, reserve: 5 } },
  },
  // Nobody wrote down the pool of the observers: what is absent is not known.
  { service: 'fraiseql-observers', database: 'observers', name: 'Observers', tier: 2 },
  {
    service: 'architect-api',
    database: 'architect',
    name: 'Architect',
    tier: 1,
    pool: { size: 10, overflow: 5, pooler: { maxClients: 200, poolSize: 25, reserve: 5 } },
  },
];

/** The databases that count their queries; the others show what is said where nobody does. */
export const countedDatabases = ['fraiseql', 'architect'] as const;

/** Of a service of production in one region: `architect-api-us-east-1`. */
export type DemoDatabase = { id: string; region: ClusterId; database: string };

export const demoDatabases: readonly DemoDatabase[] = clusterIds.flatMap((region) =>
  table.map(({ service, database }) => ({ id: `${service}-${region}`, region, database })),
);

type Schedule = { cron: string; timeZone: string };

/**
 * Copies are made of the databases of one region, each at a pace of its own: what a schedule can promise against the
 * recovery objective of its tier is to be seen.
 */
export const copiedDatabases: readonly {
  id: string;
  schedule: Schedule;
  drill?: Schedule;
  /** The CronJob in the cluster of its region whose Jobs make its copies. */
  cronJob?: string;
}[] = [
  {
    id: 'architect-api-us-east-1',
    schedule: { cron: '*/15 * * * *', timeZone: 'UTC' },
    // Once a week is usual; here one is to be seen while somebody looks.
    drill: { cron: '20,50 * * * *', timeZone: 'UTC' },
  },
  { id: 'fraiseql-api-us-east-1', schedule: { cron: '5 * * * *', timeZone: 'UTC' } },
  {
    id: 'fraiseql-observers-us-east-1',
    schedule: { cron: '30 2 * * *', timeZone: 'America/New_York' },
    cronJob: 'observers-backup',
  },
];

/** Where the parts of copies lie; secrets are files. */
export type DemoCopies = {
  tools: string;
  scratch: string;
  urlFile: (id: string) => string;
  /** Of the account that puts copies back. */
  restoreFile: (id: string) => string;
  folder: (id: string) => string;
  /** False where no cluster makes Jobs: the worker then makes all copies itself. */
  byJobs?: boolean;
};

const copyOf = (id: string, copies: DemoCopies | undefined): object => {
  const copied = copiedDatabases.find((known) => known.id === id);
  if (copies === undefined || copied === undefined) return {};
  const backup = {
    url: { file: copies.urlFile(id) },
    scratch: { file: copies.scratch },
    folder: copies.folder(id),
    schedule: copied.schedule,
    ...(copied.drill === undefined ? {} : { drill: copied.drill }),
    ...(copied.cronJob === undefined || copies.byJobs !== true
      ? {}
      : { job: { namespace: backupNamespace, cronJob: copied.cronJob, startTimeout: '1m' } }),
    timeout: '10m',
  };
  // Short enough to see a database go that a restore replaced.
  return { backup, restore: { url: { file: copies.restoreFile(id) }, watch: '3m', keep: '1h' } };
};

/** Where the URL of a database lies, of the account that reads or of the one that ends sessions. */
export type UrlFile = (database: string, account?: 'database' | 'signal') => string;

/** The `databases` part of signalbox.yaml; the URL of each is in a file of its own. */
export const databasesConfig = (urlFile: UrlFile, copies?: DemoCopies): object[] =>
  clusterIds.flatMap((region) =>
    table.map(({ service, name, tier, pool }) => ({
      id: `${service}-${region}`,
      name: `${name}, ${region}`,
      service,
      environment: 'production',
      region,
      url: { file: urlFile(`${service}-${region}`) },
      signal: { file: urlFile(`${service}-${region}`, 'signal') },
      tier,
      ...(pool === undefined ? {} : { pool }),
      ...copyOf(`${service}-${region}`, copies),
    })),
  );
