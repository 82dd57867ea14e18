import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import { type CheckToKeep, judged } from '@/lib/backup/check';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { entriesOf, type Manifest } from './manifest';
import { type ArchiveKind, archiveSubject } from './model';
import { programVersion } from './program';

/** A row that is being ended. `workerId` null takes one whose lease is over. */
export type Ending = { id: string; kind: ArchiveKind; object: string; workerId: string | null };
export type Kept = { bytes: number; sha256: string; content: Manifest; seconds: number };

/** L0: what stands behind every finished archive. */
const writtenCheck = (seconds: number): CheckToKeep =>
  judged(
    { level: 0, tool: 'Signalbox', toolVersion: programVersion, evidence: [], seconds },
    'It was written to its end.',
  );

/** The archive is there: level 0, the next ones are due now. False when another worker has taken it over. */
export function keepArchive(
  db: Database,
  actor: AuditActor,
  { id, kind, object, workerId, bytes, sha256, content, seconds }: Ending & Kept,
): Promise<boolean> {
  return transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE archive SET state = 'kept', level = 0, finished_at = app.now(), check_due_at = app.now(),
        bytes = ${bytes}, sha256 = ${sha256}, entries = ${entriesOf(content)},
        content = ${JSON.stringify(content)}::jsonb, lease_owner = NULL, lease_until = NULL
      WHERE id = ${id}::uuid AND state = 'running'
        AND (lease_owner = ${workerId} OR (${workerId}::text IS NULL AND lease_until < app.now()))`;
    if (count === 0) return false;
    const { evidence, ...check } = writtenCheck(seconds);
    await tx.archiveCheck.create({ data: { archiveId: id, ...check, evidence } });
    await stage(tx, {
      action: 'archive.kept',
      actor,
      target: archiveSubject(kind),
      result: 'ok',
      details: { kind, object, bytes, sha256, entries: entriesOf(content), level: 0 },
    });
    return true;
  }, db);
}

/** Nothing is new: the newest archive still holds everything. A good run, of which no file is left. */
export async function endUnchanged(
  db: Database,
  { id, workerId }: Pick<Ending, 'id' | 'workerId'>,
  sameAs: string,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE archive SET state = 'unchanged', same_as = ${sameAs}::uuid, finished_at = app.now(),
      lease_owner = NULL, lease_until = NULL
    WHERE id = ${id}::uuid AND state = 'running' AND lease_owner = ${workerId}`;
  return count === 1;
}

/** The attempt failed, with the sentence. Only while it runs; false when it was somebody else's. */
export function failArchive(
  db: Database,
  actor: AuditActor,
  { id, kind, object, workerId, error }: Ending & { error: string },
): Promise<boolean> {
  return transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE archive SET state = 'failed', finished_at = app.now(), error = ${error},
        lease_owner = NULL, lease_until = NULL
      WHERE id = ${id}::uuid AND state = 'running'
        AND (lease_owner = ${workerId} OR (${workerId}::text IS NULL AND lease_until < app.now()))`;
    if (count === 0) return false;
    await stage(tx, {
      action: 'archive.failed',
      actor,
      target: archiveSubject(kind),
      result: 'failed',
      reason: error,
      details: { kind, object, sentence: error.slice(0, 500) },
    });
    return true;
  }, db);
}
