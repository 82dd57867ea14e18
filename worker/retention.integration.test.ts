import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { retentionRules } from './jobs/apply-retention';
import { testConfig } from './testing/config';
import { team } from './testing/people';

let database: TestDatabase;
let db: Database;
const { retention } = testConfig({ kubeconfig: '/none', prometheus: 'http://127.0.0.1:9' });

beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const apply = async () => {
  const removed: Record<string, number> = {};
  for (const { table, remove } of retentionRules) removed[table] = await remove(db, retention);
  return removed;
};

test('young rows stay, old ones go, and what an unfinished change needs is kept', async () => {
  const { sre } = await team(db);
  const base = {
    kind: 'deploy',
    service: 's',
    environment: 'e',
    region: 'r',
    cluster: 'c',
    namespace: 'n',
    plan: {},
    planHash: '',
    policy: {},
    reason: '',
    requesterId: sre.id,
    requesterName: '',
    reviewExpiresAt: new Date(),
  };
  const log = {
    measurements: { create: { step: 2, verdict: 'PASS', query: '' } },
    observations: { create: { seq: 1, kind: 'seen', sentence: '' } },
    watchTiers: {
      create: { seconds: 900, startsAt: new Date(), dueAt: new Date(), nextLookAt: new Date() },
    },
  };
  await db.change.create({ data: { ...base, ...log, state: 'Succeeded', finishedAt: new Date() } });
  await db.change.create({ data: { ...base, ...log, state: 'Paused' } });
  await db.planRequest.create({
    data: { kind: 'deploy', input: {}, requestedById: sre.id, expiresAt: new Date() },
  });
  await db.outbox.create({ data: { webhook: 'w', event: 'e', payload: {}, deliveredAt: new Date() } });
  await db.outbox.create({ data: { webhook: 'w', event: 'e', payload: {} } });
  await db.session.create({ data: { userId: sre.id, expiresAt: new Date() } });
  await db.apiToken.create({
    data: {
      name: 't',
      scopes: ['read'],
      roles: [],
      ownerId: sre.id,
      hash: 'a'.repeat(64),
      createdBy: 'x',
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  });
  await db.idempotencyKey.create({ data: { actor: 'a', key: 'k', route: 'r', requestHash: 'h' } });
  await db.rateLimit.create({ data: { key: 'k', expire: BigInt(Date.now()) } });
  await db.statusDay.create({ data: { component: 'c', day: new Date() } });
  await db.worker.create({ data: { id: 'w', host: 'h', pid: 1 } });
  const definition = await db.sloDefinition.create({
    data: {
      slo: 's',
      environment: 'e',
      hash: 'h',
      definition: {},
      groups: { create: { key: 'k', labels: {} } },
    },
    include: { groups: true },
  });
  const chunk = {
    groupId: definition.groups[0]?.id ?? 0,
    startAt: new Date(),
    good: [1],
    bad: [0],
    total: [1],
    method: [1],
  };
  await db.sloChunk.createMany({ data: [60, 300].map((size) => ({ ...chunk, size })) });
  await db.sloAdopted.create({
    data: { source: 's', tool: 'sloth', key: 'k', found: {}, seenAt: new Date() },
  });
  await db.databaseSample.create({ data: { databaseId: 'd', at: new Date(), bytes: 1 } });
  const copy = { databaseId: 'd', cause: 'schedule', finishedAt: new Date() };
  await db.backupCopy.create({ data: { ...copy, object: 'f', state: 'failed', error: 'e' } });
  const made = { ...copy, snapshotAt: new Date(), bytes: 1, sha256: 'h', catalog: {} };
  await db.backupCopy.create({ data: { ...made, object: 'k', state: 'kept' } });
  // Claimed for deletion, and its file is still there.
  await db.backupCopy.create({ data: { ...made, object: 'c', state: 'deleted' } });
  await db.backupCopy.create({ data: { ...made, object: 'd', state: 'deleted', deletedAt: new Date() } });
  const run = { kind: 'audit', cause: 'schedule', folder: '/a', finishedAt: new Date() };
  await db.archive.create({ data: { ...run, object: 'f', state: 'failed', error: 'e' } });
  const filed = { ...run, bytes: 1, sha256: 'h', entries: 1, content: {} };
  const look = {
    level: 1,
    result: 'passed',
    tool: 't',
    toolVersion: '1',
    sentence: 's',
    evidence: [],
    seconds: 0,
  };
  const { id } = await db.archive.create({
    data: { ...filed, object: 'k', state: 'kept', checks: { create: [look, look] } },
  });
  await db.archive.create({ data: { ...run, object: 'u', state: 'unchanged', sameAs: id } });
  await db.archive.create({ data: { ...filed, object: 'c', state: 'deleted' } });
  await db.archive.create({ data: { ...filed, object: 'd', state: 'deleted', deletedAt: new Date() } });
  const drill = { databaseId: 'd', cause: 'button', copyId: crypto.randomUUID(), object: 'k' };
  await db.restoreRun.create({
    data: { ...drill, state: 'failed', finishedAt: new Date(), sentence: 's' },
  });
  await db.restoreRun.create({ data: drill });
  expect(Object.values(await apply())).toEqual(retentionRules.map(() => 0));
  await shiftTime(database.url, 92 * 86_400_000);
  const counts = ['slo_chunk of hours', 'slo_chunk of days', 'slo_definition'];
  const kept = [
    'database_sample',
    'backup_copy',
    'archive',
    'archive_check',
    'restore_run',
    'change',
    'status_message',
    'audit.producer',
    'slo_entry',
    'slo_exclusion',
    ...counts,
  ];
  expect(await apply()).toEqual(
    Object.fromEntries(retentionRules.map(({ table }) => [table, kept.includes(table) ? 0 : 1])),
  );
  expect([await db.measurement.count(), await db.observation.count(), await db.outbox.count()]).toEqual([
    1, 1, 1,
  ]);
});

test('an ended change goes whole after years, an unfinished one never', async () => {
  await db.statusMessage.create({
    data: {
      title: 't',
      impact: 'none',
      state: 'resolved',
      resolvedAt: new Date(),
      updates: { create: { state: 'resolved', body: 'b', createdBy: 'x' } },
    },
  });
  const written = { slo: 's', environment: 'e', createdById: crypto.randomUUID(), createdByName: 'Ada' };
  const span = { fromAt: new Date(Date.now() - 3_600_000), toAt: new Date() };
  await db.sloEntry.create({ data: { ...written, ...span, cause: 'incident', title: 't' } });
  await db.sloExclusion.create({ data: { ...written, ...span, reason: 'r' } });
  const weekly = { rule: 'FREQ=WEEKLY', starts: '2026-01-04T02:00', zone: 'UTC', seconds: 60 };
  await db.sloExclusion.create({ data: { ...written, ...weekly, reason: 'r' } });
  await db.$executeRaw`INSERT INTO audit.producer VALUES ('web', gen_random_uuid(), 1, app.now())`;
  await shiftTime(database.url, 1300 * 86_400_000);
  const removed = await apply();
  expect(removed).toMatchObject({
    backup_copy: 2,
    archive: 3,
    archive_check: 1,
    restore_run: 1,
    change: 1,
    status_message: 1,
    'audit.producer': 1,
    slo_entry: 1,
    slo_exclusion: 1,
    database_sample: 1,
  });
  expect(await db.change.findMany({ select: { state: true } })).toEqual([{ state: 'Paused' }]);
  const copies = await db.backupCopy.findMany({ select: { object: true }, orderBy: { object: 'asc' } });
  expect(copies).toEqual([{ object: 'c' }, { object: 'k' }]);
  const archives = await db.archive.findMany({
    select: { object: true, _count: { select: { checks: true } } },
    orderBy: { object: 'asc' },
  });
  expect(archives.map(({ object, _count }) => [object, _count.checks])).toEqual([
    ['c', 0],
    ['k', 1],
  ]);
});
