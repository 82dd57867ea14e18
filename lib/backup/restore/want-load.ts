import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import { newId } from '@/lib/core/ids';
import type { Transaction } from '@/lib/db/transaction';

type OfChange = { database: string; change: number };

export type WantedLoad = OfChange & {
  copyId: string;
  /** The empty database that it is loaded into, as its server names it and by its OID: nothing else is written to. */
  into: { name: string; oid: number };
};

type Entry = { id: string; object: string | null; into: string };

/**
 * Asks for one load on behalf of a change, in the transaction of the caller, who holds the change. A copy that is not
 * kept any more cannot be loaded: then the row says at once that the load failed, and `readLoad` tells why. False when
 * nothing was written: the change has its load already, or an earlier one of the database has not ended yet.
 */
export async function wantLoad(
  tx: Transaction,
  actor: AuditActor,
  { database, change, copyId, into }: WantedLoad,
  now: Date,
): Promise<boolean> {
  // Held, so that retention cannot mark it between this look and the row that keeps it.
  const [copy] = await tx.$queryRaw<{ state: string; object: string; bytes: bigint | null }[]>`
    SELECT state, object, bytes FROM backup_copy
    WHERE id = ${copyId}::uuid AND database_id = ${database} FOR UPDATE`;
  const gone = copy?.state === 'kept' ? null : goneSentence(copy?.state);
  const id = newId();
  const count = await tx.$executeRaw`
    INSERT INTO restore_run (id, database_id, copy_id, object, purpose, cause, change_number, database_name,
      database_oid, bytes, requested_at, state, sentence, finished_at)
    VALUES (${id}::uuid, ${database}, ${copyId}::uuid, ${copy?.object ?? null}, 'restore', 'change', ${change},
      ${into.name}, ${into.oid}, ${copy?.bytes ?? null}, ${now}::timestamptz, ${gone === null ? 'wanted' : 'failed'},
      ${gone}, ${gone === null ? null : now}::timestamptz)
    ON CONFLICT DO NOTHING`;
  if (count === 0) return false;
  const entry = { id, object: copy?.object ?? null, into: into.name };
  await stage(tx, {
    action: 'backup.load_asked',
    actor,
    result: 'ok',
    ...entryOf({ database, change }, entry),
  });
  if (gone !== null) {
    const failed = entryOf({ database, change }, entry, gone);
    await stage(tx, { action: 'backup.load_failed', actor, result: 'failed', reason: gone, ...failed });
  }
  return true;
}

const goneSentence = (state: string | undefined): string =>
  state === undefined
    ? 'There is no such copy of the database.'
    : `The copy is not kept any more (${state === 'tombstoned' ? 'marked for deletion' : state}).`;

/**
 * A load that a change does not want any more: one that nobody has begun is cancelled at once, one that runs is told to
 * stop, and its row says `cancelled` when its tool has ended. False when there is none, or it is told already.
 */
export async function stopLoad(
  tx: Transaction,
  actor: AuditActor,
  { database, change }: OfChange,
  why: string,
): Promise<boolean> {
  const reason = why.slice(0, 500);
  const [row] = await tx.$queryRaw<(Entry & { state: string })[]>`
    UPDATE restore_run SET stop_reason = ${reason},
      state = CASE state WHEN 'wanted' THEN 'cancelled' ELSE state END,
      sentence = CASE state WHEN 'wanted' THEN ${reason} ELSE sentence END,
      finished_at = CASE state WHEN 'wanted' THEN app.now() ELSE finished_at END
    WHERE change_number = ${change} AND purpose = 'restore' AND state IN ('wanted', 'running') AND stop_reason IS NULL
    RETURNING id, object, database_name AS into, state`;
  if (row === undefined) return false;
  // Of one that runs the worker that carries it out writes the entry, once it has stopped.
  if (row.state === 'cancelled') {
    const stopped = entryOf({ database, change }, row, reason);
    await stage(tx, { action: 'backup.load_stopped', actor, result: 'refused', reason, ...stopped });
  }
  return true;
}

const entryOf = ({ database, change }: OfChange, { id, object, into }: Entry, sentence?: string) => ({
  target: `database:${database}`,
  change,
  details: {
    load: id,
    database,
    into,
    ...(object === null ? {} : { object }),
    ...(sentence === undefined ? {} : { sentence }),
  },
});
