import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Database as DatabaseConfig, DirectBackup } from '@/lib/config/database';
import { newId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { dueCopy } from './decide-copy';
import { objectName } from './folder';
import { isMigrated } from './migration-lock';
import { copyStates } from './model';
import { countedSince, readRestores } from './restore/under-way';
import { holdSchedule } from './schedule';

export type BackedUp = DatabaseConfig & { backup: DirectBackup };

/** Who works on a copy, and for how long without a sign of life, in seconds. */
export type Holder = { workerId: string; leaseSeconds: number };

export type Begun = {
  id: string;
  database: BackedUp;
  object: string;
  startedAt: Date;
  /** The change that asked for it; null: its schedule. */
  change: number | null;
};

/** So many of the newest attempts tell which moments of a schedule are answered. */
const LOOKED_AT = 20;

/**
 * Begins the copy that the schedule of a database wants now; null: none, or another worker is at it. The row of the
 * schedule is locked while this is decided, so that one of several workers decides.
 */
export function beginDueCopy(
  db: Database,
  database: BackedUp,
  holder: Holder,
  actor: AuditActor,
): Promise<Begun | null> {
  const { schedule } = database.backup;
  if (schedule === undefined) return Promise.resolve(null);
  return transaction(async (tx) => {
    const since = await holdSchedule(tx, database.id, schedule);
    if (since === null) return null;
    // It stands still while a change restores the database, and goes on with the next moment after that.
    const restores = await readRestores(tx, database.id);
    if (restores.underWay !== null) return null;
    const now = await databaseNow(tx);
    // Moments later than now are of a clock that was ahead; however many there are, they hide none that came.
    const rows = await tx.backupCopy.findMany({
      where: {
        databaseId: database.id,
        OR: [{ slotAt: { lte: now } }, { slotAt: null, changeNumber: null }, { state: 'running' }],
      },
      orderBy: { startedAt: 'desc' },
      take: LOOKED_AT,
      select: { state: true, slotAt: true, finishedAt: true },
    });
    const attempts = rows.map((row) => ({
      ...row,
      state: copyStates.find((state) => state === row.state) ?? ('failed' as const),
    }));
    if (attempts.some(({ state }) => state === 'running')) return null;
    const due = dueCopy(schedule, countedSince(since, restores), attempts, now);
    if (due === null || (await isMigrated(tx, database))) return null;
    const id = newId();
    const object = objectName(database.id, id, now);
    await tx.$executeRaw`
      INSERT INTO backup_copy (id, database_id, cause, object, slot_at, missed_slots, lease_owner, lease_until)
      VALUES (${id}::uuid, ${database.id}, ${due.cause}, ${object}, ${due.slotAt}::timestamptz, ${due.missedSlots},
        ${holder.workerId}, app.now() + ${holder.leaseSeconds}::double precision * interval '1 s')`;
    await stage(tx, {
      action: 'backup.started',
      actor,
      target: `database:${database.id}`,
      result: 'ok',
      details: { database: database.id, object, cause: due.cause },
    });
    return { id, database, object, startedAt: now, change: null };
  }, db);
}
