import 'server-only';
import { z } from 'zod';
import type { Person } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { ChangeView, SavedView } from './contract';
import { viewPages } from './model';
import { lockView, requireFreeName, requireQuery, toView, withPerson } from './store';

export type ChangeViewCall = {
  actor: Person;
  id: string;
  input: ChangeView;
  requestId?: string | undefined;
};

/**
 * Renames a view, keeps another query under its name, shares it or ends that. Throws OpsError `not-found`,
 * `forbidden`, `invalid` or `conflict`.
 */
export async function changeView(
  { actor, id, input, requestId }: ChangeViewCall,
  db: Database = database(),
): Promise<SavedView> {
  return transaction(async (tx) => {
    const before = await lockView(tx, actor, id);
    const page = z.enum(viewPages).parse(before.page);
    const name = input.name ?? before.name;
    const shared = input.shared ?? before.shared;
    const query = input.query === undefined ? before.query : requireQuery(page, input.query);
    if (name !== before.name) await requireFreeName(tx, { personId: before.personId, page, name, id });
    const view = await tx.savedView.update({
      where: { id },
      data: { name, shared, query, updatedAt: await databaseNow(tx) },
      include: withPerson,
    });
    await stage(tx, {
      action: 'view.changed',
      actor,
      target: `view:${id}`,
      result: 'ok',
      requestId,
      details: {
        page,
        name,
        shared,
        ...(name === before.name ? {} : { nameBefore: before.name }),
        ...(query === before.query ? {} : { query: query.slice(0, 500) }),
        owner: view.person.name,
      },
    });
    return toView(actor, view);
  }, db);
}
