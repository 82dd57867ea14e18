import 'server-only';
import { OpsError } from '@/lib/core/errors';
import { changeNumber } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';

export const noChange = (id: string): OpsError =>
  new OpsError('not-found', `There is no change ${id}.`, { next: 'See the list of changes.' });

/** An empty list of a change that is there is an answer; of one that is not it is not. Throws OpsError `not-found`. */
export async function requireChange(db: DatabaseOrTransaction, id: string): Promise<void> {
  const found = await db.change.findUnique({ where: { number: changeNumber(id) }, select: { number: true } });
  if (found === null) throw noChange(id);
}
