import net from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { createDatabase } from './client';
import { databaseFailure } from './failure';
import { transaction } from './transaction';

let scratch: TestDatabase;
const sockets = new Set<net.Socket>();
const frozen = new Set<net.Socket>();
let freezing = false;
let via = '';

/** Between us and the database: a network that stops carrying bytes without ending a connection. */
const network = net.createServer((near) => {
  const { hostname, port } = new URL(scratch.url);
  const far = net.connect(Number(port), hostname);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(from);
    from.on('data', (bytes) => {
      if (freezing) frozen.add(near).add(far);
      if (!frozen.has(from)) to.write(bytes);
    });
    from.on('error', () => {});
    from.on('close', () => to.destroy());
  }
});

beforeAll(async () => {
  scratch = await testDatabase();
  await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve));
  const address = network.address();
  const url = new URL(scratch.url);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' ? address?.port : 0);
  via = url.href;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  network.close();
  await scratch.drop();
});

test('a database that falls silent is down after a while, and answers again without a restart', async () => {
  const db = createDatabase(via, 2, 300);
  const ask = () => db.$queryRaw`SELECT 1 AS one`.then(() => 'answered', databaseFailure);
  expect(await ask()).toBe('answered');
  freezing = true;
  expect(await ask()).toBe('down');
  expect(await transaction((tx) => tx.user.count(), db).then(() => 'answered', databaseFailure)).toBe('down');
  freezing = false;
  await expect.poll(ask, { timeout: 20_000 }).toBe('answered');
  await expect
    .poll(() => transaction((tx) => tx.user.count(), db).then(() => 'answered', databaseFailure), {
      timeout: 20_000,
    })
    .toBe('answered');
  await db.$disconnect();
});
