import 'server-only';
import { z } from 'zod';
import { changeKinds } from '@/lib/core/change-kind';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';
import { changeStates } from '../model';
import type { ChangeFact } from './measures';

/** As many changes as are measured at once: a deploy every quarter of an hour for 90 days is fewer. */
export const MOST_FACTS = 10_000;
/** Longer than reviews, queues and holds of a change last: what ended in a span was asked for at most so long before. */
const LONGEST_CHANGE_SECONDS = 14 * 86_400;

const unix = z.number();
const FactRow = z.object({
  number: z.int(),
  kind: z.enum(changeKinds),
  places: z.array(z.string()),
  from_version: z.string(),
  to_version: z.string(),
  state: z.enum(changeStates),
  wrote: z.boolean(),
  created_at: unix,
  started_at: unix.nullable(),
  finished_at: unix.nullable(),
  goes_back: z.boolean(),
  reverts: z.int().nullable(),
});

export type FactsAsked = { environment: string; service: string | undefined; from: number };

/**
 * Deploys and rollbacks that can have ended after `from`, newest first, with no plan: that is large. A write is an
 * intent that was applied or adopted. `isCut`: there are more.
 */
export async function readFacts(
  db: DatabaseOrTransaction,
  { environment, service, from }: FactsAsked,
): Promise<{ facts: ChangeFact[]; isCut: boolean }> {
  const since = new Date((from - LONGEST_CHANGE_SECONDS) * 1000);
  const ofService = service === undefined ? Prisma.sql`TRUE` : Prisma.sql`c.service = ${service}`;
  const rows = await db.$queryRaw<unknown[]>`
    SELECT c.number, c.kind, c.state,
      ARRAY(SELECT c.service || '/' || c.environment || '/' || there.region FROM jsonb_array_elements_text(
        coalesce(c.plan #> '{staged,regions}', jsonb_build_array(c.region))) there (region)) AS places,
      coalesce(c.plan #>> '{from,version}', '') AS from_version,
      coalesce(c.plan #>> '{to,version}', '') AS to_version,
      EXISTS (SELECT 1 FROM intent i WHERE i.change_number = c.number AND i.result IN ('applied', 'adopted')) AS wrote,
      extract(epoch FROM c.created_at)::float8 AS created_at,
      extract(epoch FROM c.started_at)::float8 AS started_at,
      extract(epoch FROM c.finished_at)::float8 AS finished_at,
      c.plan -> 'goesBack' IS NOT NULL AS goes_back, c.reverts
    FROM change c
    WHERE c.environment = ${environment} AND ${ofService} AND c.kind IN ('deploy', 'rollback')
      AND c.created_at > ${since}
    ORDER BY c.number DESC LIMIT ${MOST_FACTS + 1}`;
  const facts = rows.slice(0, MOST_FACTS).map((row): ChangeFact => {
    const one = FactRow.parse(row);
    return {
      number: one.number,
      kind: one.kind,
      places: one.places,
      fromVersion: one.from_version,
      toVersion: one.to_version,
      state: one.state,
      wrote: one.wrote,
      createdAt: one.created_at,
      startedAt: one.started_at,
      finishedAt: one.finished_at,
      goesBack: one.goes_back,
      reverts: one.reverts,
    };
  });
  return { facts, isCut: rows.length > MOST_FACTS };
}

/** When the record of changes of an environment begins, unix seconds; null while there is none. */
export async function recordBegins(db: DatabaseOrTransaction, environment: string): Promise<number | null> {
  const first = await db.change.findFirst({
    where: { environment },
    orderBy: { number: 'asc' },
    select: { createdAt: true },
  });
  return first === null ? null : first.createdAt.getTime() / 1000;
}
