import 'server-only';
import { z } from 'zod';
import { copyStates } from '@/lib/backup/model';
import { restoreRefusal } from '@/lib/backup/restorable';
import { latestChecks } from '@/lib/backup/store';
import { OpsError } from '@/lib/core/errors';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import type { BackupCopy } from '@/prisma/generated/client';
import type { DeployPlan } from '../../plan-contract';

export type Restorable = { row: BackupCopy; provenAt: Date | null; refusal: string | null };

/** Why the copy of a restore may not take the place of live data any more; null when it may, and for every other plan. */
export async function restoreProblem(
  db: DatabaseOrTransaction,
  { data }: Pick<DeployPlan, 'data'>,
): Promise<string | null> {
  if (data?.do !== 'restore') return null;
  const { row, refusal } = await readRestorable(db, data.database, data.copy.id);
  if (row.sha256 !== data.copy.sha256) return 'The copy is not the one that was signed.';
  return refusal === null ? null : `The copy of ${data.copy.snapshotAt}: ${refusal}`;
}

/** A copy, and why it may not take the place of live data; null when it may. Throws OpsError `invalid`. */
export async function readRestorable(
  db: DatabaseOrTransaction,
  databaseId: string,
  copyId: string,
): Promise<Restorable> {
  const row = await db.backupCopy.findFirst({ where: { id: copyId, databaseId } });
  if (row === null || row.sha256 === null || row.catalog === null) {
    const message = 'There is no such copy of this database, or it was never finished.';
    throw new OpsError('invalid', message, {
      fields: [{ path: 'copy', message }],
      next: 'Choose one of those on the page Backups.',
    });
  }
  const latest = await latestChecks(db, copyId);
  const provenAt = latest.find(({ level, result }) => level === 4 && result === 'passed')?.at ?? null;
  const known = {
    state: z.enum(copyStates).parse(row.state),
    level: row.level,
    isSpoilt: latest.some(({ result }) => result === 'failed'),
    provenAt: provenAt?.toISOString() ?? null,
  };
  const nowMs = (await databaseNow(db)).getTime();
  return { row, provenAt, refusal: restoreRefusal(known, nowMs) };
}
