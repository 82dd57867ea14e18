import 'server-only';
import { dataCan } from '@/lib/change/data/plan/find-database';
import { type Database as DatabaseConfig, recoveryTiers } from '@/lib/config/database';
import { jobPlaceOf, jobPlaceText } from '@/lib/config/job-place';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database as sharedDatabase } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { checkOfRow } from './check-row';
import type { BackupDatabase, Backups, CopyDetail, CopyView } from './contract';
import { copyColumns, copyView } from './copy-view';
import { lostCopies } from './drill/candidates';
import { daysOf, missedRuns, shownDays } from './missed';
import { goodLevel, isUnderWay } from './model';
import { pauseOf } from './pause';
import { recoveryPointOf } from './recovery-point';
import { countedSince, readRestores, standsStill } from './restore/under-way';
import { readSetAside } from './restore/view';
import { scheduleView } from './schedule-view';
import { latestChecksOf } from './store';

/** Enough for every quarter of an hour of the days that are shown. */
const LOOKED_AT = 4000;
const SHOWN = 60;
/** The longest run of so many copies is what a run may take. */
const RUNS = 7;

/** Databases of the configuration, or of one environment of it, and how their copies stand. */
export async function backupsView(
  config: Config,
  environment?: string,
  db: Database = sharedDatabase(),
): Promise<Backups> {
  const now = await databaseNow(db);
  const asked = config.databases.filter(
    (known) => environment === undefined || known.environment === environment,
  );
  return { databases: await Promise.all(asked.map((known) => databaseView(config, known, db, now))) };
}

async function readCopies(db: Database, id: string, now: Date): Promise<CopyView[]> {
  const rows = await db.backupCopy.findMany({
    where: {
      databaseId: id,
      OR: [
        { startedAt: { gte: new Date(now.getTime() - (shownDays + 1) * 86_400_000) } },
        { state: { in: ['kept', 'tombstoned', 'running', 'wanted'] } },
      ],
    },
    orderBy: { startedAt: 'desc' },
    take: LOOKED_AT,
    select: copyColumns,
  });
  const latest = await latestChecksOf(
    db,
    shownOf(rows).map((row) => row.id),
  );
  return rows.map((row) => copyView(row, latest.get(row.id) ?? []));
}

/** What was seen of a copy is told of those that are shown; the others are counted. */
const shownOf = <Row extends { state: string }>(rows: readonly Row[]): Row[] =>
  rows.filter(({ state }) => state !== 'deleted').slice(0, SHOWN);

async function databaseView(
  config: Config,
  known: DatabaseConfig,
  db: Database,
  now: Date,
): Promise<BackupDatabase> {
  const place = jobPlaceOf(config, known);
  const schedule = known.backup?.schedule ?? null;
  const [copies, lostIds, started, restores, setAside] = await Promise.all([
    readCopies(db, known.id, now),
    lostCopies(db, known.id),
    db.backupSchedule.findUnique({ where: { databaseId: known.id } }),
    readRestores(db, known.id),
    readSetAside(db, known.id, now),
  ]);
  const lost = new Set(lostIds);
  const isSame = started?.cron === schedule?.cron && started?.timeZone === schedule?.timeZone;
  const since = isSame ? (started?.since ?? now) : now;
  const isCounted = schedule !== null && restores.underWay === null;
  const missed = isCounted
    ? missedRuns(schedule, { since: countedSince(since, restores), copies, now })
    : null;
  const good = copies.filter(({ id, level }) => (level ?? -1) >= goodLevel && !lost.has(id));
  const lastGood = good.find(({ state }) => state === 'kept') ?? null;
  const finished = copies.filter(({ state }) => state !== 'failed' && !isUnderWay(state));
  const runs = finished
    .slice(0, RUNS)
    .map(({ startedAt, finishedAt }) => (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000);
  return {
    id: known.id,
    name: known.name,
    service: known.service ?? null,
    environment: known.environment,
    region: known.region,
    tier: known.tier,
    isBackedUp: known.backup !== undefined,
    job: place === null ? null : jobPlaceText(place),
    hasScratch: known.backup?.scratch !== undefined,
    restoreRefusal: dataCan.restore(known)?.why ?? null,
    schedule: schedule === null ? null : scheduleView(schedule, now),
    recoveryPoint: recoveryPointOf({
      newestMs: lastGood === null ? null : Date.parse(lastGood.snapshotAt ?? lastGood.startedAt),
      good: good
        .map(({ snapshotAt, finishedAt, startedAt }) => ({
          snapshotMs: Date.parse(snapshotAt ?? startedAt),
          finishedMs: Date.parse(finishedAt ?? startedAt),
        }))
        .reverse(),
      nowMs: now.getTime(),
      sinceMs: since.getTime(),
      objective: {
        seconds: known.rpo ?? recoveryTiers[known.tier].rpo,
        isOfTier: known.rpo === undefined,
      },
      pause: schedule === null ? null : pauseOf(schedule, now),
      runs,
    }),
    lastGood,
    lastRun: copies.find(({ state }) => !isUnderWay(state)) ?? null,
    running:
      copies.find(({ state }) => state === 'running') ??
      copies.find(({ state }) => isUnderWay(state)) ??
      null,
    missed,
    standstill: restores.underWay === null ? null : standsStill(known.name, restores.underWay),
    setAside,
    days: daysOf(schedule?.timeZone ?? 'UTC', { copies, missed, now }),
    copies: shownOf(copies),
  };
}

/** One copy with all looks at it and its log. Throws OpsError `not-found`. */
export async function copyDetail(
  config: Config,
  id: string,
  db: Database = sharedDatabase(),
): Promise<CopyDetail> {
  const row = await db.backupCopy.findUnique({
    where: { id },
    select: { ...copyColumns, log: true, checks: { orderBy: { id: 'desc' }, take: 200 } },
  });
  if (row === null) {
    throw new OpsError('not-found', 'There is no such copy.', { next: 'Look at the list of copies.' });
  }
  const { log, checks, ...copy } = row;
  const latest = await latestChecksOf(db, [id]);
  const name = config.databases.find((known) => known.id === copy.databaseId)?.name ?? copy.databaseId;
  return {
    ...copyView(copy, latest.get(id) ?? []),
    databaseName: name,
    log,
    checks: checks.map(checkOfRow),
  };
}
