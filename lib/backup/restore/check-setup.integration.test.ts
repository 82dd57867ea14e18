import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkBackups } from '../check-setup';
import { type RestoreWorld, restoreWorld } from './testing/world';

let world: RestoreWorld;
beforeAll(async () => {
  world = await restoreWorld();
  const superuser = new URL(world.server.url).username;
  await world.admin.query(`CREATE ROLE keeper LOGIN CREATEDB PASSWORD 'pw' IN ROLE shop_owner, pg_signal_backend;
    GRANT "${superuser}" TO keeper`);
});
afterAll(() => world.stop());
afterEach(() =>
  world.admin.query('ALTER ROLE keeper CREATEDB; GRANT shop_owner, pg_signal_backend TO keeper'),
);

const urlOf = (database = 'postgres') => {
  const url = new URL(world.server.urlOf(database));
  [url.username, url.password] = ['keeper', 'pw'];
  return url.href;
};
const lines = async (url: string, more: object = {}) => {
  const config = world.config({}, { restore: { url: world.secret('checked.url', url) }, ...more });
  return (await checkBackups(config))
    .filter(({ subject }) => subject === 'Restores of shop')
    .map(({ state, says }) => `${state}: ${says}`);
};

test('an account that may restore is told, with what it cannot look at', async () => {
  expect(await lines(world.server.urlOf('postgres'))).toEqual([
    expect.stringMatching(/^ok: the account \w+ may make, load and exchange databases at the server of shop/),
  ]);
  expect(await lines(urlOf())).toEqual([
    expect.stringMatching(/^ok: the account keeper may make/),
    'note: the account keeper is no superuser: pg_amcheck does not look at a database that was loaded.',
  ]);
});

test.each([
  ['ALTER ROLE keeper NOCREATEDB', 'it may not create databases (ALTER ROLE "keeper" CREATEDB;).'],
  ['REVOKE shop_owner FROM keeper', 'it is no member of the owner (GRANT "shop_owner" TO "keeper";).'],
  ['REVOKE pg_signal_backend FROM keeper', 'it may not end sessions (GRANT pg_signal_backend TO "keeper";).'],
])('after %s what is lacking is named, with its GRANT', async (sql, says) => {
  await world.admin.query(sql);
  const [line] = await lines(urlOf());
  expect(line).toMatch(/^wrong: the account keeper may not restore: /);
  expect(line).toContain(says);
});

test('owners inside and extensions that only a superuser may create are named', async () => {
  const shop = await world.client('shop');
  await shop.query(
    'CREATE ROLE stranger; CREATE TABLE sales.odd (id int); ALTER TABLE sales.odd OWNER TO stranger',
  );
  await shop.query('CREATE EXTENSION amcheck');
  try {
    const [line] = await lines(urlOf());
    expect(line).toContain(
      'it may not give objects to their owner stranger (GRANT "stranger" TO "keeper";).',
    );
    expect(line).toContain('only a superuser may create the extension amcheck');
  } finally {
    await shop.query('DROP TABLE sales.odd; DROP ROLE stranger; DROP EXTENSION amcheck');
    await shop.end();
  }
});

test('a URL of the database itself, of another server, or of none is refused', async () => {
  expect(await lines(urlOf('shop'))).toEqual([
    expect.stringMatching(
      /^wrong: .*names the database shop, which is the one that is replaced.*such as postgres\.$/,
    ),
  ]);
  expect(await lines(world.database.url)).toEqual([
    expect.stringMatching(
      /^wrong: databases\[\]\.restore\.url and databases\[\]\.url of Shop name different servers\.$/,
    ),
  ]);
  const [away] = await lines('postgresql://u:hidden-word@127.0.0.1:9/postgres');
  expect(away).toMatch(/^wrong: .*ECONNREFUSED/);
  expect(away).not.toContain('hidden-word');
});

test('an account without copies to put back is told, also where nothing is copied at all', async () => {
  expect(await lines(urlOf(), { backup: undefined })).toContain(
    'note: no copies are made of it (backup), so there are none to put back.',
  );
});
