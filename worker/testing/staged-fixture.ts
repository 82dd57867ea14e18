import { afterAll, beforeAll } from 'vitest';
import type { Point } from '@/lib/change/execute/execution';
import { changeNumber } from '@/lib/core/ids';
import { type RunningWorker, startWorker } from '../worker';
import { changeIn, logOf, type StagedWorld, stagedWorld } from './staged-world';
import { until } from './world';

/** Of the test file that runs now; made by `openStagedWorld`. */
export let world: StagedWorld;
let worker: RunningWorker;
let act: (point: Point) => Promise<void> = async () => {};

const start = (): Promise<RunningWorker> =>
  startWorker({
    config: world.config,
    connectionString: world.url,
    reached: (point) => act(point),
  });

/** Gives a test file a world of its own and a worker in this process; `prepare` comes before the worker. */
export function openStagedWorld(
  options: Parameters<typeof stagedWorld>[0] = {},
  prepare: (world: StagedWorld) => void | Promise<void> = () => {},
): void {
  beforeAll(async () => {
    world = await stagedWorld(options);
    await prepare(world);
    worker = await start();
  });
  afterAll(async () => {
    await worker.stop();
    await world.stop();
  });
}

/** Stops the worker, which gives back what it holds, and starts the next one. */
export async function handOver(): Promise<void> {
  await worker.stop();
  worker = await start();
}

/** What happens at the points of an execution, until the next call; without an argument nothing. */
export function atPoints(next: (point: Point) => Promise<void> = async () => {}): void {
  act = next;
}

export function clusterOf(region = 'us-east-1') {
  const found = world.clusters.get(region);
  if (found === undefined) throw new Error(`There is no cluster ${region}.`);
  return found;
}

export const stepsOf = (id: string) =>
  world.db.step.findMany({ where: { changeNumber: changeNumber(id) }, orderBy: { n: 'asc' } });

/** Waits as `until` does; where it waits in vain the log of the change says what came instead. */
const untilOf = (id: string, what: string, holds: () => Promise<boolean>): Promise<void> =>
  until(`${id} is ${what}`, holds).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await logOf(world, id)}`);
  });

export const isAt = (id: string, kind: string): Promise<void> =>
  untilOf(id, `at a ${kind}`, async () =>
    (await stepsOf(id)).some((step) => step.state === 'running' && step.kind === kind),
  );

export const reachesState = (id: string, state: string): Promise<void> =>
  untilOf(id, state, async () => (await changeIn(world, id)).state === state);
