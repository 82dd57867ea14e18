import 'server-only';
import type { Person } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { SavedView, SaveView } from './contract';
import { VIEWS_MAX } from './model';
import { requireFreeName, requireQuery, toView, withPerson } from './store';

export type SaveViewCall = { actor: Person; input: SaveView; requestId?: string | undefined };

/**
 * Keeps a view under a name. Throws OpsError `invalid`, `conflict` (the name is taken) or `precondition` (there are
 * as many as may be).
 */
export async function saveView(
  { actor, input, requestId }: SaveViewCall,
  db: Database = database(),
): Promise<SavedView> {
  const { page, name, shared } = input;
  const query = requireQuery(page, input.query);
  return transaction(async (tx) => {
    // Two at once are one after the other: the limit and the name hold for both.
    await tx.$queryRaw`SELECT id FROM "user" WHERE id = ${actor.id}::uuid FOR UPDATE`;
    await requireFreeName(tx, { personId: actor.id, page, name });
    if ((await tx.savedView.count({ where: { personId: actor.id, page } })) >= VIEWS_MAX) {
      throw new OpsError(
        'precondition',
        `You have ${VIEWS_MAX} saved views of this page, which is the most.`,
        {
          next: 'Delete one that you no longer need.',
        },
      );
    }
    const at = await databaseNow(tx);
    const view = await tx.savedView.create({
      data: { personId: actor.id, page, name, query, shared, createdAt: at, updatedAt: at },
      include: withPerson,
    });
    await stage(tx, {
      action: 'view.saved',
      actor,
      target: `view:${view.id}`,
      result: 'ok',
      requestId,
      details: { page, name, shared, query: query.slice(0, 500) },
    });
    return toView(actor, view);
  }, db);
}
