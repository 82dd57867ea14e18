import type { Client } from 'pg';
import type { Migration } from './migrations';

/**
 * The table of `prisma migrate deploy`, so that either tool can go on where the other stopped.
 * Columns as in prisma-engines, sql-schema-connector.
 */
export const CREATE_HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

export type Applied = { name: string; checksum: string; finished: boolean; logs: string | null };

export async function readHistory(client: Client): Promise<Applied[]> {
  const exists = await client.query<{ found: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`,
  );
  if (!exists.rows[0]?.found) return [];
  const { rows } = await client.query<{
    name: string;
    checksum: string;
    finished: boolean;
    logs: string | null;
  }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

/** How a database stands to this code. `unknown` is not empty when a newer version has migrated it. */
export type Standing = {
  applied: string[];
  pending: string[];
  unknown: string[];
  edited: string[];
  failed: { name: string; logs: string }[];
};

/** Pure comparison of the migrations of the code with the history of the database. */
export function compare(code: readonly Migration[], history: readonly Applied[]): Standing {
  const finished = new Map(history.filter((row) => row.finished).map((row) => [row.name, row]));
  const known = new Set(code.map((migration) => migration.name));
  return {
    applied: code.filter((migration) => finished.has(migration.name)).map((migration) => migration.name),
    pending: code.filter((migration) => !finished.has(migration.name)).map((migration) => migration.name),
    unknown: [...finished.keys()].filter((name) => !known.has(name)),
    edited: code
      .filter(
        (migration) => (finished.get(migration.name)?.checksum ?? migration.checksum) !== migration.checksum,
      )
      .map((migration) => migration.name),
    failed: history
      .filter((row) => !row.finished && !finished.has(row.name))
      .map((row) => ({ name: row.name, logs: row.logs ?? '' })),
  };
}
