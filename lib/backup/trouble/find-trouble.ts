import 'server-only';
import { archiveKinds, archiveSubject } from '@/lib/archive/model';
import { latestLooks } from '@/lib/archive/store';
import type { Config } from '@/lib/config/schema';
import type { CronSchedule } from '@/lib/core/cron';
import { databaseNow, type Transaction } from '@/lib/db/transaction';
import type { BackedUp } from '../begin-copy';
import { backedUp } from '../make-copy';
import { missedRuns } from '../missed';
import { countedSince, type Restores, readRestores } from '../restore/under-way';
import { latestChecksOf, spoiltCopies } from '../store';
import { spoilt, type Trouble } from './model';

/** Newest runs that are looked at; the newest good one is always among them. */
const LOOKED_AT = 20;

type Run = { state: string; slotAt: Date | null; startedAt: Date; error: string | null };
type Series = {
  subject: string;
  schedule: CronSchedule | undefined;
  runs: readonly Run[];
  now: Date;
  restores?: Restores;
};

/** Everything that is wrong now with copies and archives of the configuration; databases and archives by name. */
export async function findTroubles(tx: Transaction, config: Config): Promise<Trouble[]> {
  const now = await databaseNow(tx);
  const found: Trouble[] = [];
  for (const database of backedUp(config)) found.push(...(await troublesOfCopies(tx, database, now)));
  if (config.archives !== undefined) found.push(...(await troublesOfArchives(tx, config, now)));
  return found;
}

/** The last run failed, or runs have none at all: one of both is told. */
async function runTroubles(
  tx: Transaction,
  { subject, schedule, runs, now, restores }: Series,
): Promise<Trouble[]> {
  const last = runs.find(({ state }) => state !== 'running');
  if (last?.state === 'failed')
    return [{ subject, trouble: 'failed', sentence: last.error ?? 'It does not say why.' }];
  const [, id = subject] = /^database:(.*)$/.exec(subject) ?? [];
  const known = await tx.backupSchedule.findUnique({ where: { databaseId: id } });
  const isSame = known?.cron === schedule?.cron && known?.timeZone === schedule?.timeZone;
  if (schedule === undefined || known === null || !isSame) return [];
  const copies = runs.map(({ slotAt, startedAt, ...run }) => ({
    ...run,
    slotAt: slotAt?.toISOString() ?? null,
    startedAt: startedAt.toISOString(),
  }));
  // While a change restores the database, its schedule stands still.
  if (restores !== undefined && restores.underWay !== null) return [];
  const since = restores === undefined ? known.since : countedSince(known.since, restores);
  const missed = missedRuns(schedule, { since, copies, now });
  return missed === null ? [] : [{ subject, trouble: 'missed', sentence: missed.sentence }];
}

const columns = { state: true, slotAt: true, startedAt: true, error: true } as const;
const newestFirst = { startedAt: 'desc' } as const;

async function troublesOfCopies(
  tx: Transaction,
  { id, backup: { schedule } }: BackedUp,
  now: Date,
): Promise<Trouble[]> {
  const subject = `database:${id}`;
  // What waits for a worker has no end yet, and what a person stopped is no failure.
  const runs = await tx.backupCopy.findMany({
    where: { databaseId: id, state: { not: 'wanted' }, stopReason: null },
    orderBy: newestFirst,
    take: LOOKED_AT,
    select: columns,
  });
  const good = await tx.backupCopy.findFirst({
    where: { databaseId: id, state: { notIn: ['failed', 'running', 'wanted'] } },
    orderBy: newestFirst,
    select: columns,
  });
  const rows = await tx.backupCopy.findMany({
    where: { id: { in: await spoiltCopies(tx, id) }, state: { in: ['kept', 'tombstoned'] } },
    select: { id: true, object: true },
  });
  const latest = await latestChecksOf(
    tx,
    rows.map((row) => row.id),
  );
  return [
    ...(await runTroubles(tx, {
      subject,
      schedule,
      runs: [...runs, ...(good ? [good] : [])],
      now,
      restores: await readRestores(tx, id),
    })),
    ...rows.map((row) => ({
      subject,
      trouble: spoilt(row.object),
      sentence: latest.get(row.id)?.find(({ result }) => result === 'failed')?.sentence ?? 'A look failed.',
    })),
  ];
}

async function troublesOfArchives(tx: Transaction, { archives }: Config, now: Date): Promise<Trouble[]> {
  if (archives === undefined) return [];
  const found: Trouble[] = [];
  for (const kind of archiveKinds) {
    const subject = archiveSubject(kind);
    const { cron, timeZone } = archives[kind];
    const runs = await tx.archive.findMany({
      where: { kind },
      orderBy: newestFirst,
      take: LOOKED_AT,
      select: columns,
    });
    const good = await tx.archive.findFirst({
      where: { kind, state: { notIn: ['failed', 'running'] } },
      orderBy: newestFirst,
      select: columns,
    });
    const kept = await tx.$queryRaw<{ id: string; object: string }[]>`
      SELECT a.id, a.object FROM archive a WHERE a.kind = ${kind} AND a.folder = ${archives.folder} AND a.state = 'kept'
        AND EXISTS (SELECT FROM archive_check k WHERE k.archive_id = a.id AND k.result = 'failed' AND NOT EXISTS (
          SELECT FROM archive_check l WHERE l.archive_id = k.archive_id AND l.level = k.level AND l.id > k.id))`;
    const latest = await latestLooks(
      tx,
      kept.map(({ id }) => id),
    );
    found.push(
      ...(await runTroubles(tx, {
        subject,
        schedule: { cron, timeZone },
        runs: [...runs, ...(good ? [good] : [])],
        now,
      })),
      ...kept.map(({ id, object }) => ({
        subject,
        trouble: spoilt(object),
        sentence: latest.get(id)?.find(({ result }) => result === 'failed')?.sentence ?? 'A look failed.',
      })),
    );
  }
  return found;
}
