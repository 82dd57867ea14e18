import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { shiftTime } from '@/scripts/testing/database';
import { Backups, CopyDetail } from './contract';
import { type BackupWorld, backupWorld, password } from './testing/world';
import { backupsView, copyDetail } from './view';

let world: BackupWorld;
beforeAll(async () => {
  world = await backupWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

/** The one database as a browser reads it. */
async function shop(config = world.config()) {
  const { databases } = Backups.parse(await backupsView(config, 'production', world.db));
  const [database] = databases;
  if (database === undefined || databases.length !== 1) throw new Error('There is one database.');
  return database;
}

test('a database without any copy is unknown, whatever its schedule promises', async () => {
  expect(await shop()).toMatchObject({
    isBackedUp: true,
    hasScratch: true,
    lastGood: null,
    missed: null,
    schedule: {
      words: 'Every hour, every day (UTC)',
      next: [expect.any(String), expect.any(String), expect.any(String)],
    },
    recoveryPoint: {
      state: 'unknown',
      objectiveSeconds: 3600,
      isOfTier: true,
      achievableSeconds: 3600,
      canReach: true,
    },
  });
});

test('a copy that nobody has read is not the last good one; read in full it is', async () => {
  const { id } = await world.make();
  expect(await shop()).toMatchObject({
    lastGood: null,
    lastRun: { id, level: 0 },
    recoveryPoint: { state: 'unknown' },
  });
  await world.check();
  const after = await shop();
  expect(after).toMatchObject({ lastGood: { id, level: 4 }, recoveryPoint: { state: 'within' } });
  expect(after.recoveryPoint.sentence).toMatch(/^A restore would lose the last .*; the objective is 1 h\./);
  expect(after.days.at(-1)).toMatchObject({ kept: 1, failed: 0, missed: 0, level: 4 });
});

test('what was missed is told while no worker runs, and the age grows over the objective', async () => {
  await world.proven();
  await shiftTime(world.database.url, 5 * 3_600_000);
  const late = await shop();
  expect(late.missed).toMatchObject({
    slots: 4,
    sentence: expect.stringMatching(/^4 runs have no copy, for 4 h/),
  });
  expect(late.recoveryPoint).toMatchObject({ state: 'over' });
  await world.make();
  expect((await shop()).missed).toBe(null);
});

test('a newer copy that is spoilt leaves the older good one, and says so', async () => {
  const good = await world.proven();
  const { id } = await world.make();
  await world.db.$executeRaw`UPDATE backup_copy SET sha256 = repeat('0', 64) WHERE id = ${id}::uuid`;
  await world.check();
  const { lastGood, lastRun } = await shop();
  expect(lastGood?.id).toBe(good.id);
  expect(lastRun).toMatchObject({ id, isSpoilt: true, level: 0 });
});

test('a copy whose restore failed, or whose file is gone, is not the last good one', async () => {
  const good = await world.proven();
  const second = await world.proven();
  const third = await world.proven();
  expect((await shop()).lastGood?.id).toBe(third.id);
  const look = { tool: 'pg_restore', toolVersion: '18', sentence: 's', evidence: [], seconds: 1 };
  await world.db.backupCheck.create({
    data: { ...look, copyId: third.id, level: 4, result: 'failed' },
  });
  await world.db.backupCopy.update({ where: { id: third.id }, data: { level: 3 } });
  expect((await shop()).lastGood?.id).toBe(second.id);
  // A restore that could not be tried since takes nothing back.
  await world.db.backupCheck.create({
    data: { ...look, copyId: third.id, level: 4, result: 'unknown' },
  });
  await world.db.backupRetention.create({
    data: { databaseId: 'shop', state: 'done', stops: [], missing: [second.id] },
  });
  const after = await shop();
  await world.db.backupRetention.deleteMany();
  expect(after.lastGood?.id).toBe(good.id);
  expect(after.recoveryPoint).toMatchObject({ state: 'over' });
  expect(after.recoveryPoint.worstSeconds).toBeGreaterThanOrEqual(2 * 3600);
});

test('a copy in full: every look with its evidence, the log, and no secret', async () => {
  const { id } = await world.proven();
  const detail = CopyDetail.parse(await copyDetail(world.config(), id, world.db));
  expect(detail.checks.map(({ level }) => level)).toEqual([4, 3, 2, 1, 0]);
  expect(detail).toMatchObject({ databaseName: 'Shop', level: 4, isSpoilt: false });
  expect(JSON.stringify(detail)).not.toContain(password);
  await expect(copyDetail(world.config(), crypto.randomUUID(), world.db)).rejects.toMatchObject({
    code: 'not-found',
  });
});
