import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { shiftTime } from '@/scripts/testing/database';
import { cutUnseen } from '../testing/cut-unseen';
import { startDoomed } from '../testing/doomed';
import { until } from '../testing/world';
import { loadSession } from './load-copies';
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
const fileOf = (object: string) => path.join(world.folder, object);
const loading = () =>
  until(() => world.db.restoreRun.findFirst({ where: { state: 'running', phase: 'load' } }));
const tablesIn = async (name: string) => {
  const [row] = await world.ask<{ n: number }>(
    name,
    `SELECT count(*)::int AS n FROM pg_class WHERE relkind = 'r' AND oid >= 16384`,
  );
  return row?.n;
};

describe('a load that fails', () => {
  const failed = async (config = world.config()) => {
    const { number } = await world.asked(copy.id);
    await world.load(config);
    return { fact: await world.fact(number), row: await world.row(number) };
  };
  const saying = (says: string) =>
    world.config({
      tools: world.toolsWith(
        'pg_restore',
        `case "$*" in *--dbname*) echo '${says}' >&2; exit 1;; esac; exec $REAL "$@"`,
      ),
    });

  test('over bytes that rotted says so, and the copy falls', async () => {
    const bytes = fs.readFileSync(fileOf(copy.object));
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 0xff;
    fs.writeFileSync(fileOf(copy.object), bytes);
    const { fact, row } = await failed();
    expect(fact).toMatchObject({
      state: 'failed',
      isFaultOfCopy: true,
      why: expect.stringMatching(/^SHA-256/),
    });
    expect(row).toMatchObject({ phase: 'fetch' });
    expect((await world.checksOf(copy.id)).at(-1)).toMatchObject({ level: 1, result: 'failed' });
    expect((await world.db.backupCopy.findUniqueOrThrow({ where: { id: copy.id } })).level).toBeLessThan(4);
    expect((await world.told()).at(-1)).toMatchObject({ action: 'backup.load_failed', result: 'failed' });
  });

  test('over a copy that was cut blames the copy, in the words of the tool', async () => {
    await cutUnseen(world, copy);
    const { fact } = await failed();
    expect(fact).toMatchObject({
      state: 'failed',
      isFaultOfCopy: true,
      why: expect.stringMatching(/read from input file|end of file/),
    });
  });

  test.each([
    [
      'ERROR:  could not extend file "base/1": No space left on device',
      'The server has no room left for the data of the copy.',
    ],
    [
      'ERROR:  role "ghost" does not exist',
      'The server has no account ghost, to whom something in the copy belongs: accounts are in no copy.',
    ],
    [
      'ERROR:  tablespace "fast" does not exist',
      'The server has no tablespace fast, in which something of the copy lies.',
    ],
    [
      'ERROR:  extension "postgis" is not available',
      'The server does not have the extension postgis, which the copy needs.',
    ],
    [
      'ERROR:  permission denied to create extension "pg_stat_statements"',
      'The account that restores lacks a right: permission denied to create extension "pg_stat_statements".',
    ],
  ])('where pg_restore says %s does not blame the copy', async (says, sentence) => {
    const { fact, row } = await failed(saying(`pg_restore: error: could not execute query: ${says}`));
    expect(fact).toEqual({ state: 'failed', isFaultOfCopy: false, why: sentence });
    expect(row).toMatchObject({ phase: 'load', leaseOwner: null });
    expect((await world.checksOf(copy.id)).at(-1)).toMatchObject({ level: 4, result: 'passed' });
  });

  test('where rows are not those of the copy, and blames it', async () => {
    const stored = await world.db.backupCopy.findUniqueOrThrow({ where: { id: copy.id } });
    const catalog = z
      .looseObject({ rows: z.array(z.looseObject({ rows: z.number() })) })
      .parse(stored.catalog);
    const rows = catalog.rows.map((table) => ({ ...table, rows: table.rows + 1 }));
    await world.db.backupCopy.update({
      where: { id: copy.id },
      data: { catalog: JSON.parse(JSON.stringify({ ...catalog, rows })) },
    });
    const { fact, row } = await failed();
    expect(fact).toMatchObject({ isFaultOfCopy: true, why: expect.stringMatching(/^Rows of sales\./) });
    expect(row).toMatchObject({ phase: 'checks' });
  });

  test('where the secret is no URL or the server is away says so without it', async () => {
    const odd = world.config({}, { restore: { url: world.secret('odd.url', 'hidden-word') } });
    const { fact, row } = await failed(odd);
    expect(fact).toMatchObject({ state: 'failed', why: expect.stringMatching(/is no URL/) });
    expect(JSON.stringify([row.sentence, row.evidence])).not.toContain('hidden-word');
    const away = { url: world.secret('no.url', 'postgresql://u:hidden-word@127.0.0.1:9/postgres') };
    const second = await failed(world.config({}, { restore: away }));
    expect(second.fact).toMatchObject({
      why: expect.stringMatching(/^The server cannot be used: .*ECONNREFUSED/),
    });
    expect(JSON.stringify(second.row.sentence)).not.toContain('hidden-word');
  });
});

describe('a load that ends early', () => {
  test('is cancelled at once where nobody has begun it', async () => {
    const { number } = await world.asked(copy.id);
    expect(await world.stopLoad(number)).toBe(true);
    expect(await world.stopLoad(number)).toBe(false);
    expect(await world.fact(number)).toEqual({ state: 'cancelled', why: 'Sam Reyes aborted: wrong copy' });
    expect(await world.load()).toBe(0);
    expect((await world.told()).at(-1)).toMatchObject({ action: 'backup.load_stopped', result: 'refused' });
  });

  test('is killed in the middle where a change goes back, and only then cancelled', async () => {
    const { config } = world.held();
    const { number, into } = await world.asked(copy.id);
    const carrying = world.load(config);
    await loading();
    expect(await world.fact(number)).toMatchObject({ state: 'running', phase: 'load', isStopping: false });
    expect(await world.stopLoad(number)).toBe(true);
    expect(await world.fact(number)).toMatchObject({ state: 'running', isStopping: true });
    await carrying;
    expect(await world.fact(number)).toEqual({ state: 'cancelled', why: 'Sam Reyes aborted: wrong copy' });
    expect(await world.row(number)).toMatchObject({ phase: 'load', leaseOwner: null });
    // The database is the change's to drop.
    expect(await tablesIn(into)).toBe(0);
    expect((await world.told()).at(-1)).toMatchObject({ action: 'backup.load_stopped' });
  });

  test('has failed where its worker drains', async () => {
    const { config } = world.held();
    const { number } = await world.asked(copy.id);
    const stopping = new AbortController();
    const carrying = world.load(config, 'w1', stopping.signal);
    await loading();
    stopping.abort();
    await carrying;
    expect(await world.fact(number)).toEqual({
      state: 'failed',
      why: 'The worker that loaded it was stopped before the load had ended.',
      isFaultOfCopy: false,
    });
    expect(await world.load()).toBe(0);
  });

  test('has failed where its worker is killed, as soon as its lease is over; nothing goes on writing', async () => {
    const { number, into } = await world.asked(copy.id);
    const { input, go } = world.held();
    const doomed = startDoomed('loads', { url: world.database.url, config: input });
    const { id } = await loading();
    // As the session of a pg_restore that outlives its worker.
    const url = new URL(world.server.urlOf(into));
    url.searchParams.set('application_name', loadSession(id));
    const left = new Client({ connectionString: url.href });
    const ended = new Promise((resolve) => left.on('error', resolve));
    await left.connect();
    expect(await doomed.kill()).toBe('SIGKILL');
    expect(await world.clearLoads()).toBe(0);
    await shiftTime(world.database.url, 21_000);
    expect(await Promise.all([world.clearLoads(), world.clearLoads()])).toEqual(
      expect.arrayContaining([0, 1]),
    );
    expect(await ended).toMatchObject({ code: '57P01' });
    expect(await world.fact(number)).toEqual({
      state: 'failed',
      why: 'The worker that loaded it died.',
      isFaultOfCopy: false,
    });
    go();
    expect(await world.load()).toBe(0);
  });

  test('is not the business any more of a worker that lost it', async () => {
    const { config, go } = world.held();
    const { number } = await world.asked(copy.id);
    const carrying = world.load(config);
    const { id } = await loading();
    await world.db
      .$executeRaw`UPDATE restore_run SET lease_until = app.now() - interval '1 s' WHERE id = ${id}::uuid`;
    expect(await world.clearLoads()).toBe(1);
    go();
    await carrying;
    expect(await world.fact(number)).toMatchObject({
      state: 'failed',
      why: 'The worker that loaded it died.',
    });
    expect((await world.told()).filter(({ action }) => action === 'backup.load_done')).toEqual([]);
  });

  test('where its change has ended, or the account was taken out of the configuration', async () => {
    const one = await world.asked(copy.id);
    await world.db.change.update({
      where: { number: one.number },
      data: { state: 'BackedOut', finishedAt: new Date() },
    });
    expect(await world.clearLoads()).toBe(1);
    expect(await world.fact(one.number)).toMatchObject({ state: 'cancelled' });
    const two = await world.asked(copy.id);
    expect(await world.load(world.config({}, { restore: undefined }))).toBe(0);
    expect(await world.clearLoads(world.config({}, { restore: undefined }))).toBe(1);
    expect(await world.fact(two.number)).toMatchObject({
      state: 'failed',
      why: 'signalbox.yaml names no account any more that may put a copy of this database back.',
    });
  });
});
