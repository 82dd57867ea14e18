import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';
import type { BackedUp, Begun, Holder } from './begin-copy';
import { objectName } from './folder';
import { isBeingRestored } from './restore/under-way';

type Wanted = { id: string; database_id: string; change_number: number };

/**
 * Begins the oldest copy that a change asked for, while that change still wants it: running, neither aborted nor paused,
 * under no switch, no other copy of the database under way, and no other change that restores it. Null: none, or another
 * worker is at it.
 */
export async function takeWantedCopy(
  db: Database,
  databases: readonly BackedUp[],
  holder: Holder,
  actor: AuditActor,
): Promise<Begun | null> {
  try {
    return await transaction(async (tx) => {
      const [row] = await tx.$queryRaw<Wanted[]>`
        SELECT w.id, w.database_id, w.change_number FROM backup_copy w JOIN change c ON c.number = w.change_number
        WHERE w.state = 'wanted' AND w.database_id = ANY(${databases.map(({ id }) => id)})
          AND c.state = 'Running' AND NOT c.backing_out
          AND NOT EXISTS (SELECT FROM command o WHERE o.change_number = c.number AND o.applied_at IS NULL
            AND o.kind IN ('abort', 'pause'))
          AND NOT EXISTS (SELECT FROM kill_switch k WHERE k.released_at IS NULL
            AND (k.scope = 'everywhere' OR k.target = CASE k.scope WHEN 'cluster' THEN c.cluster ELSE c.service END))
          AND NOT EXISTS (SELECT FROM backup_copy r WHERE r.database_id = w.database_id AND r.state = 'running')
          AND NOT ${isBeingRestored(Prisma.sql`w.database_id`, Prisma.sql`w.change_number`)}
        ORDER BY w.started_at FOR UPDATE OF w SKIP LOCKED LIMIT 1`;
      const database = databases.find(({ id }) => id === row?.database_id);
      if (row === undefined || database === undefined) return null;
      // Whoever begins a copy of the schedule holds this row, so that one of the two is first.
      await tx.$queryRaw`SELECT 1 FROM backup_schedule WHERE database_id = ${database.id} FOR UPDATE`;
      if ((await tx.backupCopy.count({ where: { databaseId: database.id, state: 'running' } })) > 0)
        return null;
      const now = await databaseNow(tx);
      const object = objectName(database.id, row.id, now);
      await tx.backupCopy.update({
        where: { id: row.id },
        data: {
          state: 'running',
          object,
          startedAt: now,
          leaseOwner: holder.workerId,
          leaseUntil: new Date(now.getTime() + holder.leaseSeconds * 1000),
        },
      });
      await stage(tx, {
        action: 'backup.started',
        actor,
        target: `database:${database.id}`,
        change: row.change_number,
        result: 'ok',
        details: { database: database.id, object, cause: 'change' },
      });
      return { id: row.id, database, object, startedAt: now, change: row.change_number };
    }, db);
  } catch (error) {
    // The schedule has begun one in this moment: its turn comes after that.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return null;
    throw error;
  }
}

/** A worker that drains leaves the copy of a change to the next one. False when it is not its own any more. */
export function giveBackCopy(
  db: Database,
  actor: AuditActor,
  copy: { id: string; databaseId: string; object: string; workerId: string; change: number },
): Promise<boolean> {
  return transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE backup_copy SET state = 'wanted', lease_owner = NULL, lease_until = NULL
      WHERE id = ${copy.id}::uuid AND state = 'running' AND lease_owner = ${copy.workerId} AND stop_reason IS NULL`;
    if (count === 0) return false;
    await stage(tx, {
      action: 'backup.given_back',
      actor,
      target: `database:${copy.databaseId}`,
      change: copy.change,
      result: 'ok',
      details: { database: copy.databaseId, object: copy.object, cause: 'change' },
    });
    return true;
  }, db);
}
