import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../process/alive';
import { freePort } from '../process/port';
import { stateRoot } from '../setup/root';
import { dataFolder } from './placement';
import { type RunningPostgres, startPostgres } from './server';

const folder = (version: number) => path.join(stateRoot, 'test', `server-test-${version}-of-${process.pid}`);
const running: RunningPostgres[] = [];
const start = async (version: 15 | 18, port?: number) => {
  const options = { version, dataDir: folder(version), port: port ?? (await freePort()) };
  const server = await startPostgres({ ...options, databases: ['first', 'second'] });
  running.push(server);
  return server;
};

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
afterAll(() => {
  for (const version of [15, 18]) fs.rmSync(dataFolder(folder(version)), { recursive: true, force: true });
});

describe.each([18, 15] as const)('PostgreSQL %i', (version) => {
  test('starts with the databases asked for, keeps data over a stop, and ends', async () => {
    const server = await start(version);
    expect(Math.floor(Number((await query(server.url, 'SHOW server_version_num'))[0]) / 10_000)).toBe(
      version,
    );
    await query(server.urlOf('second'), 'CREATE TABLE kept AS SELECT 7 AS n');
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    const again = await start(version);
    expect(await query(again.urlOf('second'), 'SELECT n FROM kept')).toEqual([7]);
  });

  test('asks for the password on loopback too', async () => {
    const server = await start(version);
    const url = new URL(server.url);
    url.password = 'wrong';
    await expect(query(url.toString(), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  test('recovers after kill -9, with the old pid file still there', async () => {
    const server = await start(version);
    await query(server.url, 'CREATE TABLE survived AS SELECT 1 AS n');
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    expect(fs.existsSync(path.join(server.dataDir, 'postmaster.pid'))).toBe(true);
    const again = await start(version);
    expect(await query(again.url, 'SELECT n FROM survived')).toEqual([1]);
  });
});

test('a pid file that names another program is no obstacle', async () => {
  const server = await start(18);
  await server.stop();
  fs.writeFileSync(path.join(server.dataDir, 'postmaster.pid'), `${process.pid}\n${server.dataDir}\n`);
  expect((await start(18)).pid).toBeGreaterThan(0);
});

test('a second start of the same data names who runs it', async () => {
  await start(18);
  await expect(start(18)).rejects.toThrow(new RegExp(`already running .*started by process ${process.pid}`));
});

test('a busy port is an error with its number', async () => {
  const other = net.createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    await expect(start(18, port)).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
  } finally {
    other.close();
  }
});
