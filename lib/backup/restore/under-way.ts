import 'server-only';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';

/**
 * From its first act to its end, a statement of a person included where nobody knows how it ended: all that time nobody
 * can say which database has the name.
 */
const states = ['Running', 'Watching', 'Paused', 'DataHold', 'DriftHold', 'Frozen', 'ReconcileRequired'];

/** Changes that restore the database which `id` names; for the FROM of a change called `d`. */
const restores = (id: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`d.kind = 'restore' AND d.plan #>> '{data,database}' = ${id}`;

/** Whether another change than `but` restores the database now, as a part of a query. */
export const isBeingRestored = (id: Prisma.Sql, but: Prisma.Sql): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT FROM change d WHERE ${restores(id)} AND d.number <> ${but} AND d.state = ANY(${states}))`;

export type Restores = {
  /** The change that restores it now; null: none. */
  underWay: number | null;
  /** When the last one ended: moments before it ask for no copy any more. Null: none ever did. */
  endedAt: Date | null;
};

/** How restores of a database stand. */
export async function readRestores(db: DatabaseOrTransaction, id: string): Promise<Restores> {
  const [row] = await db.$queryRaw<Restores[]>`
    SELECT max(d.number) FILTER (WHERE d.state = ANY(${states})) AS "underWay",
      max(d.finished_at) FILTER (WHERE d.started_at IS NOT NULL) AS "endedAt"
    FROM change d WHERE ${restores(Prisma.sql`${id}`)}`;
  return row ?? { underWay: null, endedAt: null };
}

/** Of a schedule that is known since then: what a restore took is not counted, and nothing in it was missed. */
export const countedSince = (since: Date, { endedAt }: Restores): Date =>
  endedAt !== null && endedAt > since ? endedAt : since;

export const standsStill = (name: string, change: number): string =>
  `${changeId(change)} restores ${name}: no copy of it is made until that has ended.`;

/** Beside what the database itself answered, where it does not answer. */
export const isClosedBy = (name: string, change: number): string =>
  `${changeId(change)} restores ${name} and lets nobody in while a copy is loaded.`;
