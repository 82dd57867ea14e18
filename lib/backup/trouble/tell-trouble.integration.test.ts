import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type ArchiveWorld, archiveWorld } from '@/lib/archive/testing/world';
import { tellTroubles } from './tell-trouble';

let world: ArchiveWorld;
beforeAll(async () => {
  world = await archiveWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

const database = {
  id: 'shop',
  name: 'Shop',
  environment: 'production',
  region: 'us-east-1',
  tier: 3,
  url: { env: 'SHOP_URL' },
  backup: { url: { env: 'SHOP_URL' }, folder: 'copies', schedule: { cron: '0 * * * *' } },
};
const Payload = z.object({ text: z.string() });
/** Looks, twice: the second look has nothing to add. Messages since the last call, oldest first. */
async function told(): Promise<string[]> {
  const { config } = world.archiver();
  await tellTroubles(world.db, config);
  expect(await tellTroubles(world.db, config)).toBe(0);
  const rows = await world.db.outbox.findMany({ orderBy: { id: 'asc' } });
  await world.db.outbox.deleteMany();
  return rows.map(({ event, payload }) => `${event}: ${Payload.parse(payload).text}`);
}
const copy = (object: string, more: object) =>
  world.db.$transaction(async (tx) => {
    const [now] = await tx.$queryRaw<{ at: Date }[]>`SELECT app.now() AS at`;
    const at = now?.at ?? new Date(0);
    return tx.backupCopy.create({
      data: {
        databaseId: 'shop',
        cause: 'schedule',
        object,
        state: 'kept',
        slotAt: at,
        snapshotAt: at,
        finishedAt: at,
        bytes: 1000,
        sha256: 'ab',
        catalog: {},
        ...more,
      },
    });
  });
const check = (copyId: string, result: string) =>
  world.db.backupCheck.create({
    data: {
      copyId,
      level: 1,
      result,
      tool: 'SHA-256',
      toolVersion: '1',
      sentence: 'The file is gone.',
      evidence: [],
      seconds: 0,
    },
  });
const failed = { state: 'failed', error: 'The folder has no space left.' };

test('a copy that failed is told once, however often it fails, and once when one is made again', async () => {
  world.restart({ databases: [database] });
  expect(await told()).toEqual([]);
  await copy('one', failed);
  expect(await told()).toEqual([
    'backup.trouble: Backups Copies of Shop: the last run failed: The folder has no space left.',
  ]);
  await world.shift(600);
  await copy('two', { ...failed, error: 'Another reason.' });
  expect(await told()).toEqual([]);
  await world.shift(600);
  await copy('three', {});
  expect(await told()).toEqual([
    'backup.well: Backups Copies of Shop: well again: A run has ended well since.',
  ]);
});

test('a copy that a person stopped is no failure, and one that waits hides none', async () => {
  world.restart({ databases: [database] });
  await copy('one', {});
  await copy('two', { ...failed, cause: 'change', changeNumber: 7, slotAt: null, stopReason: 'Not now.' });
  expect(await told()).toEqual([]);
  await copy('three', failed);
  await copy('four', { state: 'wanted', cause: 'change', changeNumber: 8, slotAt: null });
  expect(await told()).toEqual([
    'backup.trouble: Backups Copies of Shop: the last run failed: The folder has no space left.',
  ]);
});

test('runs that were missed are told, and when they were made up for', async () => {
  world.restart({ databases: [database] });
  await world.db
    .$executeRaw`INSERT INTO backup_schedule (database_id, cron, time_zone) VALUES ('shop', '0 * * * *', 'UTC')`;
  await copy('one', {});
  expect(await told()).toEqual([]);
  await world.shift(3 * 3600);
  const [message] = await told();
  expect(message).toMatch(
    /^backup\.trouble: Backups Copies of Shop: runs were missed: \d runs have no copy, for /,
  );
  await copy('two', {});
  expect(await told()).toEqual([
    'backup.well: Backups Copies of Shop: well again: No run is missing any more.',
  ]);
});

test('each copy that is found spoilt is told, until it passes again or is deleted', async () => {
  world.restart({ databases: [database] });
  const [one, two] = [await copy('one.dump', {}), await copy('two.dump', { slotAt: null })];
  await check(one.id, 'failed');
  await check(two.id, 'failed');
  expect(await told()).toEqual([
    expect.stringMatching(/: (one|two)\.dump is spoilt: The file is gone\.$/),
    expect.stringMatching(/: (one|two)\.dump is spoilt: The file is gone\.$/),
  ]);
  await check(one.id, 'passed');
  expect(await told()).toEqual([
    expect.stringContaining('one.dump passes its checks again, or was deleted.'),
  ]);
  await world.db.backupCopy.update({ where: { id: two.id }, data: { state: 'deleted' } });
  expect(await told()).toEqual([
    expect.stringContaining('two.dump passes its checks again, or was deleted.'),
  ]);
});

test('an archive that fails or is damaged is told like a copy', async () => {
  await world.log(3);
  world.restart({}, { folder: path.join('not', 'there') });
  await world.make();
  expect(await told()).toEqual([
    expect.stringMatching(/^backup\.trouble: Backups Archives of the configuration: the last run failed: /),
    expect.stringMatching(/^backup\.trouble: Backups Archives of the audit log: the last run failed: /),
  ]);
  await world.shift(700);
  world.restart();
  await world.make();
  await world.check();
  expect(await told()).toHaveLength(2);
  const { object } = await world.newest('audit');
  fs.rmSync(path.join(world.folder, object));
  await world.day();
  await world.check();
  await world.make();
  expect(await told()).toEqual([
    expect.stringMatching(/Archives of the audit log: audit-.* is spoilt: The file is gone\.$/),
  ]);
});

test('a database that is looked after no more is neither ill nor well', async () => {
  world.restart({ databases: [database] });
  await copy('one', failed);
  expect(await told()).toHaveLength(1);
  world.restart();
  expect(await told()).toEqual([]);
  expect(await world.db.backupTrouble.count()).toBe(0);
});

test('of several workers one tells it', async () => {
  world.restart({ databases: [database] });
  await copy('one', failed);
  const { config } = world.archiver();
  const counts = await Promise.all([1, 2, 3, 4].map(() => tellTroubles(world.db, config)));
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(1);
  expect(await world.db.outbox.count()).toBe(1);
});
