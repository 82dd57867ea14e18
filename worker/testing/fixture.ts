import { afterEach, beforeEach } from 'vitest';
import type { Point } from '@/lib/change/execute/execution';
import type { Config } from '@/lib/config/schema';
import { changeNumber } from '@/lib/core/ids';
import { type RunningWorker, startWorker } from '../worker';
import { testWorld, type World, type WorldOptions } from './world';

/** Of the test that runs now; made anew for each one by `eachInWorld`. */
export let world: World;
const workers: RunningWorker[] = [];

/**
 * Gives each test of a file a world of its own, with `running` workers in this process. Afterwards faults are taken
 * away, so that the workers can let go, and everything is stopped.
 */
export function eachInWorld(options: WorldOptions = {}, { running = 1 } = {}): void {
  beforeEach(async () => {
    world = await testWorld(options);
    for (let n = 0; n < running; n += 1) await start();
  });
  afterEach(async () => {
    world.cluster.faults.clear();
    await stopWorkers();
    await world.stop();
  });
}

/** One more worker; `reached` stops it at named points of an execution. */
export async function start(
  options: { reached?: (point: Point) => Promise<void>; config?: Config } = {},
): Promise<RunningWorker> {
  const worker = await startWorker({ config: world.config, connectionString: world.url, ...options });
  workers.push(worker);
  return worker;
}

/** Drains one; it is not stopped again at the end of the test. */
export async function stop(worker: RunningWorker): Promise<void> {
  workers.splice(workers.indexOf(worker), 1);
  await worker.stop();
}

export const stopWorkers = async (): Promise<void> => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
};

export const intents = (id: string) =>
  world.db.intent.findMany({ where: { changeNumber: changeNumber(id) }, orderBy: { attempt: 'asc' } });

/** The writes of a change in their order, each with what became of it: `apply applied`. */
export const settled = async (id: string): Promise<string[]> =>
  (await intents(id)).map(({ verb, result }) => `${verb} ${result}`);

/** The log of an execution, a line an entry: what a failing test should show. */
export const log = async (id: string): Promise<string> => {
  const where = { changeNumber: changeNumber(id) };
  const entries = await world.db.observation.findMany({ where, orderBy: { seq: 'asc' } });
  return entries.map(({ sentence }) => sentence).join('\n');
};
