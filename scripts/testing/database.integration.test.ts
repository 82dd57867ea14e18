import { Client } from 'pg';
import { expect, test } from 'vitest';
import { shiftTime, testDatabase } from './database';

async function row(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

test('each database is migrated, its own, and gone after drop', async () => {
  const [one, two] = [await testDatabase(), await testDatabase()];
  expect(one.url).not.toBe(two.url);
  expect(await row(one.url, 'SELECT count(*)::int > 0 FROM _prisma_migrations')).toBe(true);
  await row(one.url, 'CREATE TABLE only_here (id int)');
  expect(await row(two.url, `SELECT to_regclass('only_here')`)).toBe(null);
  await one.drop();
  await expect(row(one.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
  await two.drop();
});

test("shiftTime moves the database's clock and adds up", async () => {
  const { url, drop } = await testDatabase();
  const hoursOff = `SELECT round(extract(epoch FROM app.now() - clock_timestamp()) / 3600)::int`;
  expect(await row(url, hoursOff)).toBe(0);
  await shiftTime(url, 3 * 3_600_000);
  await shiftTime(url, -3_600_000);
  expect(await row(url, hoursOff)).toBe(2);
  await drop();
});
