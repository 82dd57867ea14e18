import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { createDatabase, type Database } from './client';
import { newestMigration, requireSchema, schemaState } from './schema-version';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

test('tables of this version fit, older ones ask to be migrated, newer ones are refused', async () => {
  expect(await schemaState(db)).toBe('fits');
  await requireSchema(db);
  await db.$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = ${newestMigration}`;
  await expect(requireSchema(db)).rejects.toThrow('has not been migrated');
  await db.$executeRaw`UPDATE _prisma_migrations SET finished_at = app.now()`;
  await db.$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
    VALUES ('later', '', '29990101000000_later', app.now(), app.now(), 1)`;
  await expect(requireSchema(db)).rejects.toThrow('newer version');
});
