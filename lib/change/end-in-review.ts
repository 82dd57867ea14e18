import 'server-only';
import type { Transaction } from '@/lib/db/transaction';
import { LostChange, observe } from './move-change';
import type { StoredChange } from './stored';

/** The row of a change that ends by a person's decision whose own audit entry is the record of the move. */
export async function endInReview(
  tx: Transaction,
  change: StoredChange,
  state: 'Rejected',
  sentence: string,
  now: Date,
): Promise<void> {
  const { count } = await tx.change.updateMany({
    where: { number: change.number, epoch: change.epoch, version: change.version },
    data: { state, stateSince: now, finishedAt: now, outcome: { sentence }, version: { increment: 1 } },
  });
  if (count === 0) throw new LostChange('The change was moved by somebody else.');
  await observe(tx, change.number, null, 'state', sentence);
}
