import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useConfig } from '@/lib/config/load';
import { validateConfig } from '@/lib/config/validate';
import { createDatabase, type Database } from '@/lib/db/client';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { addAccount, killSessions } from './accounts';
import { actorOfSession } from './session';
import { startSession } from './session-store';

let scratch: TestDatabase;
let db: Database;
const gone = createDatabase('postgresql://nobody@127.0.0.1:9/none');
const actor = { kind: 'cli', id: 'root@host' } as const;
let sessionId = '';

beforeAll(async () => {
  const file = path.resolve(import.meta.dirname, '../../signalbox.example.yaml');
  const { config } = validateConfig(fs.readFileSync(file, 'utf8'), file);
  if (config === null) throw new Error('The example is not valid.');
  useConfig(config);
  scratch = await testDatabase();
  db = createDatabase(scratch.url);
  const userId = await addAccount(
    { db, actor },
    { email: 'ada@example.com', name: 'Ada', roles: ['sre'], password: 'correct horse battery' },
  );
  sessionId = (await startSession(db, { userId, method: 'password', userAgent: null }, config.access))
    .sessionId;
});
afterAll(async () => {
  await db.$disconnect();
  await scratch.drop();
});

test('without the database a stranger to this process is unknown, not signed out', async () => {
  await expect(actorOfSession(sessionId, { write: false }, gone)).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('without the database who was just seen may go on reading, but not write', async () => {
  const person = await actorOfSession(sessionId, { write: false }, db);
  expect(person).toMatchObject({ name: 'Ada', roles: ['sre'] });
  expect(await actorOfSession(sessionId, { write: false }, gone)).toEqual(person);
  await expect(actorOfSession(sessionId, { write: true }, gone)).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
  });
});

test('when the database answers, its word counts: an ended session is not remembered', async () => {
  await killSessions({ db, actor }, 'ada@example.com');
  expect(await actorOfSession(sessionId, { write: false }, db)).toBeNull();
  await expect(actorOfSession(sessionId, { write: false }, gone)).rejects.toMatchObject({
    code: 'unavailable',
  });
});
