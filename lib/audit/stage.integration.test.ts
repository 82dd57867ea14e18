import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '@/lib/access/model';
import { createDatabase, type Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { canonicalJson } from './canonical';
import { parseBody } from './entry';
import { producer } from './producer';
import { type AuditEntry, stage } from './stage';

let test1: TestDatabase;
let db: Database;

beforeAll(async () => {
  test1 = await testDatabase();
  db = createDatabase(test1.url);
});
afterAll(async () => {
  await db.$disconnect();
  await test1.drop();
});

const ada: Person = {
  kind: 'person',
  id: '0f7f6a0e-93c4-4c5c-8f9d-3b2b7c8a1d11',
  name: 'Ada',
  email: 'ada@example.com',
  roles: ['sre', 'cto'],
  sessionId: '4f7f6a0e-93c4-4c5c-8f9d-3b2b7c8a1d11',
};
const entry = (reason: string): AuditEntry => ({
  action: 'change.requested',
  actor: ada,
  target: 'service:fraiseql-api',
  change: 214,
  result: 'ok',
  reason,
  details: { service: 'fraiseql-api', runWhenApproved: true },
});

test('numbers have no hole when transactions fail in between and run at once', async () => {
  const writes = Array.from({ length: 40 }, (_, index) =>
    transaction(async (tx) => {
      await stage(tx, entry(`write ${index}`));
      if (index % 3 === 0) throw new Error('rolled back');
      await stage(tx, entry(`write ${index}, second`));
    }, db),
  );
  const results = await Promise.allSettled(writes);
  expect(results.filter((result) => result.status === 'rejected')).toHaveLength(14);
  const rows = await db.auditStaged.findMany({ orderBy: { n: 'asc' } });
  expect(rows.map((row) => row.n)).toEqual(Array.from({ length: 52 }, (_, n) => n));
  const times = rows.map((row) => row.stagedAt.getTime());
  expect(times).toEqual([...times].sort((left, right) => left - right));
});

test('the body is canonical, names who acted and holds no secret that somebody typed', async () => {
  await transaction(
    (tx) => stage(tx, entry('rotate, token=abcdef123456 and https://u:hunter2@host/ \ud800')),
    db,
  );
  const last = await db.auditStaged.findFirstOrThrow({ orderBy: { n: 'desc' } });
  const body = parseBody(last.body);
  if (body === null) throw new Error('not readable');
  expect(canonicalJson(body, 'integers')).toBe(last.body);
  expect(body.actor).toMatchObject({ kind: 'person', id: ada.id, name: 'Ada', roles: ['cto', 'sre'] });
  expect(body).toMatchObject({ change: 214, boot: producer().bootId, producer: 'web' });
  expect(body.reason).toBe('rotate, token=[redacted] and https://u:[redacted]@host/ \ufffd');
  expect(last.body).not.toContain(ada.sessionId);
  expect(last.body).not.toContain(ada.email);
});

test('an entry outside the closed list is refused and takes its transaction along', async () => {
  const before = await db.auditStaged.count();
  const details = { password: 'x' };
  await expect(
    // @ts-expect-error the compiler refuses it as well
    transaction((tx) => stage(tx, { ...entry('x'), action: 'change.requested', details }), db),
  ).rejects.toThrow(/password/);
  expect(await db.auditStaged.count()).toBe(before);
});

test('a plan hash that a client made up is recorded as a hash is long, however long it was', async () => {
  const planHash = `${'a'.repeat(100)}\ud800${'b'.repeat(100_000)}`;
  await transaction((tx) => stage(tx, { ...entry('x'), result: 'refused', planHash }), db);
  const last = await db.auditStaged.findFirstOrThrow({ orderBy: { n: 'desc' } });
  expect(parseBody(last.body)?.planHash).toBe('a'.repeat(64));
});
