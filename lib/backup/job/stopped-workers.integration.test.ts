import { fork } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { shiftTime } from '@/scripts/testing/database';
import { clearAbandoned } from '../clear-abandoned';
import { makeDueCopies } from '../make-copy';
import { until } from '../testing/world';
import { type JobWorld, jobWorld } from './testing/world';

let world: JobWorld;
beforeAll(async () => {
  world = await jobWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

const expectNothingRuns = () => until(async () => world.jobs().length + world.pods().length === 0);

test('a worker that is stopped deletes its Job', async () => {
  await world.lock();
  const stopping = new AbortController();
  const making = makeDueCopies(world.copier(world.config(), 'w1', stopping.signal));
  const { id } = await world.running();
  await world.dumping(id);
  stopping.abort();
  await making;
  expect(await world.newest()).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/^Job shop-backup-\w{10} was stopped and deleted\.$/),
  });
  await until(async () => (await world.sessionsOf(id)) === 0);
  await expectNothingRuns();
  expect(world.files()).toEqual([]);
});

test('the Job of a worker that was killed is deleted by another one, when the lease is over', async () => {
  await world.lock();
  const told = {
    url: world.database.url,
    workerId: 'doomed',
    config: world.input(),
    kubeconfig: world.kubeconfig,
  };
  const child = fork(
    path.join(import.meta.dirname, '../testing/doomed-job-copier.ts'),
    [JSON.stringify(told)],
    {
      cwd: path.join(import.meta.dirname, '../../..'),
      execArgv: ['--conditions=react-server', '--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const { id } = await world.running();
  await world.dumping(id);
  const died = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  child.kill('SIGKILL');
  expect(await died).toBe('SIGKILL');
  // Its lease is not over yet: nobody touches it.
  expect(await clearAbandoned(world.copier())).toBe(0);
  expect(world.jobs()).toHaveLength(1);
  // While the cluster is away its Job is not forgotten.
  const fault = world.cluster.faults.add({ action: { kind: 'status', code: 503 } });
  await shiftTime(world.database.url, 21_000);
  expect(await clearAbandoned(world.copier())).toBe(1);
  expect(world.jobs()).toHaveLength(1);
  world.cluster.faults.remove(fault);
  await clearAbandoned(world.copier());
  await expectNothingRuns();
  await until(async () => (await world.sessionsOf(id)) === 0);
  expect(await world.newest()).toMatchObject({
    state: 'failed',
    error: 'The worker doomed gave no sign of life any more; the copy was not finished.',
  });
  expect(world.files()).toEqual([]);
});
