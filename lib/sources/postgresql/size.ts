import { z } from 'zod';
import type { Ask } from './client';

const Size = z.object({ bytes: z.number() });

/** Bytes on disk of the whole database. */
export const readSize = async (ask: Ask): Promise<number> =>
  (await ask.one(Size, 'SELECT pg_database_size(current_database())::float8 AS bytes')).bytes;

export const largestCount = 10;

const Table = z.object({
  schema: z.string(),
  name: z.string(),
  /** With indexes and TOAST. */
  totalBytes: z.number(),
  indexBytes: z.number(),
  /** Estimates of the statistics collector; null when it knows nothing of the table. */
  liveRows: z.nullable(z.number()),
  deadRows: z.nullable(z.number()),
  /** Seconds since the last VACUUM, by hand or by itself; null: never since the statistics began. */
  vacuumedSecondsAgo: z.nullable(z.number()),
  /** Of how many tables these are the largest. */
  tables: z.int(),
});
export type Table = z.infer<typeof Table>;

/** The largest tables and materialised views of people, with the work that VACUUM has left (DBO-08). */
export const readLargestTables = (ask: Ask): Promise<Table[]> =>
  ask.rows(
    Table,
    `SELECT n.nspname::text AS schema, c.relname::text AS name, c.total AS "totalBytes",
            pg_indexes_size(c.oid)::float8 AS "indexBytes", s.n_live_tup::float8 AS "liveRows",
            s.n_dead_tup::float8 AS "deadRows",
            extract(epoch FROM clock_timestamp() - greatest(s.last_vacuum, s.last_autovacuum))::float8
              AS "vacuumedSecondsAgo", c.tables
       FROM (SELECT oid, relname, relnamespace, pg_total_relation_size(oid)::float8 AS total,
                    count(*) OVER ()::int AS tables
               FROM pg_class WHERE relkind IN ('r', 'm') AND relpersistence <> 't'
                AND relnamespace NOT IN (SELECT oid FROM pg_namespace
                                          WHERE nspname IN ('pg_catalog', 'information_schema', 'pg_toast'))
              ORDER BY total DESC, oid LIMIT ${largestCount}) c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
      ORDER BY c.total DESC, c.oid`,
  );
