import 'server-only';
import { changeNumber } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { Prisma } from '@/prisma/generated/client';
import type { LogPage, LogQuery, ObservationView } from './measured-contract';
import { requireChange } from './require-change';

type Row = Pick<Prisma.ObservationGetPayload<object>, 'seq' | 'step' | 'seenAt' | 'kind' | 'sentence'>;

export const observationView = ({ seq, step, seenAt, kind, sentence }: Row): ObservationView => ({
  seq,
  step,
  at: seenAt.toISOString(),
  kind,
  sentence,
});

/** How many lines of the log are older than this one. */
export const countOlder = async (
  db: DatabaseOrTransaction,
  number: number,
  oldest: { seq: number } | undefined,
): Promise<number> =>
  oldest === undefined
    ? 0
    : db.observation.count({ where: { changeNumber: number, seq: { lt: oldest.seq } } });

/** The log of a change by pages, newest first. Throws OpsError `not-found`. */
export async function viewLog(
  id: string,
  { before, limit }: LogQuery,
  db: Database = database(),
): Promise<LogPage> {
  await requireChange(db, id);
  const rows = await db.observation.findMany({
    where: { changeNumber: changeNumber(id), ...(before === undefined ? {} : { seq: { lt: before } }) },
    orderBy: { seq: 'desc' },
    take: limit + 1,
    select: { seq: true, step: true, seenAt: true, kind: true, sentence: true },
  });
  const page = rows.slice(0, limit);
  return {
    observations: page.map(observationView),
    next: rows.length > limit ? (page.at(-1)?.seq ?? null) : null,
  };
}
