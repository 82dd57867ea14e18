import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestDrill } from '@/lib/backup/drill/request-drill';
import { type BackupWorld, backupWorld, until } from '@/lib/backup/testing/world';
import { jobs } from './jobs/all';
import { checkCopies, dropScratchDatabases, makeCopies, rehearseRestores } from './jobs/copy-databases';
import { dropSetAsideDatabases, loadRestores } from './jobs/restore-databases';
import { person } from './testing/people';
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
  expect(jobs).toEqual(
    expect.arrayContaining([
      ...[makeCopies, checkCopies, rehearseRestores, dropScratchDatabases],
      ...[loadRestores, dropSetAsideDatabases],
    ]),
  );
});

test('of two workers one makes the first copy, and it climbs to a restore by itself', async () => {
  const config = world.config();
  for (const workerId of ['one', 'two']) {
    workers.push(
      await startWorker({
        config,
        connectionString: world.database.url,
        workerId,
        jobs: [makeCopies, checkCopies, rehearseRestores, dropScratchDatabases],
      }),
    );
  }
  const copy = await until(() => world.db.backupCopy.findFirst({ where: { level: 4, leaseOwner: null } }));
  expect(await world.db.backupCopy.count()).toBe(1);
  expect(world.files()).toEqual([copy.object, `${copy.object}.json`]);
  const levels = (await world.checksOf(copy.id)).map(({ level, result }) => [level, result]);
  expect(levels).toEqual([0, 1, 2, 3, 4].map((level) => [level, 'passed']));
});

test('of two workers one rehearses the restore that a person asks for, beside copies and checks', async () => {
  const actor = await person(world.db, 'Sam Reyes', ['sre']);
  await requestDrill({ actor, config: world.config(), database: 'shop', input: {} }, world.db);
  const drill = await until(() => world.db.restoreRun.findFirst({ where: { state: 'done' } }));
  expect(drill.sentence).toMatch(/has the rows, constraints and indexes/);
  expect(await world.db.restoreRun.count()).toBe(1);
});
