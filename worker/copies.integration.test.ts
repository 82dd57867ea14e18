import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BackupWorld, backupWorld, until } from '@/lib/backup/testing/world';
import { jobs } from './jobs/all';
import { checkCopies, dropScratchDatabases, makeCopies } from './jobs/copy-databases';
import { type RunningWorker, startWorker } from './worker';

let world: BackupWorld;
const workers: RunningWorker[] = [];
beforeAll(async () => {
  world = await backupWorld();
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await world.stop();
});

test('every worker copies databases', () => {
  expect(jobs).toEqual(expect.arrayContaining([makeCopies, checkCopies, dropScratchDatabases]));
});

test('of two workers one makes the first copy, and it climbs to a restore by itself', async () => {
  const config = world.config();
  for (const workerId of ['one', 'two']) {
    workers.push(
      await startWorker({
        config,
        connectionString: world.database.url,
        workerId,
        jobs: [makeCopies, checkCopies, dropScratchDatabases],
      }),
    );
  }
  const copy = await until(() => world.db.backupCopy.findFirst({ where: { level: 4, leaseOwner: null } }));
  expect(await world.db.backupCopy.count()).toBe(1);
  expect(world.files()).toEqual([copy.object, `${copy.object}.json`]);
  const levels = (await world.checksOf(copy.id)).map(({ level, result }) => [level, result]);
  expect(levels).toEqual([0, 1, 2, 3, 4].map((level) => [level, 'passed']));
});
