import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { restoreNames } from '@/lib/actuators/postgres/restore/names';
import { readRecord } from '@/lib/change/history/read-record';
import { abortChange, resumeChange } from '@/lib/change/steer-change';
import { viewChange } from '@/lib/change/view-change';
import { changeNumber } from '@/lib/core/ids';
import { type DataWorld, dataWorld } from './testing/data-world';
import { change, planned, reaches, requested, signed, until, type World } from './testing/world';

let data: DataWorld;
beforeAll(async () => {
  data = await dataWorld();
});
afterEach(() => data.clean());
afterAll(() => data.stop());

const ended = ['Succeeded', 'Failed', 'BackedOut', 'Voided'] as const;
const outcome = async (world: World, id: string): Promise<string> =>
  JSON.stringify((await change(world, id)).outcome);

const asideOf = (world: World, id: string) =>
  world.db.setAside.findMany({ where: { changeNumber: changeNumber(id) } });

let admin: Client;
beforeEach(async () => {
  admin = new Client({ connectionString: data.copies.server.urlOf('postgres') });
  await admin.connect();
});
afterEach(async () => {
  for (const { datname } of await databases())
    if (datname !== 'shop') await admin.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  await admin.end();
});
const databases = async () => {
  const { rows } = await admin.query<{ datname: string; datallowconn: boolean; oid: string }>(
    `SELECT datname, datallowconn, oid::int8 AS oid FROM pg_database WHERE datname LIKE 'shop%' ORDER BY datname`,
  );
  return rows;
};
/** Asked of whatever has the name now. */
async function inShop<T extends object>(sql: string): Promise<T[]> {
  const client = new Client({ connectionString: data.copies.server.urlOf('shop') });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}
const customers = async (): Promise<number> =>
  Number((await inShop<{ n: string }>('SELECT count(*) AS n FROM sales.customer'))[0]?.n);

/** As a service does: it asks all the time, and connects again when its session was ended. */
function service(): { stop: () => Promise<void> } {
  const url = new URL(data.copies.source);
  url.username = 'app';
  const pool = new Pool({ connectionString: url.toString(), max: 1, application_name: 'shop-api' });
  pool.on('error', () => undefined);
  const timer = setInterval(() => void pool.query('SELECT 1').catch(() => undefined), 200);
  return {
    stop: async () => {
      clearInterval(timer);
      await pool.end();
    },
  };
}
let running: ReturnType<typeof service>;
beforeEach(() => {
  running = service();
});
afterEach(() => running.stop());

async function provenCopy(): Promise<string> {
  const { id } = await data.copies.proven();
  return id;
}

async function approved(world: World, copy: string, more: object = {}): Promise<string> {
  const id = await requested(world, { kind: 'restore', database: 'shop', copy, ...more });
  await signed(world, id);
  return id;
}

test('a copy is put back, the service comes back on it, and an abort switches back', async () => {
  const copy = await provenCopy();
  const config = { ...data.configOf({ restore: 'superuser' }) };
  const patient = { ...config, timing: { ...config.timing, watch: 600 } };
  const world = data.under(patient);
  await data.start(patient);
  const before = await customers();
  await inShop(`INSERT INTO sales.customer (name) VALUES (gen_random_uuid())`);
  const session = await data.session();
  const [old] = await databases();
  const id = await approved(world, copy);
  const names = restoreNames('shop', changeNumber(id));
  await reaches(world, id, 'Watching', ...ended);
  expect((await change(world, id)).state, await outcome(world, id)).toBe('Watching');
  expect(session.isEnded()).toBe(true);
  expect(await customers()).toBe(before);
  const there = await databases();
  expect(there.map(({ datname, datallowconn }) => [datname, datallowconn])).toEqual([
    ['shop', true],
    [names.former, false],
  ]);
  expect(there.find(({ datname }) => datname === names.former)?.oid).toBe(old?.oid);
  expect(await world.db.backupCopy.count({ where: { changeNumber: changeNumber(id), state: 'kept' } })).toBe(
    1,
  );
  const view = await viewChange({ actor: world.people.sre, config: patient, id }, world.db);
  expect(view.steps.map(({ kind, state }) => [kind, state])).toEqual([
    ['copy', 'done'],
    ['close', 'done'],
    ['load', 'done'],
    ['switch', 'done'],
    ['watch', 'running'],
  ]);
  await inShop(`INSERT INTO sales.customer (name) VALUES (gen_random_uuid())`);
  await abortChange({ actor: world.people.devops, id, reason: 'the wrong copy' }, world.db);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state, await outcome(world, id)).toBe('BackedOut');
  expect(await customers()).toBe(before + 1);
  expect(await databases()).toMatchObject([
    { datname: 'shop', datallowconn: true, oid: old?.oid },
    { datname: names.fresh, datallowconn: false },
  ]);
  expect(await asideOf(world, id)).toMatchObject([{ serverName: names.fresh, state: 'kept' }]);
  // One person took production back: somebody else looks at it afterwards.
  expect((await change(world, id)).reviewDueAt).not.toBeNull();
  const record = await readRecord(patient, id, world.db);
  expect(record.planHashFits).toBe(true);
  const actions = (await data.copies.audit()).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['backup.load_asked', 'backup.load_done', 'change.intent']));
});

test('it ends well when the service was seen on the restored data, and the old database is kept', async () => {
  const copy = await provenCopy();
  const config = data.configOf({ restore: 'superuser' });
  const world = data.under(config);
  await data.start(config);
  const id = await approved(world, copy, { safetyCopy: false });
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state, await outcome(world, id)).toBe('Succeeded');
  expect(await outcome(world, id)).toMatch(/The old database is kept for 7 d as shop_pre_c/);
  expect(await world.db.backupCopy.count({ where: { changeNumber: changeNumber(id) } })).toBe(0);
  expect(await asideOf(world, id)).toMatchObject([
    { databaseId: 'shop', serverName: restoreNames('shop', changeNumber(id)).former, state: 'kept' },
  ]);
  const rows = await inShop<{ owner: string }>(
    `SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = 'sales'`,
  );
  expect(rows).toHaveLength(1);
});

test('an abort in the ten seconds before the first step changes nothing', async () => {
  const copy = await provenCopy();
  const config = data.configOf({ restore: 'superuser' });
  const world = data.under(config);
  await data.start(config);
  const id = await approved(world, copy);
  await reaches(world, id, 'Running', ...ended);
  await abortChange({ actor: world.people.devops, id, reason: 'not this one' }, world.db);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state).toBe('BackedOut');
  expect((await databases()).map(({ datname }) => datname)).toEqual(['shop']);
  expect(await world.db.intent.count({ where: { changeNumber: changeNumber(id) } })).toBe(0);
});

test('a rotten copy is not switched to: the old database opens again, and what was made is dropped', async () => {
  const copy = await provenCopy();
  const broken = data.copies.toolsWith(
    'pg_restore',
    'case "$*" in *shop_r_*) echo "pg_restore: error: could not uncompress data: (null)" >&2; exit 1;; esac\nexec $REAL "$@"',
  );
  const config = data.configOf({ restore: 'superuser', tools: broken });
  const world = data.under(config);
  await data.start(config);
  const id = await approved(world, copy, { safetyCopy: false });
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state, await outcome(world, id)).toBe('BackedOut');
  expect(await outcome(world, id)).toMatch(/could not be loaded: .*could not uncompress/);
  expect(await databases()).toMatchObject([{ datname: 'shop', datallowconn: true }]);
  expect((await change(world, id)).reviewDueAt).toBeNull();
});

test('a hand edit while it is closed holds the change and names what is there; told to go on, it goes on', async () => {
  const copy = await provenCopy();
  const slow = data.copies.toolsWith('pg_restore', 'case "$*" in *shop_r_*) sleep 4;; esac\nexec $REAL "$@"');
  const config = data.configOf({ restore: 'superuser', tools: slow });
  const world = data.under(config);
  await data.start(config);
  const id = await approved(world, copy, { safetyCopy: false });
  await until('it is closed', async () => (await databases()).some(({ datallowconn }) => !datallowconn));
  await admin.query('ALTER DATABASE shop ALLOW_CONNECTIONS true');
  await reaches(world, id, 'DriftHold', ...ended);
  expect((await change(world, id)).state).toBe('DriftHold');
  expect(JSON.stringify((await change(world, id)).hold)).toMatch(/let sessions into shop again/);
  await resumeChange({ actor: world.people.devops, id, reason: 'it was me, sorry' }, world.db);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state, await outcome(world, id)).toBe('Succeeded');
});

test('the plan tells what is lost, and refuses a copy that was never restored', async () => {
  await data.copies.make();
  const { id: copy } = await data.copies.newest();
  const config = data.configOf({ restore: 'superuser' });
  await data.start(config, { makes: false });
  const world = data.under(config);
  await inShop(`INSERT INTO sales.customer (name) VALUES (gen_random_uuid()), (gen_random_uuid())`);
  const { plan, prechecks } = await planned(world, { kind: 'restore', database: 'shop', copy }, config);
  expect(plan).toMatchObject({ data: { do: 'restore', rows: { differing: [{ table: 'sales.customer' }] } } });
  expect(prechecks).toContainEqual(expect.objectContaining({ id: 'copy', result: 'fail' }));
  expect(prechecks).toContainEqual(
    expect.objectContaining({
      id: 'loss',
      detail: expect.stringMatching(/Everything written since.*1 of them differs/),
    }),
  );
  expect(JSON.stringify({ plan, prechecks })).not.toContain('correct-horse');
  const none = '0b6b7c3e-6a53-4f6c-9d0a-0c5f1a1f2a3b';
  await expect(
    planned(world, { kind: 'restore', database: 'shop', copy: none }, config),
  ).resolves.toMatchObject({
    state: 'failed',
    problem: { message: expect.stringContaining('There is no such copy') },
  });
});

test('a copy that lost its proof between the signatures and the start is not put back', async () => {
  const copy = await provenCopy();
  const config = data.configOf({ restore: 'superuser' });
  const world = data.under(config);
  await data.start(config);
  const id = await requested(world, { kind: 'restore', database: 'shop', copy });
  await world.db.backupCopy.update({ where: { id: copy }, data: { level: 1 } });
  await signed(world, id);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).state).toBe('Voided');
  expect(await outcome(world, id)).toMatch(/not read in full.*new plan/);
  expect((await databases()).map(({ datname }) => datname)).toEqual(['shop']);
});
