import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { deliverOutbox, retrySeconds } from './deliver';

let database: TestDatabase;
let db: Database;
let server: Server;
let folder: string;
let answers: number[] = [];
let bodies: string[] = [];

const config = () => ({
  notifications: { webhooks: [{ id: 'chat', url: { file: path.join(folder, 'url') } }] },
});

beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
  folder = await mkdtemp(path.join(os.tmpdir(), 'notify-'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(answers.shift() ?? 200).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  writeFileSync(path.join(folder, 'url'), `http://127.0.0.1:${address.port}/services/T0/SECRET`);
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await db.$disconnect();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  answers = [];
  bodies = [];
  await db.outbox.deleteMany();
});

const put = (webhook = 'chat') =>
  db.outbox.create({
    data: { webhook, event: 'change.requested', payload: { text: 'c-1 Deploy', blocks: [] } },
  });
const row = () => db.outbox.findFirstOrThrow();

test('a message is delivered once, as it was written', async () => {
  await put();
  expect(await Promise.all([deliverOutbox(db, config()), deliverOutbox(db, config())])).toContain(1);
  expect(bodies).toEqual(['{"text":"c-1 Deploy","blocks":[]}']);
  expect((await row()).deliveredAt).not.toBe(null);
});

test('a failing webhook is tried again later, and the address is nowhere', async () => {
  await put();
  answers = [500];
  expect(await deliverOutbox(db, config())).toBe(0);
  const failed = await row();
  expect(failed).toMatchObject({ attempts: 1, deliveredAt: null, lastError: 'The webhook answered 500.' });
  expect(await deliverOutbox(db, config())).toBe(0);
  expect(bodies).toHaveLength(1);
  await shiftTime(database.url, 10_000);
  expect(await deliverOutbox(db, config())).toBe(1);
  expect(
    JSON.stringify(failed, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  ).not.toContain('SECRET');
});

test('after eight attempts it is given up', async () => {
  await put();
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    answers = [503];
    await deliverOutbox(db, config());
    await shiftTime(database.url, 2_000_000);
  }
  const { abandonedAt, attempts } = await row();
  expect([abandonedAt === null, attempts]).toEqual([false, 8]);
  expect(await deliverOutbox(db, config())).toBe(0);
});

test('a webhook that is configured no more is given up at once', async () => {
  await put('gone');
  await deliverOutbox(db, config());
  expect(await row()).toMatchObject({ lastError: 'The webhook is not configured any more.' });
  expect((await row()).abandonedAt).not.toBe(null);
});

test('retries back off and obey the server', () => {
  expect([1, 2, 3, 12].map((attempts) => retrySeconds(attempts, null, () => 0.5))).toEqual([5, 10, 20, 1800]);
  expect(retrySeconds(1, 120, () => 0.5)).toBe(120);
});
