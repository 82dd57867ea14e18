import { escapeIdentifier } from 'pg';
import { z } from 'zod';
import type { Ask } from './client';

const Extension = z.object({
  /** Of the extension in this database; null: it was not created here. */
  version: z.nullable(z.string()),
  schema: z.nullable(z.string()),
  /** Its files are on the server. */
  available: z.boolean(),
  /** Whether the server loads it when it starts; null: our account may not see that. */
  preloaded: z.nullable(z.boolean()),
});
export type Extension = z.infer<typeof Extension>;

export const readExtension = (ask: Ask): Promise<Extension> =>
  ask.one(
    Extension,
    `SELECT e.extversion AS version, n.nspname::text AS schema,
            EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements') AS available,
            (SELECT setting ~ 'pg_stat_statements' FROM pg_settings
              WHERE name = 'shared_preload_libraries') AS preloaded
       FROM (SELECT 1) one
       LEFT JOIN pg_extension e ON e.extname = 'pg_stat_statements'
       LEFT JOIN pg_namespace n ON n.oid = e.extnamespace`,
  );

/** SQLSTATE of a question to the view while the server did not load the library. */
export const notLoaded = '55000';
/** SQLSTATE where our account may not use the schema of the extension, or not read its view. */
export const noRight = '42501';

type Columns = { mean: string; total: string };

/**
 * `mean_exec_time` since PostgreSQL 13, `mean_time` before. The view belongs to the extension, and a server that
 * was upgraded keeps the old one until ALTER EXTENSION … UPDATE: so its version decides, 1.8 being that of 13.
 */
export function timeColumns(extensionVersion: string): Columns {
  const [major = 0, minor = 0] = extensionVersion.split('.').map(Number);
  return major > 1 || minor >= 8
    ? { mean: 'mean_exec_time', total: 'total_exec_time' }
    : { mean: 'mean_time', total: 'total_time' };
}

export const topCount = 10;

const Statement = z.object({
  /** Null where our account may not see whose it is. */
  id: z.nullable(z.string()),
  user: z.nullable(z.string()),
  calls: z.number(),
  meanSeconds: z.number(),
  totalSeconds: z.number(),
  rows: z.number(),
  query: z.nullable(z.string()),
  /** Places in the three lists, from 1. */
  byMean: z.int(),
  byTotal: z.int(),
  byCalls: z.int(),
});
export type Statement = z.infer<typeof Statement>;

/** The question for the first ten by mean time, by total time and by calls (DBO-03), in one reading of the view. */
export function topStatementsSql(extensionVersion: string, schema: string): string {
  const { mean, total } = timeColumns(extensionVersion);
  return `SELECT queryid::text AS id, pg_get_userbyid(userid)::text AS "user", calls::float8 AS calls,
                 ${mean} / 1000 AS "meanSeconds", ${total} / 1000 AS "totalSeconds", rows::float8 AS rows,
                 left(query, 4000) AS query, "byMean", "byTotal", "byCalls"
            FROM (SELECT *, row_number() OVER (ORDER BY ${mean} DESC, queryid)::int AS "byMean",
                            row_number() OVER (ORDER BY ${total} DESC, queryid)::int AS "byTotal",
                            row_number() OVER (ORDER BY calls DESC, queryid)::int AS "byCalls"
                    FROM ${escapeIdentifier(schema)}.pg_stat_statements
                   WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())) ranked
           WHERE least("byMean", "byTotal", "byCalls") <= ${topCount}`;
}

export const readStatements = (
  ask: Ask,
  extension: { version: string; schema: string },
): Promise<Statement[]> => ask.rows(Statement, topStatementsSql(extension.version, extension.schema));
