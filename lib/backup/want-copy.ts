import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import { newId } from '@/lib/core/ids';
import type { Transaction } from '@/lib/db/transaction';
import { objectName } from './folder';

type Asked = { database: string; change: number };

/**
 * Asks for one copy on behalf of a change, in the transaction of the caller, who holds the change. False when the change
 * has its copy already: it gets no second one, whatever a worker forgot.
 */
export async function wantCopy(
  tx: Transaction,
  actor: AuditActor,
  { database, change }: Asked,
  now: Date,
): Promise<boolean> {
  const id = newId();
  const object = objectName(database, id, now);
  const count = await tx.$executeRaw`
    INSERT INTO backup_copy (id, database_id, cause, state, object, started_at, change_number)
    VALUES (${id}::uuid, ${database}, 'change', 'wanted', ${object}, ${now}::timestamptz, ${change})
    ON CONFLICT (change_number) WHERE change_number IS NOT NULL DO NOTHING`;
  if (count === 0) return false;
  await stage(tx, { action: 'backup.asked', actor, ...entryOf({ database, change }, object) });
  return true;
}

const entryOf = ({ database, change }: Asked, object: string, sentence?: string) =>
  ({
    target: `database:${database}`,
    change,
    result: 'ok',
    details: {
      database,
      object,
      cause: 'change',
      ...(sentence === undefined ? {} : { sentence: sentence.slice(0, 500) }),
    },
  }) as const;

/** Takes back what no worker has begun. False when one has. */
export async function withdrawCopy(
  tx: Transaction,
  actor: AuditActor,
  { database, change }: Asked,
  why: string,
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ object: string }[]>`
    DELETE FROM backup_copy WHERE change_number = ${change} AND state = 'wanted' RETURNING object`;
  if (row === undefined) return false;
  await stage(tx, { action: 'backup.withdrawn', actor, ...entryOf({ database, change }, row.object, why) });
  return true;
}

/** Tells the worker that makes the copy to end it; what it has written is removed. False when it is not being made. */
export async function stopCopy(
  tx: Transaction,
  actor: AuditActor,
  { database, change }: Asked,
  why: string,
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ object: string }[]>`
    UPDATE backup_copy SET stop_reason = ${why.slice(0, 500)}
    WHERE change_number = ${change} AND state = 'running' AND stop_reason IS NULL RETURNING object`;
  if (row === undefined) return false;
  await stage(tx, { action: 'backup.stop_asked', actor, ...entryOf({ database, change }, row.object, why) });
  return true;
}
