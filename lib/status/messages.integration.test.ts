import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person, Role } from '@/lib/access/model';
import { newId } from '@/lib/core/ids';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { publishStatus, sampleStatus } from './publish';
import { publishMessage } from './publish-message';
import { readPublished } from './published';
import { updateMessage } from './update-message';

let database: TestDatabase;
let db: Database;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'status-'));
const config = testConfig(
  {},
  { status: { environment: 'production', directory: folder, publishers: ['press@example.com'] } },
);

beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url, 4);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
  fs.rmSync(folder, { recursive: true });
});

const person = (roles: Role[], email = 'ada@example.com'): Person => ({
  kind: 'person',
  id: newId(),
  name: 'Ada',
  email,
  roles,
  sessionId: newId(),
});
const lead = person(['head_of_support']);
const input = {
  title: 'Slow answers',
  impact: 'minor' as const,
  state: 'investigating' as const,
  components: ['shop-api/us-east-1'],
  body: 'We look into it.',
};
const publish = (actor: Person, more: object = {}) =>
  publishMessage({ actor, config, input: { ...input, ...more } }, db);
const staged = async () =>
  (await db.auditStaged.findMany({ orderBy: { n: 'asc' } })).map(({ body }) => JSON.parse(body).action);

test('a lead publishes, updates and resolves; each is recorded, and resolved is final', async () => {
  const message = await publish(lead);
  expect(message).toMatchObject({ state: 'investigating', version: 0, resolvedAt: null });
  const step = (state: 'monitoring' | 'resolved', version: number) =>
    updateMessage({ actor: lead, config, id: message.id, input: { state, body: 'News.', version } }, db);
  expect((await step('monitoring', 0)).version).toBe(1);
  await expect(step('resolved', 0)).rejects.toMatchObject({ code: 'conflict' });
  const resolved = await step('resolved', 1);
  expect(resolved.resolvedAt).not.toBeNull();
  expect(resolved.updates.map(({ state }) => state)).toEqual(['resolved', 'monitoring', 'investigating']);
  await expect(step('monitoring', 2)).rejects.toMatchObject({ code: 'precondition' });
  expect(await staged()).toEqual(['status.published', 'status.updated', 'status.resolved']);
});

test('of two writers at the same moment one wins', async () => {
  const message = await publish(lead);
  const write = () =>
    updateMessage(
      { actor: lead, config, id: message.id, input: { state: 'identified', body: 'Found.', version: 0 } },
      db,
    );
  const results = await Promise.allSettled([write(), write()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('who may publish, and on what', async () => {
  expect(() => publish(person(['sre', 'admin']))).toThrow('Only leads may publish on the status page.');
  await publish(person(['stakeholder'], 'press@example.com'));
  expect(() => publish(lead, { components: ['nothing/here'] })).toThrow(
    'The status page has no component nothing/here.',
  );
  const unknown = { id: newId(), input: { state: 'resolved' as const, body: 'News.', version: 0 } };
  await expect(updateMessage({ actor: lead, config, ...unknown }, db)).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('samples are booked once per minute, and the files hold what was measured and said', async () => {
  await sampleStatus(db, config);
  await sampleStatus(db, config);
  const row = () => db.statusDay.findFirstOrThrow({ where: { component: 'mailer/us-east-1' } });
  expect((await row()).unknown).toBe(60);
  await shiftTime(database.url, 60_000);
  await sampleStatus(db, config);
  expect((await row()).unknown).toBe(120);
  await publishStatus(db, config);
  const published = await readPublished(config);
  expect(published?.components.map(({ state }) => state)).toEqual([
    'degraded_performance',
    'unknown',
    'unknown',
  ]);
  expect(published?.active.map(({ title }) => title)).toContain('Slow answers');
  expect(JSON.stringify(published)).not.toContain(lead.id);
});
