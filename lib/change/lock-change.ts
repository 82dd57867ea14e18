import 'server-only';
import { OpsError } from '@/lib/core/errors';
import { changeNumber } from '@/lib/core/ids';
import { databaseNow, type Transaction } from '@/lib/db/transaction';
import { parseChange, type StoredChange } from './stored';

export type LockedChange = { change: StoredChange; now: Date };

/**
 * Locks the change's row and only then reads the clock: a waiter must not act on a time before the expiry it
 * slept through (trust.md 1.5). Throws OpsError `not-found`.
 */
export async function lockChange(tx: Transaction, id: string): Promise<LockedChange> {
  const number = changeNumber(id);
  await tx.$queryRaw`SELECT 1 FROM change WHERE number = ${number} FOR UPDATE`;
  const row = await tx.change.findUnique({ where: { number } });
  if (row === null) {
    throw new OpsError('not-found', `There is no change ${id}.`, {
      next: 'Look it up in the list of changes.',
    });
  }
  return { change: parseChange(row), now: await databaseNow(tx) };
}
