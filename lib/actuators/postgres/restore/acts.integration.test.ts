import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPostgres } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';
import { closeOld, dropMade, dropUnfinished, openOld, switchBack, switchOver } from './acts';
import { type Restore, raiseFence } from './fence';
import { seeDatabases } from './look';
import { makeDatabase } from './make';
import { restoreNames } from './names';
import { surveyDatabase } from './survey';

const password = 'correct-horse-battery';
const installation = '0b6b7c3e-6a53-4f6c-9d0a-0c5f1a1f2a3b';
const names = restoreNames('shop', 12);

let server: Awaited<ReturnType<typeof startPostgres>>;
let admin: Client;
let folder: string;
const keeper = () => ({ id: 'shop', restore: { url: { file: path.join(folder, 'url') } } });

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'restore-'));
  server = await startPostgres({
    version: 15,
    dataDir: path.join(stateRoot, 'test', `postgres-of-restore-${process.pid}`),
    port: await freePort(),
    databases: ['postgres'],
    durable: false,
    settings: { max_prepared_transactions: '5' },
  });
  admin = new Client({ connectionString: server.urlOf('postgres') });
  await admin.connect();
  await admin.query(`
    CREATE ROLE shopkeeper; CREATE ROLE reader LOGIN PASSWORD '${password}';
    CREATE ROLE restorer LOGIN CREATEDB PASSWORD '${password}' IN ROLE shopkeeper, pg_signal_backend, pg_read_all_stats`);
  const url = new URL(server.urlOf('postgres'));
  [url.username, url.password] = ['restorer', password];
  fs.writeFileSync(path.join(folder, 'url'), url.toString(), { mode: 0o600 });
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});

beforeEach(async () => {
  for (const name of [names.live, names.fresh, names.former]) {
    await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }
  await admin.query(`CREATE DATABASE shop OWNER shopkeeper CONNECTION LIMIT 90`);
  await admin.query(`COMMENT ON DATABASE shop IS 'Orders, see wiki'`);
});

const limit = { mayStill: () => true, withinSeconds: 60 };
async function restore(epoch = 1): Promise<Restore> {
  const { rows } = await admin.query<{ oid: string }>(
    `SELECT oid::int8 FROM pg_database WHERE datname = 'shop'`,
  );
  return {
    keeper: keeper(),
    names,
    oid: Number(rows[0]?.oid),
    fence: { change: 12, epoch, installation },
    limit,
  };
}

const table = async (): Promise<Record<string, { oid: number; open: boolean }>> => {
  const { rows } = await admin.query<{ name: string; oid: string; open: boolean }>(
    `SELECT datname AS name, oid::int8 AS oid, datallowconn AS open FROM pg_database WHERE datname LIKE 'shop%'`,
  );
  return Object.fromEntries(rows.map(({ name, oid, open }) => [name, { oid: Number(oid), open }]));
};

/** A session of the service, or of a superuser. */
async function inside(
  database: string,
  user = 'reader',
): Promise<{ client: Client; isEnded: () => boolean }> {
  const url = new URL(server.urlOf(database));
  if (user === 'reader') [url.username, url.password] = ['reader', password];
  const client = new Client({ connectionString: url.toString(), application_name: 'shop-api' });
  let ended = false;
  client.on('error', () => {
    ended = true;
  });
  await client.connect();
  return { client, isEnded: () => ended };
}

test('forth: made, closed, exchanged; services find the other database under the same name', async () => {
  const one = await restore();
  expect(await makeDatabase(one)).toEqual({ kind: 'done' });
  const session = await inside('shop');
  expect(await closeOld(one)).toEqual({ kind: 'done' });
  await expect.poll(session.isEnded).toBe(true);
  await expect(inside('shop')).rejects.toThrow(/not currently accepting connections/);
  const made = (await table())[names.fresh]?.oid;
  // Somebody looks at what was loaded: it gets the name all the same.
  const curious = await inside(names.fresh);
  expect(await switchOver(one)).toEqual({ kind: 'done' });
  await expect.poll(curious.isEnded).toBe(true);
  expect(await table()).toEqual({
    shop: { oid: made, open: true },
    [names.former]: { oid: one.oid, open: false },
  });
  const seen = await seeDatabases(one.keeper, names);
  expect(seen).toMatchObject({ live: { oid: made, mark: { change: 12, epoch: 1 } }, fresh: null });
});

test('back again: the old one has its name and lets sessions in, the restored one is kept and closed', async () => {
  const one = await restore();
  await makeDatabase(one);
  await closeOld(one);
  await switchOver(one);
  const made = (await table())['shop']?.oid;
  const session = await inside('shop');
  expect(await switchBack(one)).toEqual({ kind: 'done' });
  await expect.poll(session.isEnded).toBe(true);
  expect(await table()).toEqual({
    shop: { oid: one.oid, open: true },
    [names.fresh]: { oid: made, open: false },
  });
});

test('back before the exchange: opened, and what was made is dropped', async () => {
  const one = await restore();
  await makeDatabase(one);
  await closeOld(one);
  expect(await openOld(one)).toEqual({ kind: 'done' });
  expect(await dropMade(one)).toEqual({ kind: 'done' });
  expect(await table()).toEqual({ shop: { oid: one.oid, open: true } });
});

test('a claim that may not act any more makes nothing, also while nothing carries a fence', async () => {
  const late = { ...(await restore()), limit: { ...limit, mayStill: () => false } };
  expect(await makeDatabase(late)).toEqual({ kind: 'late' });
  expect(await table()).toEqual({ shop: { oid: late.oid, open: true } });
});

test('a claim that a later one has overtaken does nothing any more, whatever it wants', async () => {
  const stale = await restore(1);
  const later = { ...stale, fence: { ...stale.fence, epoch: 2 } };
  await makeDatabase(stale);
  expect(await raiseFence(later)).toEqual({ kind: 'done' });
  for (const act of [closeOld, switchOver, switchBack, openOld, dropMade, raiseFence])
    expect(await act(stale)).toEqual({ kind: 'newer' });
  expect(await table()).toMatchObject({ shop: { oid: stale.oid, open: true } });
  // The later one goes back altogether: without the database that carries the fence nothing acts.
  expect(await dropMade(later)).toEqual({ kind: 'done' });
  for (const act of [closeOld, switchOver, switchBack, openOld])
    expect(await act(stale)).toEqual({ kind: 'moved' });
  expect(await table()).toEqual({ shop: { oid: stale.oid, open: true } });
});

test('what another change made is not touched', async () => {
  const one = await restore();
  await makeDatabase(one);
  const other = { ...one, fence: { ...one.fence, change: 13 } };
  const elsewhere = { ...one, fence: { ...one.fence, installation: installation.replace('0', '1') } };
  for (const stranger of [other, elsewhere])
    for (const act of [closeOld, switchOver, openOld, dropMade])
      expect(await act(stranger)).toEqual({ kind: 'moved' });
  expect(await makeDatabase(other)).toEqual({ kind: 'moved' });
});

test('a name that somebody else changed, gave or took stops each act', async () => {
  const one = await restore();
  await makeDatabase(one);
  await closeOld(one);
  await admin.query(`CREATE DATABASE "${names.former}"`);
  expect(await switchOver(one)).toEqual({ kind: 'moved' });
  await admin.query(`DROP DATABASE "${names.former}"`);
  await admin.query('ALTER DATABASE shop RENAME TO shop_elsewhere');
  expect(await switchOver(one)).toEqual({ kind: 'moved' });
  expect(await dropMade(one)).toEqual({ kind: 'moved' });
  await admin.query('ALTER DATABASE shop_elsewhere RENAME TO shop');
  expect(await switchOver(one)).toEqual({ kind: 'done' });
});

test('the exchange is all or nothing: somebody whom nobody can end keeps both names', async () => {
  const one = await restore();
  await makeDatabase(one);
  const made = (await table())[names.fresh]?.oid;
  const { client } = await inside(names.fresh, 'superuser');
  await client.query('BEGIN; CREATE TABLE t (n int)');
  await client.query(`PREPARE TRANSACTION 'left'`);
  await client.end();
  await closeOld(one);
  expect(await switchOver(one)).toEqual({ kind: 'busy' });
  expect(await table()).toMatchObject({ shop: { oid: one.oid, open: false }, [names.fresh]: { oid: made } });
  await admin.query(`ALTER DATABASE "${names.fresh}" ALLOW_CONNECTIONS true`);
  const again = await inside(names.fresh, 'superuser');
  await again.client.query(`ROLLBACK PREPARED 'left'`);
  // Its own session is one that our account may not end.
  expect(await switchOver(one)).toEqual({ kind: 'busy' });
  await again.client.end();
  expect(await switchOver(one)).toEqual({ kind: 'done' });
});

test('what was begun and not finished is finished by the next, or dropped', async () => {
  const one = await restore();
  await admin.query(`GRANT CREATE ON DATABASE shop TO reader; REVOKE CONNECT ON DATABASE shop FROM PUBLIC`);
  await admin.query(`CREATE DATABASE "${names.fresh}" OWNER shopkeeper`);
  expect(await dropMade(one)).toEqual({ kind: 'moved' });
  expect(await makeDatabase(one)).toEqual({ kind: 'done' });
  expect(await makeDatabase(one)).toEqual({ kind: 'done' });
  const { rows } = await admin.query<{ creates: boolean; connects: boolean }>(
    `SELECT has_database_privilege('reader', $1, 'CREATE') AS creates, has_database_privilege('reader', $1, 'CONNECT') AS connects`,
    [names.fresh],
  );
  expect(rows).toEqual([{ creates: true, connects: false }]);
  await dropMade(one);
  await admin.query(`CREATE DATABASE "${names.fresh}" OWNER shopkeeper`);
  expect(await dropUnfinished(one)).toEqual({ kind: 'done' });
  expect(await dropUnfinished(one)).toEqual({ kind: 'done' });
});

test('the new one has what no dump holds: owner, encoding, locale, limit, settings, rights, comment', async () => {
  const one = await restore();
  await admin.query('ALTER ROLE restorer CREATEROLE');
  await admin.query(`
    ALTER DATABASE shop SET search_path TO "$user", sales, public;
    ALTER DATABASE shop SET work_mem TO '11MB';
    ALTER ROLE shopkeeper IN DATABASE shop SET statement_timeout TO '90s';
    GRANT CONNECT, TEMPORARY ON DATABASE shop TO reader WITH GRANT OPTION`);
  expect(await makeDatabase(one)).toEqual({ kind: 'done' });
  const properties = async (name: string) => {
    const { rows } = await admin.query(
      `SELECT pg_get_userbyid(datdba) AS owner, encoding, datcollate, datctype, datlocprovider, daticulocale,
         datconnlimit, dattablespace,
         (SELECT json_agg(json_build_array(setrole::regrole, setconfig) ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings,
         (SELECT json_agg(x::text ORDER BY x::text) FROM unnest(datacl) x) AS rights
       FROM pg_database d WHERE datname = $1`,
      [name],
    );
    return rows[0];
  };
  const [old, made] = [await properties('shop'), await properties(names.fresh)];
  expect(made).toMatchObject({ ...old, rights: expect.anything() });
  const mayGive = await admin.query<{ may: boolean }>(
    `SELECT has_database_privilege('reader', $1, 'CONNECT WITH GRANT OPTION') AS may`,
    [names.fresh],
  );
  expect(mayGive.rows).toEqual([{ may: true }]);
  const { fresh } = await seeDatabases(one.keeper, names);
  expect(fresh?.comment?.split('\n')).toEqual([
    `signalbox restore c-12/1 of ${installation}`,
    'Orders, see wiki',
  ]);
});

test('an account without the rights is told so, and nothing is half done', async () => {
  const one = await restore();
  await admin.query('REVOKE shopkeeper FROM restorer');
  try {
    expect(await makeDatabase(one)).toEqual({
      kind: 'refused',
      sentence: expect.stringContaining('CREATEDB and pg_signal_backend'),
    });
    expect(Object.keys(await table())).toEqual(['shop']);
    expect(await surveyDatabase(one.keeper, 'shop')).toMatchObject({
      isOwner: false,
      mayCreate: true,
      mayEnd: true,
    });
  } finally {
    await admin.query('GRANT shopkeeper TO restorer');
  }
});

test('a survey tells who is in it and what holds its name', async () => {
  const { client } = await inside('shop');
  await inside('shop');
  const found = await surveyDatabase(keeper(), 'shop');
  expect(found).toMatchObject({
    owner: 'shopkeeper',
    open: true,
    sessions: 2,
    prepared: 0,
    slots: [],
    isOwner: true,
  });
  await client.end();
  expect(await surveyDatabase(keeper(), 'none')).toBeNull();
});
