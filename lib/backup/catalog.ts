import 'server-only';
import { z } from 'zod';

/** What the database held in the moment of the snapshot, as far as a copy can be held to it. */
export const Catalog = z.object({
  database: z.string(),
  /** Of the server, told by its control file; null where the account may not ask. */
  systemIdentifier: z.string().nullable(),
  serverVersion: z.string(),
  serverMajor: z.int(),
  databaseBytes: z.number(),
  /** Entries that its table of contents must have, as `TABLE public orders owner`. */
  entries: z.array(z.string()),
  /** How many entries of kinds whose names are not compared. */
  counts: z.record(z.string(), z.int()),
  /** Constraints that were not valid in the database either. */
  invalidConstraints: z.array(z.string()),
  constraints: z.int(),
  extensions: z.array(z.string()),
  /** Rows of the largest tables, all of them where there are at most `countedTables`. */
  rows: z.array(z.object({ schema: z.string(), table: z.string(), rows: z.number(), bytes: z.number() })),
});
export type Catalog = z.infer<typeof Catalog>;

/** Larger databases have their largest tables counted: each count reads a whole table. */
export const countedTables = 100;

/** The one thing of a driver that is needed here. */
export type Query = (sql: string) => Promise<{ rows: unknown[] }>;

async function rowsOf<T>(query: Query, schema: z.ZodType<T>, sql: string): Promise<T[]> {
  const { rows } = await query(sql);
  return rows.map((row) => schema.parse(row));
}

const Server = z.object({
  database: z.string(),
  version: z.string(),
  number: z.coerce.number(),
  bytes: z.coerce.number(),
  may_identify: z.boolean(),
});
const Entry = z.object({ entry: z.string() });
const Count = z.object({ kind: z.string(), n: z.coerce.number() });
const Table = z.object({ schema: z.string(), table: z.string(), bytes: z.coerce.number() });

/** Objects of users that belong to no extension: pg_dump writes `CREATE EXTENSION` for those that do. */
const dumped = (alias: string, catalog: string): string => `
  n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${alias}.oid AND d.deptype = 'e')`;

/** Kinds of relation as tables of contents name them; the data of a table is an entry of its own. */
const relationEntries = `
  SELECT kind || ' ' || translate(n.nspname || ' ' || c.relname || ' ' || pg_get_userbyid(c.relowner), E'\\n\\r', '  ') AS entry
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL unnest(CASE c.relkind
    WHEN 'r' THEN ARRAY['TABLE', 'TABLE DATA'] WHEN 'p' THEN ARRAY['TABLE'] WHEN 'v' THEN ARRAY['VIEW']
    WHEN 'm' THEN ARRAY['MATERIALIZED VIEW'] WHEN 'S' THEN ARRAY['SEQUENCE'] WHEN 'f' THEN ARRAY['FOREIGN TABLE']
    ELSE ARRAY[]::text[] END) AS kind
  WHERE ${dumped('c', 'pg_class')}
  ORDER BY 1`;

const tableConstraints = `
  FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${dumped('c', 'pg_class')}`;

/** An index that was never finished is in no dump; of a partitioned table one that lacks partitions is. */
const kindCounts = `
  SELECT 'INDEX' AS kind, count(*) AS n FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${dumped('c', 'pg_class')} AND i.indisready AND (i.indisvalid OR c.relkind = 'p')
      AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))
  UNION ALL SELECT 'CONSTRAINT', count(*) ${tableConstraints} AND o.contype IN ('p', 'u', 'x')
  UNION ALL SELECT 'FK CONSTRAINT', count(*) ${tableConstraints} AND o.contype = 'f' AND o.conparentid = 0`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Exact numbers of rows of tables, one question each. */
export async function countRows(
  query: Query,
  tables: readonly { schema: string; table: string }[],
): Promise<number[]> {
  const counts: number[] = [];
  for (const { schema, table } of tables) {
    const [row] = await rowsOf(
      query,
      z.object({ n: z.coerce.number() }),
      `SELECT count(*) AS n FROM ONLY ${quoted(schema)}.${quoted(table)}`,
    );
    counts.push(row?.n ?? 0);
  }
  return counts;
}

/** Constraints and, sorted by their names, those of them that are not valid. */
export async function readConstraints(query: Query): Promise<{ all: number; invalid: string[] }> {
  const [found] = await rowsOf(
    query,
    z.object({ all: z.coerce.number(), invalid: z.array(z.string()) }),
    `SELECT count(*) AS all, coalesce(array_agg(n.nspname || '.' || c.relname || '.' || o.conname)
       FILTER (WHERE NOT o.convalidated), '{}')::text[] AS invalid ${tableConstraints} AND o.contype IN ('p', 'u', 'x', 'f', 'c')`,
  );
  // Not sorted by the server: another one may have another collation.
  return { all: found?.all ?? 0, invalid: (found?.invalid ?? []).toSorted() };
}

/** Of the server, by its control file. */
async function readIdentifier(query: Query): Promise<string | null> {
  const [found] = await rowsOf(
    query,
    z.object({ id: z.string() }),
    'SELECT system_identifier::text AS id FROM pg_control_system()',
  );
  return found?.id ?? null;
}

export type Identity = { version: string; major: number; database: string; systemIdentifier: string | null };

/** Which database of which server answers; the identifier is null where the account may not ask it. */
export async function readIdentity(query: Query): Promise<Identity> {
  const { version, major } = await readVersion(query);
  const [here] = await rowsOf(
    query,
    z.object({ database: z.string(), may: z.boolean() }),
    `SELECT current_database()::text AS database, has_function_privilege('pg_control_system()', 'EXECUTE') AS may`,
  );
  const systemIdentifier = here?.may === true ? await readIdentifier(query) : null;
  return { version, major, database: here?.database ?? '', systemIdentifier };
}

/** Version of a server, such as 15.18 and 15. */
export async function readVersion(query: Query): Promise<{ version: string; major: number }> {
  const [server] = await rowsOf(
    query,
    z.object({ version: z.string(), number: z.coerce.number() }),
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number`,
  );
  if (server === undefined) throw new Error('The server did not tell its version.');
  return {
    version: server.version.split(' ')[0] ?? server.version,
    major: Math.floor(server.number / 10_000),
  };
}

/**
 * Reads the catalog through a connection whose transaction has the snapshot that is being dumped. Throws what the
 * driver throws, such as for a table that the account may not read.
 */
export async function readCatalog(query: Query): Promise<Catalog> {
  const [server] = await rowsOf(
    query,
    Server,
    `SELECT current_database() AS database, current_setting('server_version') AS version,
       current_setting('server_version_num') AS number, pg_database_size(current_database()) AS bytes,
       has_function_privilege('pg_control_system()', 'EXECUTE') AS may_identify`,
  );
  if (server === undefined) throw new Error('The server did not say which database this is.');
  const systemIdentifier = server.may_identify ? await readIdentifier(query) : null;
  const entries = await rowsOf(query, Entry, relationEntries);
  const counts = await rowsOf(query, Count, kindCounts);
  const constraints = await readConstraints(query);
  const extensions = await rowsOf(
    query,
    z.object({ name: z.string() }),
    `SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
  );
  const tables = await rowsOf(
    query,
    Table,
    `SELECT n.nspname AS schema, c.relname AS table, pg_total_relation_size(c.oid) AS bytes
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND ${dumped('c', 'pg_class')} ORDER BY 3 DESC, 1, 2 LIMIT ${countedTables}`,
  );
  const rows = await countRows(query, tables);
  return {
    database: server.database,
    systemIdentifier,
    serverVersion: server.version.split(' ')[0] ?? server.version,
    serverMajor: Math.floor(server.number / 10_000),
    databaseBytes: server.bytes,
    entries: entries.map(({ entry }) => entry),
    counts: Object.fromEntries(counts.map(({ kind, n }) => [kind, n])),
    constraints: constraints.all,
    invalidConstraints: constraints.invalid,
    extensions: extensions.map(({ name }) => name),
    rows: tables.map((table, index) => ({ ...table, rows: rows[index] ?? 0 })),
  };
}
