import 'server-only';
import { isClosedBy, readRestores } from '@/lib/backup/restore/under-way';
import { dataCan } from '@/lib/change/data/plan/find-database';
import type { Database as Configured } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { mapReading, missing, type Reading, readingValue } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { type Database, database } from '@/lib/db/client';
import { clustersSettled, readPlacement } from '@/lib/service/clusters';
import { type Located, locate } from '@/lib/service/placements';
import { serviceSlisView } from '@/lib/service/sli/view';
import { letsNobodyIn } from '@/lib/sources/postgresql/postgres-error';
import type { DatabaseView, GrowthView, PoolView, ServiceDatabase } from './contract';
import {
  connectionsView,
  serverView,
  sessionsView,
  settingsView,
  sizeView,
  statementsView,
} from './describe';
import { failoverView } from './failover';
import { growthOver, thinned } from './growth';
import { judge } from './judge';
import { replicationView } from './lag';
import { poolLines } from './pool';
import { podsWithPools } from './pool-pods';
import { databaseReadings } from './read';
import { readSamples } from './store';

export type DatabaseAsk = {
  service: string;
  environment?: string | undefined;
  region?: string | undefined;
};

const spans = [1, 7, 30] as const;
const mostPoints = 120;

/** The database of a service in one region, as its tab shows it. Throws OpsError `not-found`. */
export async function serviceDatabaseView(
  config: Config,
  ask: DatabaseAsk,
  db: Database = database(),
): Promise<ServiceDatabase> {
  const place = locate(config, ask);
  const where = {
    service: place.service.id,
    environment: place.environment,
    region: place.placement.region,
  };
  const found = config.databases.find(
    ({ service, environment, region }) =>
      service === where.service && environment === where.environment && region === where.region,
  );
  return {
    ...where,
    database: found === undefined ? null : await databaseView(config, db, place, found),
  };
}

async function databaseView(
  config: Config,
  db: Database,
  place: Located,
  configured: Configured,
): Promise<DatabaseView> {
  const [readings, pool, growth, restores] = await Promise.all([
    databaseReadings(configured),
    poolView(config, place, configured),
    growthView(db, configured.id),
    readRestores(db, configured.id),
  ]);
  const today = now();
  const server = mapReading(readings.server, (value) => serverView(value, today));
  const sessions = mapReading(readings.sessions, sessionsView);
  const connections = mapReading(readings.connections, ({ limits, counts }) =>
    connectionsView(limits, counts),
  );
  const replication = mapReading(readings.replication, (value) =>
    replicationView(value, configured.maxReplicationLag),
  );
  const limits = readingValue(readings.connections)?.limits;
  const lines = poolLines({
    ...pool,
    pods: readingValue(pool.pods),
    usable: limits === undefined ? null : limits.max - limits.reserved,
  });
  return {
    id: configured.id,
    name: configured.name,
    tier: configured.tier,
    refusals: {
      backup: dataCan.backup(configured)?.why ?? null,
      endSession: dataCan['end-session'](configured)?.why ?? null,
      restore: dataCan.restore(configured)?.why ?? null,
    },
    judgement: judge({
      ...{ server, sessions, connections, replication, pool: lines },
      closedBy: closedBy(configured.name, server, restores.underWay),
    }),
    server,
    sessions,
    connections,
    pool,
    statements: statementsReading(readings.statements, readings.server),
    replication,
    size: mapReading(readings.size, sizeView),
    growth,
    settings: mapReading(readings.settings, settingsView),
    failover: failoverView(server, replication),
  };
}

/** Told only where the database itself says that it lets nobody in: a change that watches has opened it again. */
function closedBy(name: string, server: Reading<unknown>, change: number | null): string | null {
  if (change === null || server.state === 'fresh') return null;
  return server.detail?.includes(letsNobodyIn) === true ? isClosedBy(name, change) : null;
}

function statementsReading(
  statements: Awaited<ReturnType<typeof databaseReadings>>['statements'],
  server: Awaited<ReturnType<typeof databaseReadings>>['server'],
): DatabaseView['statements'] {
  const known = readingValue(server);
  if (known === null) return statements.state === 'missing' ? statements : missing('too-late');
  return mapReading(statements, (value) => statementsView(value, known));
}

/** Pods from the cluster, limits from the configuration, and what the service itself says of its pool. */
async function poolView(config: Config, place: Located, { pool }: Configured): Promise<PoolView> {
  await clustersSettled(config, 2000);
  const where = {
    service: place.service.id,
    environment: place.environment,
    region: place.placement.region,
  };
  const row = (await serviceSlisView(config, where)).rows.find(({ id }) => id === 'connections');
  return {
    pods: podsWithPools(place.placement, readPlacement(config, place.placement)),
    size: pool?.size ?? null,
    overflow: pool?.overflow ?? 0,
    pooler: pool?.pooler ?? null,
    measured: {
      share: row?.value ?? missing('not-configured'),
      absence: row?.absence ?? null,
    },
  };
}

async function growthView(db: Database, id: string): Promise<GrowthView> {
  const samples = await readSamples(db, id, spans[spans.length - 1] ?? 30);
  return {
    samples: thinned(samples, mostPoints).map(([at, bytes]) => [at, bytes]),
    spans: spans.map((days) => {
      const growth = growthOver(samples, days);
      return {
        days,
        growth:
          growth === null
            ? null
            : { seconds: growth.seconds, bytes: growth.bytes, bytesPerDay: growth.bytesPerDay },
      };
    }),
  };
}
