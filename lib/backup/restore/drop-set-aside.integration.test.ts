import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { markOf, readMark } from '@/lib/actuators/postgres/restore/mark';
import { databaseNow } from '@/lib/db/transaction';
import { shiftTime } from '@/scripts/testing/database';
import { installationId } from '../installation';
import { until } from '../testing/world';
import { backupsView } from '../view';
import { dropSetAside } from './drop-set-aside';
import { type RestoreWorld, restoreWorld } from './testing/world';

let world: RestoreWorld;
beforeAll(async () => {
  world = await restoreWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.clean();
  await world.admin.query('COMMENT ON DATABASE shop IS NULL');
});

const week = 7 * 86_400;
const drop = (config = world.config()) => dropSetAside(world.copier(config), readMark);
const names = async () =>
  (
    await world.ask<{ name: string }>(
      'postgres',
      `SELECT datname AS name FROM pg_database WHERE datname ~ '^shop_'`,
    )
  ).map(({ name }) => name);
const comment = async (name: string, change: number, installation?: string) => {
  const of = installation ?? (await installationId(world.db));
  await world.admin.query(
    `COMMENT ON DATABASE "${name}" IS '${markOf({ change, epoch: 1, installation: of })}'`,
  );
};
const sentence = async () => (await world.db.setAside.findFirstOrThrow()).sentence;
const goodCopy = () => world.proven(world.config());

type Given = { suffix?: 'pre' | 'r'; state?: string; mark?: boolean };

/** A restore that has ended and set a database aside a week ago, and everything that lets it go but a copy. */
async function aside({ suffix = 'pre', state = 'Succeeded', mark = true }: Given = {}) {
  const { number } = await world.change({ state, finishedAt: new Date() });
  const name = `shop_${suffix}_c${String(number).padStart(7, '0')}`;
  await world.admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
  // After the switch the one that was made has the name of the service, and its mark with it.
  if (mark) await comment(suffix === 'pre' ? 'shop' : name, number);
  const now = await databaseNow(world.db);
  await world.db.setAside.create({
    data: {
      databaseId: 'shop',
      changeNumber: number,
      serverName: name,
      oid: await world.oidOf(name),
      setAsideAt: now,
      dropAfter: new Date(now.getTime() + week * 1000),
    },
  });
  await shiftTime(world.database.url, (week + 60) * 1000);
  return { number, name };
}

describe('a database that was set aside', () => {
  test.each(['pre', 'r'] as const)(
    'is dropped when everything holds (_%s_), once, and on record',
    async (suffix) => {
      const { number, name } = await aside({ suffix, state: suffix === 'pre' ? 'Succeeded' : 'BackedOut' });
      const { object } = await goodCopy();
      const dropped = await Promise.all([drop(), drop()]);
      expect(dropped).toContain(1);
      expect(await names()).toEqual([]);
      expect(await drop()).toBe(0);
      expect(await world.db.setAside.findFirstOrThrow()).toMatchObject({
        state: 'dropped',
        droppedAt: expect.any(Date),
        sentence: null,
      });
      const told = await world.told();
      expect(told).toEqual([
        {
          action: 'backup.set_aside_dropped',
          result: 'ok',
          details: { database: 'shop', serverName: name, oid: expect.any(Number), copy: object },
        },
      ]);
      const { databases } = await backupsView(world.config(), undefined, world.db);
      expect(databases[0]?.setAside).toEqual([
        expect.objectContaining({
          change: `c-${number}`,
          serverName: name,
          kind: suffix === 'pre' ? 'replaced' : 'taken-back',
          state: 'dropped',
          sentence: null,
        }),
      ]);
    },
  );

  const stays: [string, (given: { number: number; name: string }) => Promise<unknown>, RegExp][] = [
    [
      'its name is that of another database',
      async ({ name }) => {
        await world.admin.query(`DROP DATABASE "${name}"`);
        await world.admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
      },
      /Name and OID have to fit both/,
    ],
    [
      'it has another name',
      ({ name }) => world.admin.query(`ALTER DATABASE "${name}" RENAME TO "shop_pre_kept"`),
      /shop_pre_kept has OID \d+; what was set aside is shop_pre_c/,
    ],
    [
      'somebody else dropped it, or the URL names another server',
      ({ name }) => world.admin.query(`DROP DATABASE "${name}"`),
      /has no database shop_pre_c\d+ \(OID \d+\)/,
    ],
    [
      'no comment carries a mark',
      () => world.admin.query('COMMENT ON DATABASE shop IS NULL'),
      /No comment at the server says that c-\d+ of this console/,
    ],
    [
      'the mark is of another console',
      ({ number }) => comment('shop', number, crypto.randomUUID()),
      /No comment at the server/,
    ],
    [
      'the mark is of another change',
      ({ number }) => comment('shop', number + 1),
      /No comment at the server/,
    ],
    [
      'a change works on the database',
      () => world.change({ kind: 'backup', plan: { data: { do: 'backup', database: 'shop' } } }),
      /^c-\d+ is working on the database/,
    ],
    [
      'nobody knows how a change over it ended',
      () => world.change({ state: 'ReconcileRequired' }),
      /^c-\d+ is working on the database/,
    ],
    [
      'the only copy since is not read in full',
      () => world.db.$executeRaw`UPDATE backup_copy SET level = 2`,
      /^There is no good copy \(L3\) of what the database has held since/,
    ],
    [
      'the only good copy is older than the switch',
      () => world.db.$executeRaw`UPDATE backup_copy SET snapshot_at = (SELECT set_aside_at FROM set_aside)`,
      /^There is no good copy/,
    ],
    [
      'the only good copy is marked for deletion',
      () => world.db.$executeRaw`UPDATE backup_copy SET state = 'tombstoned', delete_after = app.now()`,
      /^There is no good copy/,
    ],
    [
      'the only good copy is spoilt',
      () => world.db.$executeRaw`
        INSERT INTO backup_check (copy_id, level, result, tool, tool_version, sentence, evidence, seconds)
        SELECT id, 1, 'failed', 't', '1', 'Rotten.', '[]', 0 FROM backup_copy`,
      /^There is no good copy/,
    ],
  ];
  test.each(stays)('stays where %s, and says so', async (_, make, says) => {
    const given = await aside();
    await goodCopy();
    await make(given);
    expect(await drop()).toBe(0);
    expect(await sentence()).toMatch(says);
    expect(await world.db.setAside.findFirstOrThrow()).toMatchObject({ state: 'kept', droppedAt: null });
    expect(await world.told()).toEqual([]);
    const { databases } = await backupsView(world.config(), undefined, world.db);
    expect(databases[0]?.setAside).toEqual([
      expect.objectContaining({ state: 'kept', sentence: expect.stringMatching(says) }),
    ]);
  });

  test('stays where it is restored data that was taken back and does not carry the mark itself', async () => {
    const { number } = await aside({ suffix: 'r', state: 'BackedOut', mark: false });
    await comment('shop', number);
    await goodCopy();
    expect(await drop()).toBe(0);
    expect(await sentence()).toMatch(/^No comment at the server/);
  });

  test('stays while somebody is in it, and goes when they have left', async () => {
    const { name } = await aside();
    await goodCopy();
    const inside = await world.client(name);
    expect(await drop()).toBe(0);
    expect(await sentence()).toMatch(/^1 session is in shop_pre_c\d+ \(\w+\): somebody uses it\.$/);
    await inside.end();
    await until(async () => (await drop()) === 1);
    expect(await names()).toEqual([]);
  });

  test('stays until its time is over', async () => {
    await aside();
    await goodCopy();
    await world.db.$executeRaw`UPDATE set_aside SET drop_after = app.now() + interval '1 min'`;
    expect(await drop()).toBe(0);
    expect(await sentence()).toBe(null);
    expect(await names()).toHaveLength(1);
  });

  test('stays where signalbox.yaml names no account, or a server that does not answer, without its password', async () => {
    await aside();
    await goodCopy();
    expect(await drop(world.config({}, { restore: undefined }))).toBe(0);
    expect(await sentence()).toMatch(/names no account any more/);
    const away = { url: world.secret('away.url', 'postgresql://u:hidden-word@127.0.0.1:9/postgres') };
    expect(await drop(world.config({}, { restore: away }))).toBe(0);
    expect(await sentence()).toMatch(/^It could not be dropped: .*ECONNREFUSED.*It is tried again\.$/);
    expect(await sentence()).not.toContain('hidden-word');
  });

  test('that was dropped just before the worker died is written down by the next one', async () => {
    const { name } = await aside();
    await goodCopy();
    await world.db.$executeRaw`UPDATE set_aside SET drop_begun_at = app.now()`;
    await world.admin.query(`DROP DATABASE "${name}"`);
    expect(await drop()).toBe(1);
    expect(await world.db.setAside.findFirstOrThrow()).toMatchObject({ state: 'dropped', sentence: null });
    expect(await world.told()).toHaveLength(1);
  });
});
