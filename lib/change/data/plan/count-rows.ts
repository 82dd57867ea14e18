import 'server-only';
import { type Catalog, countedTables, readCatalog } from '@/lib/backup/catalog';
import { readTarget } from '@/lib/backup/connection';
import { redact } from '@/lib/backup/run-tool';
import { withSession } from '@/lib/backup/session';
import type { DirectBackup } from '@/lib/config/database';
import { messageOf } from '@/lib/core/errors';
import type { RestoreData } from '../contract';

export type Rows = RestoreData['rows'];

/** Each count reads a table; a database that takes longer is told as not counted. */
const COUNT_SECONDS = 60;
const NAMED = 20;

/** Rows by table of what the database has now, all of one moment; or why they are not known. */
export async function countNow(
  name: string,
  { url }: DirectBackup,
): Promise<{ rows: Catalog['rows'] } | { problem: string }> {
  const target = readTarget(url, `the copies of ${name}`);
  try {
    const { rows } = await withSession(
      target,
      {
        appName: 'signalbox',
        answerSeconds: COUNT_SECONDS,
        signal: AbortSignal.timeout(COUNT_SECONDS * 1000),
      },
      async (client) => {
        await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        await client.query(
          `SET LOCAL statement_timeout = '${COUNT_SECONDS}s'; SET LOCAL lock_timeout = '2s'`,
        );
        return readCatalog((sql) => client.query<Record<string, unknown>>(sql));
      },
    );
    return { rows };
  } catch (error) {
    return { problem: redact(messageOf(error), [target.password]) };
  }
}

/** What the copy has and what there is now, by table; those that differ most first. `now` null: it is not known. */
export function compareRows(copy: Catalog['rows'], now: Catalog['rows'] | null): Rows {
  const sum = (rows: Catalog['rows']) => rows.reduce((total, { rows: n }) => total + n, 0);
  if (now === null) return { tables: copy.length, copy: sum(copy), now: null, differing: [], unnamed: 0 };
  const key = ({ schema, table }: { schema: string; table: string }) => `${schema}.${table}`;
  const before = new Map(copy.map((one) => [key(one), one.rows]));
  const after = new Map(now.map((one) => [key(one), one.rows]));
  // Beyond the tables that are counted, absent is not known and not "no such table".
  const isPart = copy.length >= countedTables || now.length >= countedTables;
  const tables = [...new Set([...before.keys(), ...after.keys()])].filter(
    (table) => !isPart || (before.has(table) && after.has(table)),
  );
  const differing = tables
    .map((table) => ({ table, copy: before.get(table) ?? null, now: after.get(table) ?? null }))
    .filter((one) => one.copy !== one.now)
    .sort((left, right) => distance(right) - distance(left) || left.table.localeCompare(right.table));
  const counted = (rows: Map<string, number>) =>
    tables.reduce((total, table) => total + (rows.get(table) ?? 0), 0);
  return {
    tables: tables.length,
    copy: counted(before),
    now: counted(after),
    differing: differing.slice(0, NAMED),
    unnamed: Math.max(0, differing.length - NAMED),
  };
}

const distance = ({ copy, now }: { copy: number | null; now: number | null }): number =>
  copy === null || now === null ? Number.POSITIVE_INFINITY : Math.abs(copy - now);
