import 'server-only';
import type { Person } from '@/lib/access/model';
import { type AuditActor, stage } from '@/lib/audit/stage';
import { newId } from '@/lib/core/ids';
import type { Transaction } from '@/lib/db/transaction';

export type NewDrill = {
  id?: string;
  databaseId: string;
  copy: { id: string; object: string; isMonthly: boolean };
  /** Null: the schedule asks, for this moment. */
  person: Person | null;
  slotAt: Date | null;
  actor: AuditActor;
  requestId?: string | undefined;
};

/** `leaving`: the copy is not in force any more. `busy`: a drill of the database is under way. */
export type Inserted = { id: string } | 'leaving' | 'busy';

/** Writes the wanted drill with its audit entry; a copy that one waits for or works on is not deleted. */
export async function insertDrill(tx: Transaction, drill: NewDrill): Promise<Inserted> {
  const { id = newId(), databaseId, copy, person, slotAt, actor, requestId } = drill;
  // Held, so that retention cannot mark it between this look and the row that keeps it.
  const [held] = await tx.$queryRaw<{ state: string; bytes: bigint | null }[]>`
    SELECT state, bytes FROM backup_copy WHERE id = ${copy.id}::uuid FOR UPDATE`;
  if (held?.state !== 'kept') return 'leaving';
  const cause = person === null ? 'schedule' : 'button';
  const count = await tx.$executeRaw`
    INSERT INTO restore_run (id, database_id, copy_id, object, is_monthly, cause, slot_at, requested_by_id,
      requested_by_name, bytes)
    VALUES (${id}::uuid, ${databaseId}, ${copy.id}::uuid, ${copy.object}, ${copy.isMonthly}, ${cause},
      ${slotAt}::timestamptz, ${person?.id ?? null}::uuid, ${person?.name ?? null}, ${held.bytes})
    ON CONFLICT (database_id, purpose) WHERE state IN ('wanted', 'running') DO NOTHING`;
  if (count === 0) return 'busy';
  await stage(tx, {
    action: 'backup.drill_requested',
    actor,
    target: `database:${databaseId}`,
    result: 'ok',
    requestId,
    details: { drill: id, database: databaseId, object: copy.object, cause },
  });
  return { id };
}
