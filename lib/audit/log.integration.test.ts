import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { hex, leafHash } from './merkle';
import { nameProducer } from './producer';
import { sequenceAudit } from './sequence';
import { stage } from './stage';
import { verifyAudit } from './verify';

let scratch: TestDatabase;
let db: Database;

beforeEach(async () => {
  scratch = await testDatabase();
  db = createDatabase(scratch.url);
  // Counters belong to a process and a database; each test is a process of its own.
  globalThis.signalboxProducer = undefined;
  nameProducer('web');
});
afterEach(async () => {
  await db.$disconnect();
  await scratch.drop();
});
beforeAll(() => expect(globalThis.signalboxProducer).toBeUndefined());
afterAll(() => {
  globalThis.signalboxProducer = undefined;
});

const write = (count: number, name = 'entry') =>
  transaction(async (tx) => {
    for (let n = 0; n < count; n += 1) {
      await stage(tx, {
        action: 'session.ended',
        actor: { kind: 'worker', id: 'w1' },
        target: `${name}:${n}`,
        change: n,
        result: 'ok',
      });
    }
  }, db);
/** What an attacker with the database in hand would do: the triggers are no obstacle to a superuser. */
const tamper = (statement: string) =>
  db.$transaction([
    db.$executeRawUnsafe('ALTER TABLE audit.entry DISABLE TRIGGER ALL'),
    db.$executeRawUnsafe(statement),
    db.$executeRawUnsafe('ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER entry_append_only'),
  ]);

test('an empty log verifies as empty', async () => {
  expect(await verifyAudit(db)).toMatchObject({
    state: 'empty',
    verifiedTo: null,
    size: 0,
    firstBroken: null,
  });
});

test('entries of several batches and processes verify, and none stays behind', async () => {
  await write(300);
  nameProducer('worker');
  await write(300, 'other');
  expect(await sequenceAudit(db)).toBe(600);
  expect(await db.auditStaged.count()).toBe(0);
  expect(await verifyAudit(db)).toMatchObject({
    state: 'verified',
    verifiedTo: 599,
    size: 600,
    firstBroken: null,
  });
  const head = await db.auditHead.findFirstOrThrow();
  expect(head.epoch).toBe(3);
});

test('many sequencers at once make one dense log', async () => {
  await Promise.all(Array.from({ length: 4 }, (_, index) => write(150, `w${index}`)));
  const moved = await Promise.all(Array.from({ length: 4 }, () => sequenceAudit(db)));
  await sequenceAudit(db);
  expect(moved.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(600);
  expect(await verifyAudit(db)).toMatchObject({ state: 'verified', size: 600 });
});

test('writing, sequencing and verifying at the same time never looks broken', async () => {
  const states = new Set<string>();
  let writing = true;
  const writer = Promise.all(Array.from({ length: 20 }, (_, index) => write(10, `w${index}`))).finally(() => {
    writing = false;
  });
  while (writing) {
    await sequenceAudit(db);
    states.add((await verifyAudit(db)).state);
  }
  await writer;
  await sequenceAudit(db);
  expect(states.has('broken')).toBe(false);
  expect(await verifyAudit(db)).toMatchObject({ state: 'verified', size: 200 });
});

test.each([
  ['UPDATE audit.entry SET target = target'],
  ['DELETE FROM audit.entry WHERE seq = 1'],
  ['TRUNCATE audit.entry'],
  ['DELETE FROM audit.head'],
  ['TRUNCATE audit.head'],
  ['TRUNCATE audit.staged'],
  ['UPDATE audit.staged SET body = body'],
])('the database refuses %s', async (statement) => {
  await write(3);
  await sequenceAudit(db);
  await write(1);
  await expect(db.$executeRawUnsafe(statement)).rejects.toThrow(/append-only/);
  await expect(
    db.$transaction([
      db.$executeRawUnsafe('SET LOCAL session_replication_role = replica'),
      db.$executeRawUnsafe(statement),
    ]),
  ).rejects.toThrow(/append-only/);
});

const forged = (find: string, replacement: string) =>
  `UPDATE audit.entry SET body = replace(body, '${find}', '${replacement}'), leaf = sha256('\\x00'::bytea || convert_to(replace(body, '${find}', '${replacement}'), 'UTF8'))`;

test.each([
  [
    'a changed text',
    `UPDATE audit.entry SET body = replace(body, 'entry:7', 'entry:9') WHERE seq = 7`,
    7,
    /hash/,
  ],
  ['a changed hash', `UPDATE audit.entry SET leaf = sha256('x') WHERE seq = 4`, 4, /hash/],
  ['a removed entry', 'DELETE FROM audit.entry WHERE seq = 5', 5, /missing/],
  ['a cut tail', 'DELETE FROM audit.entry WHERE seq >= 8', 8, /missing/],
  ['a changed column', `UPDATE audit.entry SET actor_name = 'Somebody' WHERE seq = 6`, 6, /actor_name/],
  [
    'a changed time',
    `UPDATE audit.entry SET occurred_at = occurred_at - interval '1 day' WHERE seq = 2`,
    2,
    /occurred_at/,
  ],
  ['another number of the change', 'UPDATE audit.entry SET change = NULL WHERE seq = 3', 3, /change/],
  ['a text that is no longer canonical', `${forged('{', '{ ')} WHERE seq = 3`, 3, /canonical/],
  [
    'a counter that was moved',
    `${forged('"n":6', '"n":16')} WHERE seq = 6`,
    6,
    /counted 16 here, 6 was expected/,
  ],
  [
    'an entry added at the end',
    `INSERT INTO audit.entry SELECT 10, replace(body, '"n":9', '"n":10'), sha256('\\x00'::bytea || convert_to(replace(body, '"n":9', '"n":10'), 'UTF8')), sequenced_at, occurred_at, action, actor_id, actor_name, target, change, result FROM audit.entry WHERE seq = 9`,
    10,
    /past it/,
  ],
])('%s is found, and the first broken entry is named', async (_name, statement, seq, what) => {
  await write(10);
  await sequenceAudit(db);
  await tamper(statement);
  const verification = await verifyAudit(db);
  expect(verification.state).toBe('broken');
  expect(verification.firstBroken).toEqual({ seq, what: expect.stringMatching(what) });
  expect(verification.verifiedTo).toBe(seq - 1);
});

test('an entry that was replaced together with its hash and columns breaks the root', async () => {
  await write(10);
  await sequenceAudit(db);
  await tamper(`${forged('entry:7', 'entry:0')}, target = 'entry:0' WHERE seq = 7`);
  const verification = await verifyAudit(db);
  expect(verification).toMatchObject({
    state: 'broken',
    verifiedTo: null,
    firstBroken: { what: expect.stringContaining('root') },
  });
});

test('two swapped entries are found by the counter of their process', async () => {
  await write(10);
  await sequenceAudit(db);
  await tamper('UPDATE audit.entry SET seq = CASE seq WHEN 3 THEN -1 ELSE seq END WHERE seq = 3');
  await tamper('UPDATE audit.entry SET seq = 3 WHERE seq = 4');
  await tamper('UPDATE audit.entry SET seq = 4 WHERE seq = -1');
  expect((await verifyAudit(db)).firstBroken).toEqual({
    seq: 3,
    what: expect.stringContaining('counted 4 here, 3 was expected'),
  });
});

test('a staged row that was removed shows as a hole once the next one is sequenced', async () => {
  await write(5);
  await db.$executeRaw`DELETE FROM audit.staged WHERE n = 2`;
  await sequenceAudit(db);
  expect((await verifyAudit(db)).firstBroken).toEqual({
    seq: 2,
    what: expect.stringContaining('counted 3 here, 2 was expected'),
  });
});

test('a row that nobody of ours staged does not stop the log and is named', async () => {
  await db.$executeRaw`INSERT INTO audit.staged (producer, boot_id, n, body) VALUES ('x', gen_random_uuid(), 0, 'no entry')`;
  await write(2);
  expect(await sequenceAudit(db)).toBe(3);
  expect((await verifyAudit(db)).firstBroken).toMatchObject({ seq: 0 });
});

test('leaves are those of RFC 6962 over the stored bytes', async () => {
  await write(1);
  await sequenceAudit(db);
  const entry = await db.auditEntry.findFirstOrThrow();
  expect(hex(entry.leaf)).toBe(hex(leafHash(Buffer.from(entry.body))));
});

test('an entry put in front of the first one is named: the page would show it', async () => {
  await write(3);
  await sequenceAudit(db);
  await db.$executeRawUnsafe(`INSERT INTO audit.entry
    SELECT -1, body, leaf, sequenced_at, occurred_at, action, actor_id, actor_name, target, change, result
    FROM audit.entry WHERE seq = 0`);
  expect(await verifyAudit(db)).toMatchObject({
    state: 'broken',
    verifiedTo: null,
    firstBroken: { seq: 0, what: 'An entry numbered -1 was put in front of the log.' },
  });
});
