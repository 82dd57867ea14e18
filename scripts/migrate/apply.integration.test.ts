import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database';
import { migrate, migrationStatus } from './apply';
import { type Migration, readMigrations } from './migrations';

const own = (name: string, sql: string): Migration => ({ name, sql, checksum: `checksum of ${sql}` });

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase({ migrated: false });
});
afterEach(() => database.drop());

async function rows(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

test('a fresh database gets every migration of the code, and the second run none', async () => {
  const names = readMigrations().map((migration) => migration.name);
  expect(names.length).toBeGreaterThan(0);
  expect(await migrate(database.url)).toEqual(names);
  expect(await migrate(database.url)).toEqual([]);
  expect(await migrationStatus(database.url)).toEqual({
    applied: names,
    pending: [],
    unknown: [],
    edited: [],
    failed: [],
  });
});

test('of three at once one migrates and the others wait for it', async () => {
  const slow = [
    own('1_slow', 'SELECT pg_sleep(0.3); CREATE TABLE once (id int)'),
    own('2_more', 'CREATE TABLE more (id int)'),
  ];
  const results = await Promise.all([1, 2, 3].map(() => migrate(database.url, slow)));
  expect(results.map((applied) => applied.length).sort()).toEqual([0, 0, 2]);
  expect(await rows('SELECT migration_name FROM _prisma_migrations ORDER BY started_at')).toEqual([
    '1_slow',
    '2_more',
  ]);
});

test('a database newer than the code is refused by name, and nothing is changed', async () => {
  const older = [own('1_first', 'CREATE TABLE first (id int)')];
  await migrate(database.url, [...older, own('9_future', 'CREATE TABLE future (id int)')]);
  const attempt = migrate(database.url, [...older, own('2_second', 'CREATE TABLE second (id int)')]);
  await expect(attempt).rejects.toThrow(/newer than this version of Signalbox: it holds 9_future/);
  expect(await rows(`SELECT to_regclass('second')`)).toEqual([null]);
});

test('a migration whose text changed after it ran is refused', async () => {
  await migrate(database.url, [own('1_first', 'CREATE TABLE first (id int)')]);
  const attempt = migrate(database.url, [own('1_first', 'CREATE TABLE first (id bigint)')]);
  await expect(attempt).rejects.toThrow(/another text of 1_first/);
});

test('a failing migration says where, leaves nothing behind, and runs again after the correction', async () => {
  const good = own('1_good', 'CREATE TABLE good (id int)');
  const attempt = migrate(database.url, [
    good,
    own('2_bad', 'CREATE TABLE half (id int);\nSELECT nonsense;'),
  ]);
  await expect(attempt).rejects.toThrow(
    /2_bad failed \(migration\.sql, line 2\): column "nonsense" does not exist/,
  );
  expect(await rows(`SELECT to_regclass('half'), to_regclass('good')::text`)).toEqual([null, 'good']);
  expect(await migrate(database.url, [good, own('2_bad', 'CREATE TABLE half (id int)')])).toEqual(['2_bad']);
});

test('a failure recorded by another tool is refused with its text', async () => {
  await migrate(database.url, []);
  await rows(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs) VALUES ('x', 'y', '1_first', 'disk full')`,
  );
  const attempt = migrate(database.url, [own('1_first', 'SELECT 1')]);
  await expect(attempt).rejects.toThrow(/1_first failed .*disk full/);
});

test('an unreachable database is an error with the address and without the password', async () => {
  const url = database.url.replace(/:\d+\//, ':1/');
  const error: unknown = await migrate(url, []).catch((caught: unknown) => caught);
  expect(String(error)).toMatch(/127\.0\.0\.1:1\/test_\w+ cannot be reached/);
  expect(String(error)).not.toContain(new URL(url).password);
});
