import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RestoreWorld, restoreWorld } from './testing/world';

let world: RestoreWorld;
let copy: { id: string; object: string };
beforeAll(async () => {
  world = await restoreWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.clean();
  copy = await world.proven(world.config());
});
const tablesIn = async (name: string) => {
  const [row] = await world.ask<{ n: number }>(
    name,
    `SELECT count(*)::int AS n FROM pg_class WHERE relkind = 'r' AND oid >= 16384`,
  );
  return row?.n;
};
describe('a load that succeeds', () => {
  test('has rows, owners, rights and publications of the copy, leaves no tool behind, and is on record', async () => {
    const { number, into } = await world.asked(copy.id);
    expect(await world.fact(number)).toEqual({ state: 'wanted' });
    expect(await world.load()).toBe(1);
    expect(await world.fact(number)).toEqual({ state: 'done', seconds: expect.any(Number) });
    const [seen] = await world.ask(
      into,
      `SELECT (SELECT count(*)::int FROM sales."order line") AS lines,
        (SELECT tableowner FROM pg_tables WHERE tablename = 'customer') AS owner,
        has_table_privilege('shop_reader', 'sales.customer', 'SELECT') AS "mayRead",
        has_table_privilege('shop_reader', 'sales."order line"', 'SELECT') AS "mayReadLines",
        has_function_privilege('shop_reader', 'sales.customers()', 'EXECUTE') AS "mayCall",
        (SELECT count(*)::int FROM pg_publication) AS publications,
        (SELECT array_agg(extname::text) FROM pg_extension) AS extensions`,
    );
    expect(seen).toEqual({
      lines: 20_000,
      owner: 'shop_owner',
      mayRead: true,
      mayReadLines: false,
      mayCall: true,
      publications: 1,
      extensions: ['plpgsql'],
    });
    const row = await world.row(number);
    expect(row).toMatchObject({
      state: 'done',
      phase: null,
      leaseOwner: null,
      isFaultOfCopy: false,
      databaseName: into,
      sentence: 'The database has the rows, constraints and indexes of the copy.',
    });
    expect(z.array(z.object({ phase: z.string() })).parse(row.phases)).toEqual(
      ['fetch', 'load', 'index', 'checks'].map((phase) => ({ phase })),
    );
    expect(row.evidence).toContainEqual(
      expect.objectContaining({ what: 'Damage that pg_amcheck sees', found: 'none', isRight: true }),
    );
    expect((await world.told()).map(({ action, result }) => [action, result])).toEqual([
      ['backup.load_asked', 'ok'],
      ['backup.load_started', 'ok'],
      ['backup.load_done', 'ok'],
    ]);
  });

  test('keeps amcheck where the copy has it', async () => {
    const shop = await world.client('shop');
    await shop.query('CREATE EXTENSION amcheck');
    try {
      const { id } = await world.proven(world.config());
      const { number, into } = await world.asked(id);
      await world.load();
      expect(await world.fact(number)).toMatchObject({ state: 'done' });
      expect(await world.ask(into, `SELECT 1 FROM pg_extension WHERE extname = 'amcheck'`)).toHaveLength(1);
    } finally {
      await shop.query('DROP EXTENSION amcheck');
      await shop.end();
    }
  });

  test('of two workers one carries it out, and none a second time', async () => {
    const { number } = await world.asked(copy.id);
    const begun = await Promise.all([world.load(undefined, 'one'), world.load(undefined, 'two')]);
    expect(begun.toSorted()).toEqual([0, 1]);
    expect(await world.fact(number)).toMatchObject({ state: 'done' });
    expect(await world.load()).toBe(0);
  });

  test('by an account that is no superuser says that nobody looked for damage', async () => {
    const url = new URL(world.server.urlOf('postgres'));
    await world.admin.query(
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'restorer') THEN
         CREATE ROLE restorer LOGIN CREATEDB PASSWORD 'pw'; END IF; END $$;
       GRANT shop_owner TO restorer; GRANT "${url.username}" TO restorer`,
    );
    [url.username, url.password] = ['restorer', 'pw'];
    const restore = { url: world.secret('restorer.url', url.href) };
    const { number } = await world.asked(copy.id);
    await world.load(world.config({}, { restore }));
    expect(await world.fact(number)).toMatchObject({ state: 'done' });
    expect((await world.row(number)).evidence).toContainEqual({
      what: 'Damage that pg_amcheck sees',
      expected: null,
      found: 'not run: the account restorer is no superuser',
      isRight: null,
    });
  });
});

describe('a load that is refused before it begins', () => {
  test('into a database of another OID', async () => {
    const { number, into } = await world.begun();
    const shop = await world.oidOf('shop');
    await world.want(copy.id, { number, into, oid: shop });
    await world.load();
    expect(await world.fact(number)).toMatchObject({
      state: 'failed',
      isFaultOfCopy: false,
      why: expect.stringMatching(/is another one than the change made: its OID is \d+ and not \d+/),
    });
    expect(await tablesIn(into)).toBe(0);
  });

  test.each([
    ['a table', 'CREATE TABLE mine (id int)', /not empty \(1 relations/],
    ['a schema', 'CREATE SCHEMA mine', /not empty \(1 schemas\)/],
    [
      'a function',
      `CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      /not empty \(1 functions\)/,
    ],
    ['an extension', 'CREATE EXTENSION pgcrypto', /1 extensions/],
    ['a large object', 'SELECT lo_create(0)', /1 large objects/],
  ])('into a database that has %s', async (_, sql, says) => {
    const begun = await world.begun();
    await world.ask(begun.into, sql);
    await world.want(copy.id, begun);
    await world.load();
    expect(await world.fact(begun.number)).toMatchObject({
      state: 'failed',
      isFaultOfCopy: false,
      why: expect.stringMatching(says),
    });
    expect(await world.row(begun.number)).toMatchObject({ phase: null });
  });

  test('of a copy that is not kept any more: the change hears it at once', async () => {
    const begun = await world.begun();
    await world.db
      .$executeRaw`UPDATE backup_copy SET state = 'tombstoned', delete_after = app.now() WHERE id = ${copy.id}::uuid`;
    expect(await world.want(copy.id, begun)).toBe(true);
    expect(await world.fact(begun.number)).toEqual({
      state: 'failed',
      why: 'The copy is not kept any more (marked for deletion).',
      isFaultOfCopy: false,
    });
    expect(await world.load()).toBe(0);
  });

  test('of a copy of another database', async () => {
    const begun = await world.begun();
    await world.want(crypto.randomUUID(), begun);
    expect(await world.fact(begun.number)).toMatchObject({ why: 'There is no such copy of the database.' });
  });
});

describe('who asks', () => {
  test('asks once: a second time nothing is written', async () => {
    const begun = await world.begun();
    expect(await Promise.all([world.want(copy.id, begun), world.want(copy.id, begun)])).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(await world.db.restoreRun.count()).toBe(1);
  });

  test('keeps the copy from retention, and waits for the load of another change', async () => {
    const one = await world.asked(copy.id);
    const two = await world.begun();
    expect(await world.want(copy.id, two)).toBe(false);
    expect(await world.fact(two.number)).toEqual({ state: 'none' });
    await world.stopLoad(one.number);
    expect(await world.want(copy.id, two)).toBe(true);
  });

  test.each<[string, (number: number) => Promise<unknown>]>([
    ['goes back', (number) => world.db.change.update({ where: { number }, data: { backingOut: true } })],
    ['is held', (number) => world.db.change.update({ where: { number }, data: { state: 'Paused' } })],
    [
      'is aborted',
      (number) =>
        world.db.$executeRaw`INSERT INTO command (change_number, kind, actor_id, actor_name, reason)
          VALUES (${number}, 'abort', gen_random_uuid(), 'Sam Reyes', 'wrong copy')`,
    ],
    [
      'is under a switch',
      () =>
        world.db
          .$executeRaw`INSERT INTO kill_switch (verb, scope, reason, pulled_by_id, pulled_by_name, pulled_by_email)
          VALUES ('freeze', 'everywhere', 'drill', gen_random_uuid(), 'Sam Reyes', 'sam@example.com')`,
    ],
  ])('has nothing loaded while the change %s', async (_, make) => {
    const { number } = await world.asked(copy.id);
    await make(number);
    expect(await world.load()).toBe(0);
    expect(await world.fact(number)).toEqual({ state: 'wanted' });
  });
});
