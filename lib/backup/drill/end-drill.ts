import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { notifyAll } from '@/lib/notify/outbox';
import type { CheckToKeep } from '../check';
import type { Evidence } from '../contract';
import { settleLevel } from '../settle-level';
import { type DrillPhase, isOfRecovery, type PhaseTime } from './model';

export type EndedDrill = {
  id: string;
  databaseId: string;
  /** As people call the database. */
  name: string;
  copyId: string | null;
  object: string | null;
  /** Null takes one whose lease is over, or that nobody has begun. */
  workerId: string | null;
  state: 'done' | 'failed' | 'cancelled';
  /** Where it ended; null when it passed, or was never begun. */
  phase: DrillPhase | null;
  /** Absent: as they stand in the row. */
  phases?: readonly PhaseTime[];
  sentence: string;
  isFaultOfCopy: boolean;
  evidence: readonly Evidence[];
  /** What the drill says of the copy, for its ladder. */
  check: CheckToKeep | null;
};

const actions = {
  done: 'backup.drill_passed',
  failed: 'backup.drill_failed',
  cancelled: 'backup.drill_cancelled',
} as const;

/** Seconds of what a recovery takes too. */
export const recoverySeconds = (phases: readonly PhaseTime[]): number =>
  phases.reduce((sum, { phase, seconds }) => (isOfRecovery(phase) ? sum + seconds : sum), 0);

type Ending = { db: Database; config: Pick<Config, 'notifications'>; actor: AuditActor };

/** The drill has ended, and its copy stands as it showed. False when it was somebody else's. */
export function endDrill({ db, config, actor }: Ending, ended: EndedDrill): Promise<boolean> {
  const { id, databaseId, copyId, workerId, state, phase, sentence, isFaultOfCopy } = ended;
  return transaction(async (tx) => {
    // The copy before the drill, as whoever asks for one locks them.
    const [copy] = await tx.$queryRaw<{ state: string; level: number | null; object: string }[]>`
      SELECT state, level, object FROM backup_copy WHERE id = ${copyId}::uuid FOR UPDATE`;
    const phases = ended.phases === undefined ? null : JSON.stringify(ended.phases);
    const count = await tx.$executeRaw`
      UPDATE restore_run SET state = ${state}, phase = coalesce(${phase}, CASE WHEN ${state} <> 'done' THEN phase END),
        phases = coalesce(${phases}::jsonb, phases), sentence = ${sentence}, is_fault_of_copy = ${isFaultOfCopy},
        evidence = ${JSON.stringify(ended.evidence)}::jsonb, finished_at = app.now(), lease_owner = NULL, lease_until = NULL
      WHERE id = ${id}::uuid AND state IN ('wanted', 'running')
        AND (lease_owner = ${workerId} OR (${workerId}::text IS NULL AND (lease_until IS NULL OR lease_until < app.now())))`;
    if (count === 0) return false;
    if (ended.check !== null && copyId !== null && copy?.state === 'kept') {
      const { evidence, ...check } = ended.check;
      await tx.backupCheck.create({ data: { copyId, ...check, evidence } });
      await settleLevel(tx, actor, { id: copyId, databaseId, object: copy.object, level: copy.level });
    }
    await stage(tx, {
      action: actions[state],
      actor,
      target: `database:${databaseId}`,
      result: state === 'done' ? 'ok' : state === 'failed' ? 'failed' : 'refused',
      ...(state === 'done' ? {} : { reason: sentence }),
      details: {
        drill: id,
        database: databaseId,
        ...(ended.object === null ? {} : { object: ended.object }),
        ...(phase === null ? {} : { phase }),
        ...(ended.phases === undefined ? {} : { tookMs: Math.round(recoverySeconds(ended.phases) * 1000) }),
        sentence: sentence.slice(0, 500),
      },
    });
    if (state === 'failed')
      await notifyAll(tx, config, 'backup.drill_failed', `A drill of ${ended.name} failed. ${sentence}`);
    return true;
  }, db);
}
