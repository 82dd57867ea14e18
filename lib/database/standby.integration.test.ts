import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningPostgres } from '@/scripts/postgres/server';
import { replicationView } from './lag';
import { readDatabase } from './read';
import {
  copyAsStandby,
  removeServers,
  shopFolder,
  sql,
  startAgain,
  startShop,
  targetOf,
  urlAs,
} from './testing/server';

describe.each([15, 18] as const)('a primary and its standby, PostgreSQL %i', (version) => {
  let primary: RunningPostgres;
  let standby: RunningPostgres | undefined;

  beforeAll(async () => {
    const first = await startShop(version);
    await first.stop();
    const copy = copyAsStandby(version, first);
    primary = await startAgain(version, shopFolder(version), first.port);
    standby = await startAgain(version, copy);
  });
  afterAll(async () => {
    await standby?.stop();
    await primary.stop();
    removeServers();
  });

  const look = async (server: RunningPostgres | undefined) => {
    if (server === undefined) throw new Error('The server was started.');
    const { replication } = await readDatabase(targetOf(`of-${server.port}`, urlAs(server.url, 'reader')));
    if (replication.state === 'missing') throw new Error(replication.detail ?? replication.reason);
    return replicationView(replication.value, 30);
  };

  test('the primary sees its standby, the standby sees that it is one', async () => {
    await expect.poll(async () => (await look(primary)).standbys[0]?.mode).toBe('streaming');
    await sql(primary.url, 'INSERT INTO small VALUES (1)');
    await expect.poll(async () => (await look(primary)).standbys[0]?.lag.state).toBe('within');
    await expect.poll(async () => (await look(standby)).receiving?.sentence).toMatch(/^Caught up/);
    const [seen, own] = [await look(primary), await look(standby)];
    expect(seen).toMatchObject({ standby: false, standbys: [{ name: 'standby_eu', sync: 'async' }] });
    expect(own).toMatchObject({ standby: true, standbys: [] });
  });

  test('a paused replay is late, and the primary sees bytes that are not replayed', async () => {
    if (standby === undefined) throw new Error('The standby was started.');
    await sql(standby.url, 'SELECT pg_wal_replay_pause()');
    await sql(primary.url, 'INSERT INTO small SELECT generate_series(1, 10000)');
    await expect.poll(async () => (await look(primary)).standbys[0]?.lag.bytes ?? 0).toBeGreaterThan(100_000);
    // What the primary has written is on its way: the standby may have none of it yet.
    await expect.poll(async () => (await look(standby)).receiving?.bytes ?? 0).toBeGreaterThan(100_000);
    const { receiving } = await look(standby);
    expect(receiving).toMatchObject({ state: 'late', sentence: expect.stringContaining('paused') });
    await sql(standby.url, 'SELECT pg_wal_replay_resume()');
    await expect.poll(async () => (await look(standby)).receiving?.state).toBe('within');
  });

  test('a standby whose primary is gone receives nothing, which is not taken for no lag', async () => {
    await primary.stop();
    await expect
      .poll(async () => (await look(standby)).receiving?.sentence, { timeout: 20_000 })
      .toMatch(/^It receives nothing from a primary/);
  });
});
