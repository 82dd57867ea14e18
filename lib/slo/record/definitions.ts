import 'server-only';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import type { Planned } from './plan';

const day = 86_400;
/** Samples may come late for this long: what is younger is read again with every tick. */
export const settleSeconds = 600;

/** The end of the newest bucket that no late sample can change any more. */
export const settledAt = (now: number): number => Math.floor((now - settleSeconds) / 300) * 300;

/**
 * Writes the planned definitions down and retires those that nobody plans any more: their buckets stay theirs. A new
 * one is recorded from now on, and backfilled over its window; a longer window lengthens the backfill.
 */
export async function syncDefinitions(
  db: Database,
  planned: readonly Planned[],
  now: number,
): Promise<Map<number, Planned>> {
  const liveFrom = settledAt(now);
  const rows = planned.map((one) => {
    const until = Math.floor((now - one.windowSeconds) / day) * day;
    return { ...one, until, days: Math.ceil(liveFrom / day) - until / day };
  });
  return transaction(async (tx) => {
    // One at a time, or two starting workers would retire and revive the same rows in different orders.
    await tx.$executeRaw`LOCK TABLE slo_definition IN SHARE ROW EXCLUSIVE MODE`;
    await tx.$executeRaw`
      INSERT INTO slo_definition AS d (slo, environment, hash, definition)
      SELECT slo, environment, hash, definition::jsonb FROM unnest(${rows.map(({ slo }) => slo)}::text[],
        ${rows.map(({ environment }) => environment)}::text[], ${rows.map(({ hash }) => hash)}::text[],
        ${rows.map(({ definition }) => JSON.stringify(definition))}::text[]) AS r(slo, environment, hash, definition)
      ON CONFLICT (slo, environment, hash) DO UPDATE SET definition = EXCLUDED.definition, retired_at = NULL`;
    const known = await tx.$queryRaw<{ id: number; slo: string; environment: string; hash: string }[]>`
      SELECT id, slo, environment, hash FROM slo_definition`;
    const ids = new Map(known.map(({ id, ...row }) => [keyOf(row), id]));
    const current = new Map(rows.flatMap((row) => entry(ids.get(keyOf(row)), row)));
    await tx.$executeRaw`UPDATE slo_definition SET retired_at = app.now()
      WHERE retired_at IS NULL AND NOT id = ANY(${[...current.keys()]}::int[])`;
    await tx.$executeRaw`
      INSERT INTO slo_progress AS p (definition_id, live_from, final_until, backfill_until, backfill_total)
      SELECT id, to_timestamp(${liveFrom}::float8), to_timestamp(${liveFrom}::float8), to_timestamp(until), days
      FROM unnest(${[...current.keys()]}::int[], ${[...current.values()].map(({ until }) => until)}::float8[],
        ${[...current.values()].map(({ days }) => days)}::int[]) AS r(id, until, days)
      ON CONFLICT (definition_id) DO UPDATE SET
        backfill_total = p.backfill_total
          + greatest(0, extract(epoch FROM p.backfill_until - EXCLUDED.backfill_until) / 86400)::int,
        backfill_until = least(p.backfill_until, EXCLUDED.backfill_until)`;
    return current;
  }, db);
}

const keyOf = (row: { slo: string; environment: string; hash: string }): string =>
  JSON.stringify([row.slo, row.environment, row.hash]);

const entry = <T>(id: number | undefined, row: T): [number, T][] => (id === undefined ? [] : [[id, row]]);
