import 'server-only';
import { z } from 'zod';
import { can, type Person } from '@/lib/access/model';
import { OpsError } from '@/lib/core/errors';
import type { DatabaseOrTransaction, Transaction } from '@/lib/db/transaction';
import type { Prisma, SavedView as Stored } from '@/prisma/generated/client';
import type { SavedView } from './contract';
import { canonicalQuery, SHARED_MAX, VIEWS_MAX, type ViewPage, viewPages } from './model';

export type StoredView = Stored & { person: { name: string } };
export const withPerson = { person: { select: { name: true } } } as const;

/** A view is its owner's; one that is shared is also looked after by leads. */
export const mayChange = (actor: Person, view: Pick<Stored, 'personId' | 'shared'>): boolean =>
  view.personId === actor.id || (view.shared && can(actor, 'view.curate'));

export const toView = (actor: Person, view: StoredView): SavedView => ({
  id: view.id,
  page: z.enum(viewPages).parse(view.page),
  name: view.name,
  query: view.query,
  shared: view.shared,
  owner: view.person.name,
  isMine: view.personId === actor.id,
  mayChange: mayChange(actor, view),
  updatedAt: view.updatedAt.toISOString(),
});

/** The views of a page that a person sees: their own, then those of others, each by name. */
export async function listViews(
  db: DatabaseOrTransaction,
  actor: Person,
  page: ViewPage,
): Promise<SavedView[]> {
  const read = (where: Prisma.SavedViewWhereInput, take: number) =>
    db.savedView.findMany({
      where: { page, ...where },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      take,
      include: withPerson,
    });
  const [own, others] = await Promise.all([
    read({ personId: actor.id }, VIEWS_MAX),
    read({ shared: true, personId: { not: actor.id } }, SHARED_MAX),
  ]);
  return [...own, ...others].map((view) => toView(actor, view));
}

/** One that the actor may change, locked. Throws OpsError `not-found` or `forbidden`. */
export async function lockView(tx: Transaction, actor: Person, id: string): Promise<StoredView> {
  await tx.$queryRaw`SELECT id FROM saved_view WHERE id = ${id}::uuid FOR UPDATE`;
  const view = await tx.savedView.findUnique({ where: { id }, include: withPerson });
  // Whether somebody else has a private view is nobody's business.
  if (view === null || (view.personId !== actor.id && !view.shared)) {
    throw new OpsError('not-found', 'There is no such saved view.', {
      next: 'It may have been deleted, or is no longer shared. Open the list of views again.',
    });
  }
  if (mayChange(actor, view)) return view;
  throw new OpsError('forbidden', `This view is ${view.person.name}'s. Its owner or a lead may change it.`, {
    next: 'Save it under a name of your own.',
  });
}

const refuse = (path: string, message: string): OpsError =>
  new OpsError('invalid', `The body is not valid: ${path}: ${message}.`, {
    next: 'Correct the named field.',
    fields: [{ path, message }],
  });

/** The query as it is stored. Throws OpsError `invalid`. */
export function requireQuery(page: ViewPage, text: string): string {
  const spelled = canonicalQuery(page, text);
  if ('problem' in spelled) throw refuse('query', spelled.problem);
  return spelled.query;
}

/** Throws OpsError `conflict` when the person has another view of this name; case is no difference. */
export async function requireFreeName(
  tx: Transaction,
  { personId, page, name, id }: { personId: string; page: string; name: string; id?: string },
): Promise<void> {
  const [taken] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM saved_view
    WHERE person_id = ${personId}::uuid AND page = ${page} AND lower(name) = lower(${name})`;
  if (taken === undefined || taken.id === id) return;
  throw new OpsError('conflict', `There is a view of the name "${name}" already.`, {
    next: 'Choose another name, or change that view.',
  });
}
