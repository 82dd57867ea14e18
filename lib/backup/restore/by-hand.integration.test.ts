import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RestoreWorld, restoreWorld } from './testing/world';

/** What docs/backups.md tells people to run when no worker is left. */
const page = fs.readFileSync(path.join(import.meta.dirname, '../../../docs/backups.md'), 'utf8');
const [look = '', before = '', back = ''] = [...page.matchAll(/```sql\n([^`]+)```/g)].map(
  (match) => match[1],
);

let world: RestoreWorld;
beforeAll(async () => {
  world = await restoreWorld();
});
afterAll(async () => {
  await run('ALTER DATABASE shop ALLOW_CONNECTIONS true');
  await world.stop();
});
beforeEach(() => world.clean());

const former = 'shop_pre_c0000012';
const fresh = 'shop_r_c0000012';
const run = async (sql: string) => {
  const client = new Client({ connectionString: world.server.urlOf('postgres') });
  await client.connect();
  try {
    // One statement after another, as somebody at a prompt.
    for (const statement of sql.split(';').map((one) => one.trim())) {
      if (statement !== '') await client.query(statement);
    }
  } finally {
    await client.end();
  }
};
const table = async () => {
  const rows = await world.ask<{ name: string; open: boolean }>(
    'postgres',
    `SELECT datname AS name, datallowconn AS open FROM pg_database WHERE datname LIKE 'shop%' ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, open }) => [name, open]));
};

test('before the switch the old database is opened, and the new one goes', async () => {
  await run(`CREATE DATABASE ${fresh} TEMPLATE template0; ALTER DATABASE shop ALLOW_CONNECTIONS false`);
  await run(look);
  await run(before);
  expect(await table()).toEqual({ shop: true });
});

test('after the switch the names change back together, and the restored one is closed', async () => {
  const old = await world.oidOf('shop');
  await run(`ALTER DATABASE shop ALLOW_CONNECTIONS false;
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop';
    ALTER DATABASE shop RENAME TO ${former}; CREATE DATABASE shop TEMPLATE template0`);
  await run(back);
  expect(await table()).toEqual({ shop: true, [fresh]: false });
  const [row] = await world.ask<{ oid: number }>(
    'postgres',
    `SELECT oid::int AS oid FROM pg_database WHERE datname = 'shop'`,
  );
  expect(row?.oid).toBe(old);
});
