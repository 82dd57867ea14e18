import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '@/lib/access/model';
import { createDatabase, type Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { AuditExportQuery, AuditList, AuditQuery } from './contract';
import { csvCell } from './csv';
import { exportAudit } from './export';
import { sequenceAudit } from './sequence';
import { stage } from './stage';
import { viewAudit, viewVerification } from './view';

let scratch: TestDatabase;
let db: Database;
const ada: Person = {
  kind: 'person',
  id: crypto.randomUUID(),
  name: 'Ada 100%',
  email: 'ada@example.com',
  roles: ['sre'],
  sessionId: crypto.randomUUID(),
};

beforeAll(async () => {
  scratch = await testDatabase();
  db = createDatabase(scratch.url);
  await transaction(async (tx) => {
    for (let n = 0; n < 25; n += 1) {
      await stage(tx, {
        action: 'session.ended',
        actor: { kind: 'worker', id: 'worker-1' },
        target: `account:${n}`,
        result: 'ok',
      });
    }
    await stage(tx, {
      action: 'change.requested',
      actor: ada,
      target: 'service:fraiseql-api',
      change: 7,
      result: 'refused',
      reason: '=cmd|calc, "quoted"\nnext line',
    });
  }, db);
  await sequenceAudit(db);
});
afterAll(async () => {
  await db.$disconnect();
  await scratch.drop();
});

const view = (query: Record<string, unknown> = {}) => viewAudit(AuditQuery.parse(query), db);

test('pages follow one another without a gap, newest first', async () => {
  const seen: number[] = [];
  let before: number | null = null;
  do {
    const page = AuditList.parse(await view({ limit: 10, ...(before === null ? {} : { before }) }));
    expect(page.size).toBe(26);
    seen.push(...page.entries.map(({ seq }) => seq));
    before = page.next;
  } while (before !== null);
  expect(seen).toEqual(Array.from({ length: 26 }, (_, index) => 25 - index));
});

test('a row shows who, what and the hash of the row before', async () => {
  const [row, previous] = (await view({ limit: 2 })).entries;
  expect(row).toMatchObject({
    action: 'change.requested',
    change: 'c-7',
    via: 'web',
    result: 'refused',
    actor: { kind: 'person', id: ada.id },
  });
  expect(row?.previousLeaf).toBe(previous?.leaf);
});

test.each([
  [{ actor: 'ada' }, 1],
  [{ actor: ada.id }, 1],
  [{ actor: '100%' }, 1],
  [{ actor: '1_0' }, 0],
  [{ action: 'change.requested' }, 1],
  [{ action: 'session' }, 25],
  [{ action: 'sess' }, 0],
  [{ target: 'fraiseql' }, 1],
  [{ change: 'c-7' }, 1],
  [{ change: 'c-8' }, 0],
  [{ from: '2200-01-01T00:00:00Z' }, 0],
  [{ to: '2200-01-01T00:00:00Z' }, 26],
  [{ target: "'; DROP TABLE audit.entry; --" }, 0],
])('the filter %j finds %i', async (filter, count) => {
  expect((await view(filter)).entries).toHaveLength(count);
});

test('the verdict is computed once for many askers', async () => {
  const asked = Array.from({ length: 5 }, () => viewVerification(db));
  expect(new Set(asked).size).toBe(1);
  expect(await asked[0]).toMatchObject({ state: 'verified', verifiedTo: 25, size: 26 });
});

test('a verdict asked for anew is a new one, and one for all who ask meanwhile', async () => {
  const before = await viewVerification(db);
  expect(viewVerification(db)).not.toBe(viewVerification(db, { anew: true }));
  const asked = Array.from({ length: 3 }, () => viewVerification(db, { anew: true }));
  expect(new Set(asked).size).toBe(1);
  const [after] = await Promise.all(asked);
  expect(after).not.toBe(before);
  expect(after).toMatchObject({ state: 'verified', size: before.size });
});

test('an export is complete, guarded against formulas, and recorded', async () => {
  const read = async (format: string) =>
    new Response(await exportAudit({ actor: ada, db }, AuditExportQuery.parse({ format }))).text();
  const csv = await read('csv');
  expect(csv.split('\r\n')).toHaveLength(28);
  expect(csv).toContain(`"'=cmd|calc, ""quoted""\nnext line"`);
  const jsonl = (await read('jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(jsonl.map(({ seq }) => seq)).toEqual(Array.from({ length: 26 }, (_, seq) => seq));
  await sequenceAudit(db);
  expect((await view({ action: 'audit.exported' })).entries.map(({ details }) => details)).toEqual([
    { format: 'jsonl', entries: 26, filter: '' },
    { format: 'csv', entries: 26, filter: '' },
  ]);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['\t=1', "'\t=1"],
  [' =1', "' =1"],
  ['a\u0007b', 'ab'],
  ['plain', 'plain'],
  ['a"b', '"a""b"'],
  [-5, '-5'],
])('the cell %j becomes %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});
