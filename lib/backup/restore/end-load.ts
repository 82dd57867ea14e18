import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import type { CheckToKeep } from '../check';
import type { Evidence } from '../contract';
import type { TimeOf } from '../restore-parts';
import { settleLevel } from '../settle-level';
import type { LoadPhase } from './model';

export type EndedLoad = {
  id: string;
  /** Null takes one whose lease is over, or that nobody has begun. */
  workerId: string | null;
  state: 'done' | 'failed' | 'cancelled';
  /** Where it ended; null when it is loaded, or was never begun. */
  phase: LoadPhase | null;
  /** Absent: as they stand in the row. */
  phases?: readonly TimeOf<LoadPhase>[];
  sentence: string;
  isFaultOfCopy: boolean;
  evidence: readonly Evidence[];
  /** What the load says of the stored copy, for its ladder. */
  check: CheckToKeep | null;
};

const actions = {
  done: ['backup.load_done', 'ok'],
  failed: ['backup.load_failed', 'failed'],
  cancelled: ['backup.load_stopped', 'refused'],
} as const;

type Row = {
  databaseId: string;
  copyId: string;
  object: string | null;
  into: string;
  change: number;
  asked: string | null;
};

/**
 * The load has ended; what was told to stop is cancelled, however it ended. False when it was somebody else's, or had
 * ended.
 */
export function endLoad(
  { db, actor }: { db: Database; actor: AuditActor },
  ended: EndedLoad,
): Promise<boolean> {
  const { id, workerId } = ended;
  return transaction(async (tx) => {
    // The copy before the load, as whoever asks for one locks them.
    const [copy] = await tx.$queryRaw<{ state: string; level: number | null }[]>`
      SELECT c.state, c.level FROM backup_copy c
      WHERE c.id = (SELECT r.copy_id FROM restore_run r WHERE r.id = ${id}::uuid) FOR UPDATE`;
    const [row] = await tx.$queryRaw<Row[]>`
      SELECT database_id AS "databaseId", copy_id AS "copyId", object, database_name AS into, change_number AS change,
        stop_reason AS asked
      FROM restore_run WHERE id = ${id}::uuid AND purpose = 'restore' AND state IN ('wanted', 'running')
        AND (lease_owner = ${workerId} OR (${workerId}::text IS NULL AND (lease_until IS NULL OR lease_until < app.now())))
      FOR UPDATE`;
    if (row === undefined) return false;
    const { databaseId, copyId, object } = row;
    const state = row.asked === null ? ended.state : 'cancelled';
    const sentence = row.asked ?? ended.sentence;
    const phase = state === 'done' ? null : ended.phase;
    const phases = ended.phases === undefined ? null : JSON.stringify(ended.phases);
    const isFaultOfCopy = state === 'failed' && ended.isFaultOfCopy;
    await tx.$executeRaw`
      UPDATE restore_run SET state = ${state}, phase = coalesce(${phase}, CASE WHEN ${state} <> 'done' THEN phase END),
        phases = coalesce(${phases}::jsonb, phases), sentence = ${sentence}, is_fault_of_copy = ${isFaultOfCopy},
        evidence = ${JSON.stringify(ended.evidence)}::jsonb, finished_at = app.now(), lease_owner = NULL, lease_until = NULL
      WHERE id = ${id}::uuid`;
    if (ended.check !== null && copy?.state === 'kept') {
      const { evidence, ...check } = ended.check;
      await tx.backupCheck.create({ data: { copyId, ...check, evidence } });
      await settleLevel(tx, actor, { id: copyId, databaseId, object: object ?? '', level: copy.level });
    }
    const [action, result] = actions[state];
    const tookMs = (ended.phases ?? []).reduce((sum, { seconds }) => sum + seconds * 1000, 0);
    await stage(tx, {
      action,
      actor,
      target: `database:${databaseId}`,
      change: row.change,
      result,
      ...(state === 'done' ? {} : { reason: sentence.slice(0, 500) }),
      details: {
        load: id,
        database: databaseId,
        into: row.into,
        ...(object === null ? {} : { object }),
        ...(phase === null ? {} : { phase }),
        ...(ended.phases === undefined ? {} : { tookMs: Math.round(tookMs) }),
        sentence: sentence.slice(0, 500),
      },
    });
    return true;
  }, db);
}
