import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ArchiveWorld, archiveWorld } from '@/lib/archive/testing/world';
import { until } from '@/lib/backup/testing/world';
import { config } from '@/lib/config/load';
import { jobs } from './jobs/all';
import { checkArchives, makeArchives, retainArchives } from './jobs/make-archives';
import { sequenceEntries } from './jobs/sequence-audit';
import { tellTrouble } from './jobs/tell-trouble';
import { type RunningWorker, startWorker } from './worker';

let world: ArchiveWorld;
const workers: RunningWorker[] = [];
beforeAll(async () => {
  world = await archiveWorld();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  vi.unstubAllEnvs();
});
afterAll(() => world.stop());

test('every worker archives, and tells what is wrong', () => {
  expect(jobs).toEqual(expect.arrayContaining([makeArchives, checkArchives, retainArchives, tellTrouble]));
});

test('of two workers one makes each archive of what they were started with, and both climb to a proof', async () => {
  await world.log(3);
  vi.stubEnv('SIGNALBOX_CONFIG', world.file);
  for (const workerId of ['one', 'two']) {
    workers.push(
      await startWorker({
        config: config(),
        connectionString: world.url(),
        workerId,
        jobs: [makeArchives, checkArchives, retainArchives, tellTrouble, sequenceEntries],
      }),
    );
  }
  await until(async () => (await world.db.archive.count({ where: { level: 4, leaseOwner: null } })) === 2);
  expect(await world.db.archive.count()).toBe(2);
  expect(await world.db.backupTrouble.count()).toBe(0);
  const objects = [(await world.newest('audit')).object, (await world.newest('configuration')).object];
  expect(world.files()).toEqual(objects.flatMap((object) => [object, `${object}.json`]).toSorted());
});
