import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database';
import { migrate } from './apply';
import { diagnose, drift } from './engine';
import { readMigrations } from './migrations';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ migrated: false });
});
afterAll(() => database.drop());

test('the migrations make exactly schema.prisma', async () => {
  expect(await drift(database.url)).toBe('');
});

test("Prisma's own engine finds our history complete, with the same checksums", async () => {
  const before = await diagnose(database.url);
  expect(before.history).toMatchObject({ diagnostic: 'databaseIsBehind' });
  await migrate(database.url);
  const after = await diagnose(database.url);
  expect(after).toMatchObject({
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
  });
  expect(after.history).toBeNull();
  expect(readMigrations().length).toBeGreaterThan(0);
});
