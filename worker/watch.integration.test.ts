import { afterEach, beforeEach, expect, test } from 'vitest';
import { viewWatch } from '@/lib/change/watch/view';
import { changeNumber } from '@/lib/core/ids';
import { reaches, requested, signed, testWorld, until, type World } from './testing/world';
import { type RunningWorker, startWorker } from './worker';

let world: World;
let workers: RunningWorker[] = [];

beforeEach(async () => {
  world = await testWorld();
  // Times as a demo has them; everything else is what production runs.
  const timing = { ...world.config.timing, watchTiers: [2, 600], watchCadence: 1 };
  const options = { config: { ...world.config, timing }, connectionString: world.url };
  workers = [await startWorker(options), await startWorker(options)];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await world.stop();
});

const pods = () => world.cluster.store.list('pods', 'fraiseql');

test('after a deploy the pods are looked at: two that restart are a regression, told once', async () => {
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await reaches(world, id, 'Succeeded');
  const number = changeNumber(id);
  const watch = () => viewWatch(world.db, number);
  // The first tier is over in a moment: what restarts now belongs to the second one.
  await until(
    'the second tier is looked at',
    async () => typeof (await watch())?.tiers[1]?.lookedAt === 'string',
  );
  for (const { metadata } of pods().slice(0, 2)) {
    expect(world.controllers.killPod('fraiseql', metadata.name)).toBe(true);
  }
  await until('a tier has seen it', async () => (await watch())?.state === 'regressed');
  const seen = (await watch())?.tiers.find(({ state }) => state === 'regressed');
  expect(seen?.detail).toMatch(/^[23] pods restarted\. /);
  const entries = await world.db.observation.findMany({ where: { changeNumber: number, kind: 'seen' } });
  const told = entries.filter(({ sentence }) => sentence.startsWith('Worse than before'));
  const regressed = await world.db.watchTier.count({ where: { changeNumber: number, state: 'regressed' } });
  expect(told).toHaveLength(regressed);
});

test('the next deploy of the place takes over', async () => {
  const first = await requested(world, '2.0.0');
  await signed(world, first);
  await reaches(world, first, 'Succeeded');
  await until('the watch has begun', async () => (await viewWatch(world.db, changeNumber(first))) !== null);
  const next = await requested(world, '2.0.1');
  await signed(world, next);
  await until(
    'the watch is superseded',
    async () => (await viewWatch(world.db, changeNumber(first)))?.supersededBy === next,
  );
});
