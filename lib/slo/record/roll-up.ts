import 'server-only';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';

/** Chunks of one transaction. */
const batch = 500;
/** A chunk that was written lately may be written again: a gap of its day may still be filled. */
const restSeconds = 7 * 86_400;

/**
 * Adds buckets of `from` seconds up to buckets of `to` seconds where they ended more than `age` seconds ago; returns
 * the number of chunks. Refused buckets are left out of the sums; a coarser one of nothing else is refused itself. A
 * coarse bucket is known when any of its parts is.
 */
export async function rollUp(
  db: Database,
  { from, to, age }: { from: 300 | 3600; to: 3600 | 86_400; age: number },
): Promise<number> {
  let all = 0;
  for (;;) {
    const done = await transaction(
      (tx) => tx.$executeRaw`
        WITH old AS (
          DELETE FROM slo_chunk WHERE (group_id, size, start_at) IN (
            SELECT group_id, size, start_at FROM slo_chunk
            WHERE size = ${from} AND start_at < app.now() - interval '1 day' - ${age}::double precision * interval '1 s'
              AND updated_at < app.now() - ${restSeconds}::double precision * interval '1 s'
            LIMIT ${batch} FOR UPDATE SKIP LOCKED)
          RETURNING group_id, start_at, good, bad, total, method
        ), element AS (
          SELECT group_id, start_at, ceil(e.i::float8 * ${from}::float8 / ${to}::float8)::int AS n, g, b, t, m & 15 AS m,
            app.slo_valid(g, b, t) AS valid
          FROM old, unnest(good, bad, total, method) WITH ORDINALITY AS e(g, b, t, m, i)
        ), coarse AS (
          SELECT group_id, start_at, n,
            CASE WHEN bool_or(valid) THEN sum(g) FILTER (WHERE valid) WHEN count(t) > 0 THEN 'NaN'::float8 END AS g,
            CASE WHEN bool_or(valid) THEN sum(b) FILTER (WHERE valid) WHEN count(t) > 0 THEN 'NaN'::float8 END AS b,
            CASE WHEN bool_or(valid) THEN sum(t) FILTER (WHERE valid) WHEN count(t) > 0 THEN 'NaN'::float8 END AS t,
            CASE count(DISTINCT m) FILTER (WHERE t IS NOT NULL)
              WHEN 0 THEN NULL WHEN 1 THEN max(m) FILTER (WHERE t IS NOT NULL) ELSE 4 END AS m
          FROM element GROUP BY group_id, start_at, n
        )
        INSERT INTO slo_chunk AS c (group_id, size, start_at, good, bad, total, method, updated_at)
        SELECT group_id, ${to}::int, start_at, array_agg(g ORDER BY n), array_agg(b ORDER BY n), array_agg(t ORDER BY n),
          array_agg(m::smallint ORDER BY n), app.now()
        FROM coarse GROUP BY group_id, start_at
        ON CONFLICT (group_id, size, start_at) DO UPDATE SET
          good = app.slo_merge(c.good, EXCLUDED.good, c.method, EXCLUDED.method),
          bad = app.slo_merge(c.bad, EXCLUDED.bad, c.method, EXCLUDED.method),
          total = app.slo_merge(c.total, EXCLUDED.total, c.method, EXCLUDED.method),
          method = app.slo_merge(c.method, EXCLUDED.method), updated_at = EXCLUDED.updated_at`,
      db,
    );
    all += done;
    if (done < batch) return all;
  }
}

/** Removes chunks of a size that ended more than `age` seconds ago. */
export const removeChunks = (
  db: Database,
  { size, age }: { size: 60 | 86_400; age: number },
): Promise<number> =>
  db.$executeRaw`DELETE FROM slo_chunk WHERE size = ${size}
    AND start_at < app.now() - interval '1 day' - ${age}::double precision * interval '1 s'`;

/** Removes definitions that were retired so long ago, of which nothing is left. */
export const removeDefinitions = (db: Database, age: number): Promise<number> =>
  db.$executeRaw`DELETE FROM slo_definition d
    WHERE retired_at < app.now() - ${age}::double precision * interval '1 s' AND NOT EXISTS (
      SELECT 1 FROM slo_group g JOIN slo_chunk c ON c.group_id = g.id WHERE g.definition_id = d.id)`;
