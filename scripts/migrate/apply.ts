import crypto from 'node:crypto';
import type { Client } from 'pg';
import { UserError } from '../setup/user-error';
import { addressOf, connect } from './connect';
import { CREATE_HISTORY, compare, readHistory, type Standing } from './history';
import { type Migration, readMigrations } from './migrations';

/** The advisory lock of Prisma's own migrate (prisma-engines), so that the two never run at once. */
const LOCK_KEY = 72_707_369;

/**
 * Brings the database to this code: applies what is pending, each migration in a transaction of its own. Harmless
 * to repeat, and to run from several processes at once (the others wait). Returns the names it applied.
 * Throws UserError when the database is newer than the code, was migrated with other text, or a migration fails;
 * then the failed one left nothing behind.
 */
export async function migrate(
  url: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const client = await connect(url);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    const standing = compare(migrations, await readHistory(client));
    refuseForeign(standing, addressOf(url));
    await client.query(CREATE_HISTORY);
    for (const migration of migrations) {
      if (standing.pending.includes(migration.name)) await applyOne(client, migration);
    }
    return standing.pending;
  } finally {
    await client.end();
  }
}

/** How the database stands to this code, without changing it. */
export async function migrationStatus(
  url: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Standing> {
  const client = await connect(url);
  try {
    return compare(migrations, await readHistory(client));
  } finally {
    await client.end();
  }
}

/** Throws UserError for each standing that this code must not work with. */
export function refuseForeign(standing: Standing, address: string): void {
  if (standing.unknown.length > 0) {
    throw new UserError(
      `The database at ${address} is newer than this version of Signalbox: it holds ${standing.unknown.join(', ')}, which this version does not know. Nothing was changed.`,
      'Start the newer version of Signalbox, or restore a backup from before the upgrade.',
    );
  }
  if (standing.edited.length > 0) {
    throw new UserError(
      `The database at ${address} was migrated with another text of ${standing.edited.join(', ')}. Nothing was changed.`,
      'Restore the file as it was and put the difference into a new migration. Data that may be lost: start over (npm run demo -- --reset).',
    );
  }
  const failed = standing.failed[0];
  if (failed) {
    throw new UserError(
      `An earlier run of migration ${failed.name} failed in the database at ${address} and was not resolved: ${failed.logs}`,
      'Undo what it left, then mark it: UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL;',
    );
  }
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  const startedAt = new Date();
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, now(), 1)`,
      [crypto.randomUUID(), migration.checksum, migration.name, startedAt],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw explainFailure(migration, error);
  }
}

function explainFailure(migration: Migration, error: unknown): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const position = error instanceof Error && 'position' in error ? Number(error.position) : Number.NaN;
  const line = Number.isFinite(position) ? migration.sql.slice(0, position).split('\n').length : undefined;
  const where = line === undefined ? '' : `, line ${line}`;
  return new UserError(
    `Migration ${migration.name} failed (migration.sql${where}): ${message}. It was rolled back; the ones before it stay.`,
    'Correct the cause and run the migration again: it starts with this one.',
    error,
  );
}
