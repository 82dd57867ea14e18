import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { BackedUp } from '../begin-copy';
import { selectCopies } from '../retention/select-copies';
import { readCopies, readLastRun, type StoredCopy, toRetained } from '../retention/store';

export type Rehearsable = Pick<StoredCopy, 'id' | 'object' | 'snapshotAt'> & { level: number };

type Found = { copies: StoredCopy[]; missing: ReadonlySet<string> };

async function readFound(db: DatabaseOrTransaction, databaseId: string): Promise<Found> {
  const [copies, last] = await Promise.all([readCopies(db, databaseId), readLastRun(db, databaseId)]);
  return { copies, missing: new Set(last?.missing) };
}

/** Copies that stand at this level, with their file, not marked for deletion and not spoilt: newest first. */
const standing = ({ copies, missing }: Found, level: number): Rehearsable[] =>
  copies.flatMap((copy) =>
    copy.state === 'kept' && !copy.isSpoilt && !missing.has(copy.id) && (copy.level ?? -1) >= level
      ? [{ id: copy.id, object: copy.object, snapshotAt: copy.snapshotAt, level: copy.level ?? level }]
      : [],
  );

export const readRehearsable = async (
  db: DatabaseOrTransaction,
  databaseId: string,
  level: number,
): Promise<Rehearsable[]> => standing(await readFound(db, databaseId), level);

/** The same, and which of them retention keeps for their month. */
export async function readCandidates(
  db: DatabaseOrTransaction,
  { id, backup }: BackedUp,
  level: number,
): Promise<(Rehearsable & { isMonthly: boolean })[]> {
  const found = await readFound(db, id);
  const filed = found.copies.filter(({ state }) => state === 'kept' || state === 'tombstoned');
  const verdicts = selectCopies(
    filed.map((copy) => toRetained(copy, found.missing.has(copy.id))),
    backup.retention,
  );
  const monthly = new Set(
    verdicts.flatMap((verdict) =>
      verdict.stays && verdict.by.some(({ rule }) => rule === 'monthly') ? [verdict.id] : [],
    ),
  );
  return standing(found, level).map((copy) => ({ ...copy, isMonthly: monthly.has(copy.id) }));
}
