import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '@/lib/config/database';
import { type Reading, readingValue } from '@/lib/core/reading';
import type { RunningPostgres } from '@/scripts/postgres/server';
import { testDatabase } from '@/scripts/testing/database';
import { checkDatabases } from './check';
import { connectionsView, serverView, sessionsView, statementsView } from './describe';
import { type DatabaseReadings, readDatabase } from './read';
import { hold, removeServers, sql, startShop, targetOf, urlAs } from './testing/server';

/** The value of a part that must have been read. */
function known<T>(reading: Reading<T>): T {
  if (reading.state !== 'fresh') throw new Error(`${reading.state}: ${reading.detail ?? reading.reason}`);
  return reading.value;
}
const states = (readings: DatabaseReadings): string[] => Object.values(readings).map(({ state }) => state);

describe.each([15, 18] as const)('PostgreSQL %i', (version) => {
  let server: RunningPostgres;
  const held: Client[] = [];
  const read = (user = 'reader') => readDatabase(targetOf(`shop-${version}`, urlAs(server.url, user)));

  beforeAll(async () => {
    server = await startShop(version);
  });
  afterAll(async () => {
    for (const client of held) await client.end();
    await server.stop();
    removeServers();
  });

  test('every part is read with pg_monitor alone', async () => {
    const readings = await read();
    expect(states(readings)).toEqual(Array(7).fill('fresh'));
    const view = serverView(known(readings.server), new Date('2026-11-22'));
    expect(view).toMatchObject({
      major: version,
      standby: false,
      account: 'reader',
      database: 'shop',
      grant: null,
    });
    expect(view.support.state).toBe('supported');
    // 3 for superusers, and since 16 reserved_connections.
    const { limits, counts } = known(readings.connections);
    expect(limits).toEqual({ max: 20, reserved: version === 18 ? 5 : 3 });
    expect(connectionsView(limits, counts).used).toBeGreaterThan(0);
    expect(known(readings.settings)).toHaveLength(7);
    const { bytes, largest } = known(readings.size);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(largest.map(({ schema, name }) => `${schema}.${name}`)).toEqual([
      'public.orders',
      ...largest.slice(1).map(({ schema, name }) => `${schema}.${name}`),
    ]);
    expect(largest).toHaveLength(3);
    expect(largest[0]).toMatchObject({ liveRows: 5000, tables: 3 });
    expect(known(readings.replication)).toEqual({ receiving: null, standbys: [] });
  });

  test('a session says what it does, for how long, who holds it, and no value', async () => {
    const holder = await hold(
      server.url,
      'architect-api',
      'BEGIN',
      "UPDATE orders SET card = '4111 1111' WHERE id = 7",
    );
    const waiter = await hold(server.url, 'observers', 'BEGIN');
    held.push(holder, waiter);
    const update = waiter.query("UPDATE orders SET card = 'stolen' WHERE id = 7").catch(() => undefined);
    const seen = async () => sessionsView(known((await read()).sessions)).rows;
    await expect
      .poll(async () => (await seen()).find((row) => row.application === 'observers')?.blockedBy.length)
      .toBe(1);
    const rows = await seen();
    expect(rows.map(({ application, state }) => [application, state])).toEqual([
      ['architect-api', 'idle in transaction'],
      ['observers', 'active'],
    ]);
    expect(rows[0]?.query).toBe('UPDATE orders SET card = ? WHERE id = ?');
    expect(rows[1]).toMatchObject({ wait: 'Lock: transactionid', blockedBy: [rows[0]?.pid] });
    expect(rows.every((row) => (row.transactionSeconds ?? -1) >= 0)).toBe(true);
    expect(JSON.stringify(rows)).not.toMatch(/4111|stolen/);
    await holder.query('ROLLBACK');
    await update;
    await waiter.query('ROLLBACK');
  });

  test('without pg_monitor others are hidden, and that is said with the GRANT', async () => {
    held.push(await hold(server.url, 'secret-work', "SELECT 'hidden'"));
    const readings = await read('blind');
    const view = serverView(known(readings.server), new Date());
    expect([view.seesAll, view.grant]).toEqual([false, 'GRANT pg_monitor TO blind;']);
    const sessions = sessionsView(known(readings.sessions));
    expect(sessions.hidden).toBe(sessions.rows.length);
    expect(sessions.hidden).toBeGreaterThan(0);
    expect(sessions.rows.every(({ state, query }) => state === null && query === null)).toBe(true);
    const { limits, counts } = known(readings.connections);
    expect(connectionsView(limits, counts).hidden).toBeGreaterThan(0);
  });

  test('top queries: absent, then of an old extension, then of the present one (X-28)', async () => {
    const view = async (user = 'reader') => {
      const readings = await read(user);
      return statementsView(known(readings.statements), known(readings.server));
    };
    expect(await view()).toMatchObject({
      state: 'absent',
      steps: [{ sql: 'CREATE EXTENSION pg_stat_statements;' }],
    });
    await sql(
      server.url,
      `CREATE SCHEMA "My stats"; CREATE EXTENSION pg_stat_statements SCHEMA "My stats" VERSION '1.7'`,
    );
    await sql(server.url, "SELECT count(*) FROM orders WHERE card = 'card 9';".repeat(200));
    expect(await view()).toMatchObject({
      state: 'absent',
      steps: [{ sql: expect.stringContaining('GRANT USAGE ON SCHEMA "My stats" TO reader;') }],
    });
    await sql(server.url, 'GRANT USAGE ON SCHEMA "My stats" TO reader, blind');
    expect(await view()).toMatchObject({ state: 'listed', column: 'mean_time' });
    await sql(server.url, 'ALTER EXTENSION pg_stat_statements UPDATE');
    const now = await view();
    if (now.state !== 'listed') throw new Error('It is there.');
    expect(now.column).toBe('mean_exec_time');
    const found = now.rows.find(({ query }) => query === 'SELECT count(*) FROM orders WHERE card = $1');
    expect(found).toMatchObject({ calls: 200, user: 'signalbox', byCalls: 1 });
    const best = (order: 'byMean' | 'byTotal' | 'byCalls') =>
      now.rows.filter((row) => row[order] <= 10).length;
    expect([best('byMean'), best('byTotal'), best('byCalls')]).toEqual([10, 10, 10]);
    const blind = await view('blind');
    if (blind.state !== 'listed') throw new Error('It is there.');
    expect(blind.rows.filter(({ user, query }) => user !== 'blind' && query !== null)).toEqual([]);
  });

  test('a table that somebody locks costs the sizes alone, and what was known of them stays', async () => {
    const before = await read();
    const locker = await hold(server.url, 'migration', 'BEGIN', 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    held.push(locker);
    const target = targetOf(`shop-${version}`, urlAs(server.url, 'reader'));
    const after = await readDatabase(target, before);
    expect(after.size).toMatchObject({ state: 'stale', reason: 'timeout' });
    expect(readingValue(after.size)).toEqual(readingValue(before.size));
    expect(states({ ...after, size: before.size })).toEqual(Array(7).fill('fresh'));
    expect((await readDatabase(target)).size).toMatchObject({
      state: 'missing',
      detail: expect.stringContaining('has a table locked exclusively'),
    });
    await locker.query('ROLLBACK');
  });

  test('it cannot write, whatever its account may do', async () => {
    const { withDatabase } = await import('@/lib/sources/postgresql/client');
    const { z } = await import('zod');
    const write = withDatabase(targetOf('root', server.url), (part) =>
      part((ask) => ask.rows(z.object({}), 'DELETE FROM orders')),
    );
    await expect(write).rejects.toMatchObject({ answer: '25006' });
  });

  test('config check tells what answers, what is missing, and no secret', async () => {
    const of = (id: string, url: string) =>
      Database.parse({
        ...targetOf(id, url),
        name: id,
        environment: 'production',
        region: 'us-east-1',
        tier: 1,
      });
    const findings = await checkDatabases({
      databases: [
        of('whole', urlAs(server.url, 'reader')),
        of('blind', urlAs(server.url, 'blind')),
        of('wrong', urlAs(server.url, 'reader', 'hunter2')),
        of('none', 'https://example.com/hunter2'),
      ],
    });
    const said = findings.map(({ state, subject, says }) => `${state} ${subject}: ${says}`);
    expect(said[0]).toMatch(`ok Database whole: answers as shop, PostgreSQL ${version}.`);
    expect(said.slice(1).join('\n')).toMatch(
      /note Database blind: the account blind .* GRANT pg_monitor TO blind\./,
    );
    expect(said.join('\n')).toContain('wrong Database wrong: refuses our password');
    expect(said.join('\n')).toContain(
      'wrong Database none: The secret of database none is no postgresql:// URL.',
    );
    expect(said.join('\n')).not.toContain('hunter2');
  });

  test('a server that is not there is said in words', async () => {
    const gone = new URL(urlAs(server.url, 'reader'));
    gone.port = '9';
    await expect(readDatabase(targetOf('gone', gone.href))).rejects.toMatchObject({
      reason: 'unreachable',
      message: 'Database gone refuses connections.',
    });
  });
});

test('an extension whose library the server does not load is said, and is no empty table', async () => {
  const database = await testDatabase({ migrated: false });
  await sql(database.url, 'CREATE EXTENSION pg_stat_statements');
  const readings = await readDatabase(targetOf('not-loaded', database.url));
  const view = statementsView(known(readings.statements), known(readings.server));
  expect(view).toMatchObject({ state: 'absent', why: expect.stringContaining('does not load its library') });
  await database.drop();
  removeServers();
});
