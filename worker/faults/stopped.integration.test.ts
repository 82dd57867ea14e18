import { expect, test } from 'vitest';
import { eachInWorld, world } from '../testing/fixture';
import { killAfterEach, startProcess } from '../testing/worker-process';
import { change, reaches, requested, signed, until, writes } from '../testing/world';

eachInWorld({}, { running: 0 });
killAfterEach();

test('fault 12: a worker that is stopped past its lease and goes on does nothing twice', {
  timeout: 180_000,
}, async () => {
  const first = await startProcess(world);
  const id = await requested(world, '2.0.0');
  // The write is on its way when the process is stopped, and another one is waited for with it.
  world.cluster.faults.add({ method: 'PATCH', count: 1, action: { kind: 'cut', when: 'before-commit' } });
  await signed(world, id);
  await until('the write is announced', async () => (await world.db.intent.count()) === 1);
  first.kill('SIGSTOP');
  await startProcess(world);
  await until('another worker has taken the change', async () => (await change(world, id)).epoch >= 2);
  first.kill('SIGCONT');
  await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut', 'DriftHold');
  expect((await change(world, id)).state).toBe('Succeeded');
  expect(writes(world)).toHaveLength(1);
  // The stopped one is alive and holds nothing of the change.
  expect(first.exitCode).toBeNull();
});
