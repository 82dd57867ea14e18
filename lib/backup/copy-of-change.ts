import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { CopyView } from './contract';
import { copyColumns, copyView } from './copy-view';
import { latestChecks } from './store';

/** The copy that a change asked for; null: it has none yet, or withdrew it. */
export async function copyOfChange(db: DatabaseOrTransaction, number: number): Promise<CopyView | null> {
  const row = await db.backupCopy.findFirst({ where: { changeNumber: number }, select: copyColumns });
  return row === null ? null : copyView(row, await latestChecks(db, row.id));
}
