import 'server-only';
import type { Person } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import { type Database, database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { lockView } from './store';

export type DeleteViewCall = { actor: Person; id: string; requestId?: string | undefined };

/** Deletes a view; the audit log keeps that it was. Throws OpsError `not-found` or `forbidden`. */
export async function deleteView(
  { actor, id, requestId }: DeleteViewCall,
  db: Database = database(),
): Promise<void> {
  await transaction(async (tx) => {
    const { page, name, shared, person } = await lockView(tx, actor, id);
    await tx.savedView.delete({ where: { id } });
    await stage(tx, {
      action: 'view.deleted',
      actor,
      target: `view:${id}`,
      result: 'ok',
      requestId,
      details: { page, name, shared, owner: person.name },
    });
  }, db);
}
