import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { BackedUp } from '../begin-copy';
import { goodLevel } from '../model';
import { selectCopies } from '../retention/select-copies';
import { readCopies, readLastRun, toRetained } from '../retention/store';
import { spoiltCopies } from '../store';

export type GoodCopy = { id: string; snapshotAt: Date; level: number; bytes: number };

/** Copies whose latest look failed, and those whose file retention did not find when it last looked. */
export async function lostCopies(db: DatabaseOrTransaction, databaseId: string): Promise<string[]> {
  const [spoilt, last] = await Promise.all([spoiltCopies(db, databaseId), readLastRun(db, databaseId)]);
  return [...spoilt, ...(last?.missing ?? [])];
}

/** The newest copies that were read in full, with their file, not marked for deletion and not spoilt. */
export async function readGoodCopies(
  db: DatabaseOrTransaction,
  databaseId: string,
  lost: readonly string[],
  count: number,
): Promise<GoodCopy[]> {
  const rows = await db.backupCopy.findMany({
    where: { databaseId, state: 'kept', level: { gte: goodLevel }, id: { notIn: [...lost] } },
    orderBy: { startedAt: 'desc' },
    take: count,
    select: { id: true, snapshotAt: true, startedAt: true, level: true, bytes: true },
  });
  return rows.map(({ id, snapshotAt, startedAt, level, bytes }) => ({
    id,
    snapshotAt: snapshotAt ?? startedAt,
    level: level ?? goodLevel,
    bytes: Number(bytes),
  }));
}

export type Rehearsable = { id: string; object: string; isMonthly: boolean };

/** Every copy that can be rehearsed from this level on, newest first, and which retention keeps for their month. */
export async function readCandidates(
  db: DatabaseOrTransaction,
  { id, backup }: BackedUp,
  least: number,
): Promise<Rehearsable[]> {
  const [copies, last] = await Promise.all([readCopies(db, id), readLastRun(db, id)]);
  const missing = new Set(last?.missing);
  const filed = copies.filter(({ state }) => state === 'kept' || state === 'tombstoned');
  const verdicts = selectCopies(
    filed.map((copy) => toRetained(copy, missing.has(copy.id))),
    backup.retention,
  );
  const monthly = new Set(
    verdicts.flatMap((verdict) =>
      verdict.stays && verdict.by.some(({ rule }) => rule === 'monthly') ? [verdict.id] : [],
    ),
  );
  return filed
    .filter(({ state, isSpoilt, level }) => state === 'kept' && !isSpoilt && (level ?? -1) >= least)
    .filter((copy) => !missing.has(copy.id))
    .map((copy) => ({ id: copy.id, object: copy.object, isMonthly: monthly.has(copy.id) }));
}
