import { expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import { eachInWorld, world } from './testing/fixture';
import { killAfterEach, killProcess, startProcess } from './testing/worker-process';
import { change, reaches, requested, signed, status, until, writes } from './testing/world';

eachInWorld({}, { running: 0 });
killAfterEach();

test('a worker killed in mid-rollout, and one killed in mid-write, leave one write behind', async () => {
  const first = await startProcess(world);
  const id = await requested(world, '2.0.0');
  // The answer is late: the worker dies while nobody knows whether the write was done.
  world.cluster.faults.add({ method: 'PATCH', count: 1, action: { kind: 'delay', ms: 600 } });
  await signed(world, id);
  await until('the write is announced', async () => (await world.db.intent.count()) === 1);
  await killProcess(first);

  const second = await startProcess(world);
  await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
  await until(
    'the result is known',
    async () => (await world.db.intent.count({ where: { resolvedAt: null } })) === 0,
  );
  expect(status(world.cluster.store).available).toBeGreaterThan(0);
  await killProcess(second);

  await startProcess(world);
  await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut', 'DriftHold');
  const ended = await change(world, id);
  expect(ended.state).toBe('Succeeded');
  expect(ended.epoch).toBe(3);
  expect(writes(world)).toHaveLength(1);
  const intents = await world.db.intent.findMany({ where: { changeNumber: changeNumber(id) } });
  expect(intents.map(({ verb }) => verb)).toEqual(['apply']);
});

test('SIGTERM drains: the lease is given back and the process ends by itself', async () => {
  const child = await startProcess(world);
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect((await change(world, id)).leaseOwner).toBe(null);
  expect(await world.db.worker.count()).toBe(0);
});
