import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { dataFolder } from '@/scripts/postgres/placement';
import { startPostgres } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';
import { shiftTime } from '@/scripts/testing/database';
import { makeDueCopies, sessionName } from './make-copy';
import { startDoomed } from './testing/doomed';
import { type BackupWorld, backupWorld, password, until } from './testing/world';

let world: BackupWorld;
let older: { id: string; object: string };
beforeAll(async () => {
  world = await backupWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.clean();
  older = await world.make();
});

const count = (state: string) => world.db.backupCopy.count({ where: { state } });
/** Only the copy from before the test is there, as it was. */
async function expectOnlyOlder() {
  expect(world.files()).toEqual([older.object, `${older.object}.json`]);
  expect(await world.db.backupCopy.findUniqueOrThrow({ where: { id: older.id } })).toMatchObject({
    state: 'kept',
  });
}
/** Makes the next copy, which has to fail, and returns its row. */
async function failing(config: Config) {
  const copy = await world.make(config);
  expect(copy).toMatchObject({ state: 'failed', level: null, leaseOwner: null });
  expect(copy.error).not.toContain(password);
  expect(copy.log).not.toContain(password);
  await expectOnlyOlder();
  expect((await world.audit()).at(-1)).toMatchObject({ action: 'backup.failed', result: 'failed' });
  return copy;
}
const sessionsOf = async (copy: string) =>
  (
    await world.admin.query('SELECT pid FROM pg_stat_activity WHERE application_name = $1', [
      sessionName(copy),
    ])
  ).rows;
const running = () => until(() => world.db.backupCopy.findFirst({ where: { state: 'running' } }));
/** Its own connection, that of the catalog, and that of pg_dump. */
const dumping = (copy: string) => until(async () => (await sessionsOf(copy)).length === 2);

describe('a copy that fails says why and leaves nothing', () => {
  test('a wrong password', async () => {
    const url = new URL(world.source);
    url.password = 'another-one';
    const { error } = await failing(world.config({ url: world.secret('wrong.url', url.toString()) }));
    expect(error).toBe('The server refused the password of the account.');
  });

  test('a server that is not there', async () => {
    const url = world.secret('gone.url', 'postgresql://copier:hidden-word@127.0.0.1:9/shop');
    const { error } = await failing(world.config({ url }));
    expect(error).toMatch(/^The server cannot be reached: .*ECONNREFUSED/);
    expect(error).not.toContain('hidden-word');
  });

  test('a secret that is no URL, which is not repeated', async () => {
    const { error } = await failing(world.config({ url: world.secret('odd.url', 'hunter2') }));
    expect(error).toMatch(/^The secret of the copies of Shop is no URL\. Write postgresql:/);
  });

  test('a table that stays locked', async () => {
    await world.lock();
    const { error } = await failing(world.config({}, { lockTimeout: '300ms' }));
    expect(error).toMatch(/locked by somebody else|lock timeout/);
  });

  test('a dump that takes too long', async () => {
    await world.lock();
    const { error } = await failing(world.config({ timeout: '1s' }, { lockTimeout: '60s' }));
    expect(error).toMatch(/time-out of 1 s|statement timeout/);
  });

  test('an account that may not read everything', async () => {
    await world.admin.query(`DROP ROLE IF EXISTS half; CREATE ROLE half LOGIN PASSWORD '${password}'`);
    const url = new URL(world.source);
    url.username = 'half';
    const { error } = await failing(world.config({ url: world.secret('half.url', url.toString()) }));
    expect(error).toMatch(/permission denied/);
  });

  test('a disk that is full in the middle', async () => {
    // The limit of a file's size fails a write like a full disk does, without one.
    const tools = world.toolsWith('pg_dump', `trap '' XFSZ; ulimit -f 200; exec $REAL "$@"`);
    const { error, log } = await failing(world.config({}, { tools }));
    expect(error).toMatch(/could not write .*File too large/);
    expect(log).toContain('dumping contents of table');
  });

  test('a disk that is full by the words of the tool', async () => {
    const tools = world.toolsWith(
      'pg_dump',
      `case "$*" in --version) exec $REAL "$@";; esac; echo "pg_dump: error: could not write to output file: No space left on device" >&2; exit 1`,
    );
    expect((await failing(world.config({}, { tools }))).error).toBe('The folder has no space left.');
  });

  test('a dump that is smaller than any can be', async () => {
    const { error } = await failing(world.config({ minBytes: 100_000_000 }));
    expect(error).toMatch(/^The dump has \d+ bytes: less than minBytes/);
  });

  test('a pg_dump that is killed', async () => {
    await world.lock();
    const pidFile = path.join(world.root, 'pid');
    fs.rmSync(pidFile, { force: true });
    const tools = world.toolsWith('pg_dump', `echo $$ > ${pidFile}; exec $REAL "$@"`);
    const config = world.config({}, { tools });
    await world.hour();
    const making = makeDueCopies(world.copier(config));
    await dumping((await running()).id);
    process.kill(Number(fs.readFileSync(pidFile, 'utf8')), 'SIGKILL');
    await making;
    expect(await world.newest()).toMatchObject({ state: 'failed', error: 'pg_dump was ended by SIGKILL.' });
    await expectOnlyOlder();
  });

  test('a worker that is stopped', async () => {
    await world.lock();
    const stopping = new AbortController();
    await world.hour();
    const making = makeDueCopies(world.copier(world.config(), 'w1', stopping.signal));
    const { id } = await running();
    await dumping(id);
    stopping.abort();
    await making;
    expect(await world.newest()).toMatchObject({
      state: 'failed',
      error: 'pg_dump was stopped with the worker.',
    });
    await until(async () => (await sessionsOf(id)).length === 0);
    await expectOnlyOlder();
  });

  test('tools of PostgreSQL 15 do not dump an 18', async () => {
    const dataDir = path.join(stateRoot, 'test', `postgres-18-of-backup-${process.pid}`);
    const newer = await startPostgres({
      version: 18,
      dataDir,
      port: await freePort(),
      databases: ['shop'],
      durable: false,
    });
    try {
      const { error, dumpVersion } = await failing(world.config({ url: world.secret('18.url', newer.url) }));
      expect(error).toMatch(
        /^pg_dump 15\.\d+ is older than the server, which is PostgreSQL 18\.\d+: .*Install the client tools of PostgreSQL 18 or later/,
      );
      expect(dumpVersion).toBe(null);
    } finally {
      await newer.stop();
      fs.rmSync(dataFolder(dataDir), { recursive: true, force: true });
    }
  });

  test('no tools at all', async () => {
    const { error } = await failing(world.config({}, { tools: world.root }));
    expect(error).toMatch(/^pg_dump, pg_restore and pg_amcheck are not all in .*Install/);
  });
});

test('a folder that may not be used is told, and a parent is never made', async () => {
  const nowhere = path.join(world.root, 'not', 'mounted');
  const copy = await world.make(world.config({ folder: nowhere }));
  expect(copy).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/is not there\. Check that it is mounted/),
  });
  expect(fs.existsSync(path.dirname(nowhere))).toBe(false);
});

test('of two workers one makes the copy', async () => {
  await world.hour();
  const begun = await Promise.all(
    ['a', 'b', 'c'].map((id) => makeDueCopies(world.copier(world.config(), id))),
  );
  expect(begun.reduce((sum, one) => sum + one, 0)).toBe(1);
  expect(await count('kept')).toBe(2);
});

test('after a stop of a day one copy stands for all that were missed', async () => {
  await shiftTime(world.database.url, 24 * 3_600_000);
  expect(await makeDueCopies(world.copier())).toBe(1);
  expect(await makeDueCopies(world.copier())).toBe(0);
  expect(await world.newest()).toMatchObject({ cause: 'catch-up', missedSlots: 23, state: 'kept' });
});

test('a copy that failed is tried again after a while, three times at most', async () => {
  const broken = world.config({ minBytes: 100_000_000 });
  await world.make(broken);
  expect(await makeDueCopies(world.copier(broken))).toBe(0);
  const tries: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    await shiftTime(world.database.url, 601_000);
    tries.push(await makeDueCopies(world.copier(broken)));
  }
  expect(tries).toEqual([1, 1, 0]);
  expect(await count('failed')).toBe(3);
});

test('a worker that is killed in the middle of a dump leaves a row that failed, and no file and no session', async () => {
  await world.lock();
  await world.hour();
  const doomed = startDoomed('copies', { url: world.database.url, config: world.input() });
  const { id, object } = await running();
  await dumping(id);
  expect(await doomed.kill()).toBe('SIGKILL');
  // Its lease is not over yet: nobody touches it, and pg_dump waits on.
  expect(await world.clear()).toBe(0);
  expect(world.files()).toContain(`.${object}.part`);
  await shiftTime(world.database.url, 21_000);
  expect(await world.clear()).toBe(1);
  expect(await world.db.backupCopy.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'failed',
    error: 'The worker doomed gave no sign of life any more; the copy was not finished.',
  });
  await until(async () => (await sessionsOf(id)).length === 0);
  await expectOnlyOlder();
});

test('a worker that lost its copy keeps nothing of it', async () => {
  const letGo = await world.lock();
  await world.hour();
  const making = makeDueCopies(world.copier());
  const { id } = await running();
  await dumping(id);
  await world.db
    .$executeRaw`UPDATE backup_copy SET lease_until = app.now() - interval '1 s' WHERE id = ${id}::uuid`;
  expect(await world.clear()).toBe(1);
  await letGo();
  await making;
  expect(await world.db.backupCopy.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/gave no sign of life/),
  });
  await expectOnlyOlder();
});
