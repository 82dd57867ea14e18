import { OpsError } from '@/lib/core/errors';

/** The last migration that this code needs; a test holds it equal to the newest folder of prisma/migrations. */
export const newestMigration = '20261122190000_measured_shares';

type Reader = { $queryRaw: <T>(query: TemplateStringsArray, ...values: unknown[]) => Promise<T> };

/** How the tables fit this code: a newer database was migrated by a later version. Throws when it cannot be read. */
export async function schemaState(db: Reader): Promise<'fits' | 'older' | 'newer'> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const names = rows.map(({ name }) => name);
  if (names.some((name) => name > newestMigration)) return 'newer';
  return names.includes(newestMigration) ? 'fits' : 'older';
}

/** Refuses to work on tables of another version. Throws OpsError `precondition` that says what to do. */
export async function requireSchema(db: Reader): Promise<void> {
  const state = await schemaState(db);
  if (state === 'newer') {
    throw new OpsError('precondition', 'The database was migrated by a newer version of Signalbox.', {
      next: 'Start that version or a later one; this one would misread its tables.',
    });
  }
  if (state === 'older') {
    throw new OpsError('precondition', 'The database has not been migrated to this version.', {
      next: 'Run npx signalbox db migrate, then start again.',
    });
  }
}
