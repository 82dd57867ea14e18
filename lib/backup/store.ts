import 'server-only';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { Evidence } from './contract';
import { checkResults, type LatestCheck } from './model';

const Latest = z.object({
  copy_id: z.string(),
  level: z.number(),
  at: z.date(),
  result: z.enum(checkResults),
  sentence: z.string(),
  evidence: z.array(Evidence),
});

export type StoredLatest = LatestCheck & { at: Date; sentence: string; evidence: Evidence[] };

/**
 * The newest look at each level of copies. A restore that could not be tried takes nothing from one that passed: the
 * bytes are still those, which the levels below have just shown.
 */
export async function latestChecksOf(
  db: DatabaseOrTransaction,
  copies: readonly string[],
): Promise<Map<string, StoredLatest[]>> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT DISTINCT ON (copy_id, level) copy_id, level, at, result, sentence, evidence FROM backup_check
    WHERE copy_id = ANY(${[...copies]}::uuid[])
    ORDER BY copy_id, level, (level = 4 AND result = 'unknown'), id DESC`;
  const found = new Map<string, StoredLatest[]>();
  for (const row of rows) {
    const { copy_id: copy, ...latest } = Latest.parse(row);
    found.set(copy, [...(found.get(copy) ?? []), latest]);
  }
  return found;
}

export const latestChecks = async (db: DatabaseOrTransaction, copy: string): Promise<StoredLatest[]> =>
  (await latestChecksOf(db, [copy])).get(copy) ?? [];

/** Copies of a database of which the latest look at some level failed; its newest restore that could be tried counts. */
export async function spoiltCopies(db: DatabaseOrTransaction, databaseId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM backup_copy c WHERE c.database_id = ${databaseId} AND EXISTS (
      SELECT FROM backup_check k WHERE k.copy_id = c.id AND k.result = 'failed' AND NOT EXISTS (
        SELECT FROM backup_check l WHERE l.copy_id = k.copy_id AND l.level = k.level AND l.id > k.id
          AND NOT (l.level = 4 AND l.result = 'unknown')))`;
  return rows.map(({ id }) => id);
}
