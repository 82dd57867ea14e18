import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '@/scripts/testing/database';
import { readCatalog, readConstraints } from './catalog';

let database: Awaited<ReturnType<typeof testDatabase>>;
let client: Client;
const query = (sql: string) => client.query<Record<string, unknown>>(sql);
beforeAll(async () => {
  database = await testDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('an index that was never finished is not counted, as no dump has it; that of a partitioned table is', async () => {
  const indexes = async () => (await readCatalog(query)).counts['INDEX'] ?? 0;
  const before = await indexes();
  await query('CREATE TABLE doubled AS SELECT 1 AS n FROM generate_series(1, 2)');
  await expect(query('CREATE UNIQUE INDEX CONCURRENTLY unfinished ON doubled (n)')).rejects.toThrow(
    'could not create unique index',
  );
  const invalid = await query(`SELECT FROM pg_index WHERE NOT indisvalid`);
  expect(invalid.rowCount).toBe(1);
  expect(await indexes()).toBe(before);
  await query('CREATE TABLE parted (n int) PARTITION BY LIST (n)');
  await query('CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)');
  // Without its partitions it is not valid, and a dump has it all the same.
  await query('CREATE INDEX ON ONLY parted (n)');
  expect(await indexes()).toBe(before + 1);
});

test('constraints that are not valid are told by their names, in whatever order they were made', async () => {
  await query('CREATE TABLE late (n int)');
  for (const name of ['second', 'third', 'first']) {
    await query(`ALTER TABLE late ADD CONSTRAINT ${name} CHECK (n > 0) NOT VALID`);
  }
  const { invalid } = await readConstraints(query);
  expect(invalid.map((name) => name.split('.').at(-1))).toEqual(['first', 'second', 'third']);
});
