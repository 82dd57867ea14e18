import { afterEach, beforeEach, expect, test } from 'vitest';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { readClusterUid } from '@/lib/actuators/kubernetes/read';
import { abortChange } from '@/lib/change/steer-change';
import { type WorkerClusters, workerClusters } from './clusters';
import { reaches, requested, signed, status, testWorld, until, type World, writes } from './testing/world';
import { type RunningWorker, startWorker } from './worker';

let world: World;
let worker: RunningWorker | null = null;
let clusters: WorkerClusters;
/** Too many requests for whatever does not go back. */
const forthOnly = { userAgent: '^(?!.*way-back)', action: { kind: 'too-many-requests' } } as const;

beforeEach(async () => {
  // Rounds that follow one another quickly, so that a call which should not be made would be.
  world = await testWorld({ timing: { resync: '100ms', watch: '60s' }, guard: { interval: '100ms' } });
  clusters = workerClusters(world.config);
});
afterEach(async () => {
  world.cluster.faults.clear();
  await worker?.stop();
  worker = null;
  await clusters.close();
  await world.stop();
});

const hits = () => world.cluster.faults.list().reduce((sum, fault) => sum + fault.hits, 0);

test('after 429 the budget is closed for as long as the server said, and the other one is not', async () => {
  world.cluster.faults.add(forthOnly);
  const forth = clusters.of('us-east-1');
  const refused = async () => {
    const error: unknown = await readClusterUid(forth).catch((thrown: unknown) => thrown);
    if (!isClusterError(error, 'busy')) throw error;
    return error.retryAfterSeconds;
  };
  expect(await refused()).toBe(1);
  const tries = 100;
  for (let n = 0; n < tries; n += 1) expect(await refused()).toBeGreaterThan(0);
  // The server has been understood: of all those tries it saw at most one for each second that passed.
  expect(hits()).toBeLessThan(tries / 2);
  expect(await readClusterUid(clusters.of('us-east-1', 'way-back'))).not.toBe('');
  world.cluster.faults.clear();
  await until('the budget is open again', () =>
    readClusterUid(forth).then(
      () => true,
      () => false,
    ),
  );
});

test('an abort goes back although the server answers 429 to all that goes forth (fault 9)', async () => {
  worker = await startWorker({ config: world.config, connectionString: world.url });
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await until('the new version is written', () => status(world.cluster.store).version === '2.0.0');
  world.cluster.faults.add(forthOnly);
  await until('the worker was told to wait', () => hits() > 0);
  await abortChange({ actor: world.people.sre, id, reason: 'Not this one.' }, world.db);
  await reaches(world, id, 'BackedOut');
  expect(status(world.cluster.store).version).toBe('1.8.0');
  const [forth, back, ...others] = writes(world);
  expect(others).toEqual([]);
  expect(forth?.userAgent).toBe(`signalbox-worker change/${id}`);
  expect(back?.userAgent).toBe(`signalbox-worker change/${id} way-back`);
});

test('what goes forth waits as it was told and then goes on; nothing is written twice', async () => {
  worker = await startWorker({ config: world.config, connectionString: world.url });
  const id = await requested(world, '2.0.0');
  world.cluster.faults.add({ ...forthOnly, method: 'PATCH', count: 2 });
  await signed(world, id);
  await reaches(world, id, 'Watching');
  expect(hits()).toBe(2);
  expect(writes(world)).toHaveLength(1);
});
