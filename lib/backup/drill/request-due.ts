import 'server-only';
import { stage } from '@/lib/audit/stage';
import { newId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import { databaseNow, type Transaction, transaction } from '@/lib/db/transaction';
import { notifyAll } from '@/lib/notify/outbox';
import type { BackedUp } from '../begin-copy';
import { backedUp, type Copier } from '../make-copy';
import { countedLevel } from '../retention/model';
import { readCandidates } from './candidates';
import { chooseCopy, lacksMonthly } from './choose-copy';
import { type DrillAttempt, dueDrill } from './due-drill';
import { insertDrill } from './insert-drill';
import { drillStates } from './model';

/** So many of the newest attempts tell which moments of a schedule are answered. */
const LOOKED_AT = 20;
/** No quarter is longer. */
const quarterMs = 93 * 86_400_000;

type Schedule = NonNullable<BackedUp['backup']['drill']>;

/** Asks for the drills that schedules want now; one database's trouble keeps no other one from it. */
export async function requestDueDrills(copier: Copier): Promise<void> {
  for (const database of backedUp(copier.config)) {
    const { drill, scratch } = database.backup;
    if (copier.signal.aborted) return;
    if (drill === undefined || scratch === undefined) continue;
    try {
      await transaction((tx) => requestDue(tx, copier, database, drill), copier.db);
    } catch (error) {
      logger('worker').error({ database: database.id, err: error }, 'a drill could not be asked for');
    }
  }
}

async function requestDue(tx: Transaction, copier: Copier, database: BackedUp, schedule: Schedule) {
  const since = await holdSchedule(tx, database.id, schedule);
  const now = await databaseNow(tx);
  const slotAt = dueDrill(schedule, since, await readAttempts(tx, database.id, now), now);
  if (slotAt === null) return;
  // The choice can be repeated by whoever knows the drill.
  const id = newId();
  const candidates = await readCandidates(tx, database, countedLevel);
  const wantsMonthly = lacksMonthly(await monthlyDrills(tx, database.id, now), schedule.timeZone, now);
  const chosen = chooseCopy(candidates, { wantsMonthly, seed: id });
  const copy = candidates.find((one) => one.id === chosen?.id);
  if (copy === undefined) return failUnbegun(tx, copier, database, { id, slotAt });
  // A copy that was marked since it was read leaves this look without a drill: the next one chooses anew.
  const { actor } = copier;
  await insertDrill(tx, { id, databaseId: database.id, copy, person: null, slotAt, actor });
}

/** Since when the schedule is known, with its row locked, so that one of several workers decides. */
async function holdSchedule(tx: Transaction, databaseId: string, schedule: Schedule): Promise<Date> {
  // Another text is another schedule: it is counted from the moment at which it was first read.
  await tx.$executeRaw`
    INSERT INTO drill_schedule AS s (database_id, cron, time_zone)
    VALUES (${databaseId}, ${schedule.cron}, ${schedule.timeZone})
    ON CONFLICT (database_id) DO UPDATE SET cron = excluded.cron, time_zone = excluded.time_zone, since = app.now()
    WHERE (s.cron, s.time_zone) <> (excluded.cron, excluded.time_zone)`;
  const [known] = await tx.$queryRaw<{ since: Date }[]>`
    SELECT since FROM drill_schedule WHERE database_id = ${databaseId} FOR UPDATE`;
  return known?.since ?? databaseNow(tx);
}

async function readAttempts(tx: Transaction, databaseId: string, now: Date): Promise<DrillAttempt[]> {
  const rows = await tx.restoreRun.findMany({
    where: {
      databaseId,
      purpose: 'drill',
      // Moments later than now are of a clock that was ahead; however many there are, they hide none that came.
      OR: [{ slotAt: { lte: now } }, { state: { in: ['wanted', 'running'] } }],
    },
    orderBy: { requestedAt: 'desc' },
    take: LOOKED_AT,
    select: { state: true, slotAt: true, finishedAt: true, isFaultOfCopy: true },
  });
  return rows.map((row) => ({
    ...row,
    state: drillStates.find((state) => state === row.state) ?? ('failed' as const),
  }));
}

/** When monthly copies were rehearsed of late, whatever came of it: the copy was looked at. */
async function monthlyDrills(tx: Transaction, databaseId: string, now: Date): Promise<Date[]> {
  const rows = await tx.restoreRun.findMany({
    where: {
      databaseId,
      purpose: 'drill',
      isMonthly: true,
      finishedAt: { gte: new Date(now.getTime() - quarterMs) },
      OR: [{ state: 'done' }, { isFaultOfCopy: true }],
    },
    select: { finishedAt: true },
  });
  return rows.flatMap(({ finishedAt }) => (finishedAt === null ? [] : [finishedAt]));
}

const nothingToRestore = 'No copy stands at level 2 or above, so there was nothing to restore.';

/** A drill that cannot even be begun has failed: nobody knows that a restore works. */
async function failUnbegun(
  tx: Transaction,
  { config, actor }: Copier,
  { id: databaseId, name }: BackedUp,
  { id, slotAt }: { id: string; slotAt: Date },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO restore_run (id, database_id, cause, slot_at, state, finished_at, sentence)
    VALUES (${id}::uuid, ${databaseId}, 'schedule', ${slotAt}::timestamptz, 'failed', app.now(), ${nothingToRestore})`;
  await stage(tx, {
    action: 'backup.drill_failed',
    actor,
    target: `database:${databaseId}`,
    result: 'failed',
    reason: nothingToRestore,
    details: { drill: id, database: databaseId, cause: 'schedule', sentence: nothingToRestore },
  });
  await notifyAll(tx, config, 'backup.drill_failed', `A drill of ${name} failed. ${nothingToRestore}`);
}
