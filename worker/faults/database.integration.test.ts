import { afterEach, beforeEach, expect, test } from 'vitest';
import { sequenceAudit } from '@/lib/audit/sequence';
import type { Point } from '@/lib/change/execute/execution';
import { monotonicMs } from '@/lib/core/time';
import { change, reaches, requested, signed, testWorld, until, type World, writes } from '../testing/world';
import { type RunningWorker, startWorker } from '../worker';
import { checkChain } from './testing/checker/chain';
import { type OwnPostgres, ownPostgres } from './testing/own-postgres';

let postgres: OwnPostgres;
let world: World;
const workers: RunningWorker[] = [];

beforeEach(async () => {
  postgres = await ownPostgres();
  // The data go with the server.
  world = await testWorld({ database: { url: postgres.url, drop: async () => {} } });
});
afterEach(async () => {
  await stopWorkers();
  await world.stop();
  await postgres.end();
});

const stopWorkers = () => Promise.all(workers.splice(0).map((worker) => worker.stop()));

async function start(reached?: (point: Point) => Promise<void>): Promise<void> {
  const options = { config: world.config, connectionString: postgres.url };
  workers.push(await startWorker({ ...options, ...(reached === undefined ? {} : { reached }) }));
}

/** Does something the first time that a point is reached. */
function atFirst(wanted: Point, work: () => Promise<void>): (point: Point) => Promise<void> {
  let done = false;
  return async (point) => {
    if (done || point !== wanted) return;
    done = true;
    await work();
  };
}
/** The database answers again; connections that broke are made anew. */
const answers = (id: string) =>
  until('the database answers', () =>
    change(world, id).then(
      () => true,
      () => false,
    ),
  );
const finished = async (id: string) => {
  await answers(id);
  await reaches(world, id, 'Succeeded', 'Failed', 'BackedOut', 'Voided', 'DriftHold', 'ReconcileRequired');
  return (await change(world, id)).state;
};

test('fault 15: a database that comes back with everything lets the change go on with one write', async () => {
  let id = '';
  let restarted = false;
  await start(
    atFirst('intent-written', async () => {
      await postgres.stop();
      await postgres.start();
      restarted = true;
    }),
  );
  id = await requested(world, '2.0.0');
  await signed(world, id);
  await until('the database was started again', () => restarted);
  expect(await finished(id)).toBe('Succeeded');
  expect(writes(world)).toHaveLength(1);
});

test('fault 17: without the database nothing is written once the lease is too old', async () => {
  let down = false;
  let passed = false;
  let release = () => {};
  const longEnough = new Promise<void>((resolve) => {
    release = resolve;
  });
  await start(
    atFirst('intent-written', async () => {
      await postgres.stop();
      down = true;
      await longEnough;
      passed = true;
    }),
  );
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await until('the database is down', () => down);
  const sinceMs = monotonicMs();
  const { stopActing } = world.config.timing;
  await until('the lease is too old to act on', () => monotonicMs() - sinceMs > stopActing * 1000);
  release();
  await until('the worker has gone on', () => passed);
  expect(writes(world)).toHaveLength(0);
  await postgres.start();
  expect(await finished(id)).toBe('Succeeded');
  expect(writes(world)).toHaveLength(1);
});

test('fault 16: a database that lost its newest rows stops the change, and the gap in the audit log shows', async () => {
  let kept = false;
  await start(
    atFirst('before-intent', async () => {
      await postgres.keepCopy();
      kept = true;
    }),
  );
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await until('the copy is kept', () => kept);
  await answers(id);
  await until('the new version is written', () => writes(world).length === 1);
  await until(
    'its result is known',
    async () => (await world.db.intent.count({ where: { result: 'applied' } })) === 1,
  );
  await stopWorkers();
  await sequenceAudit(world.db);
  const anchor = await readHead();
  expect(checkChain(await bodies(), [anchor])).toEqual([]);

  await postgres.loseTail();
  await answers(id);
  await start();
  expect(await finished(id)).toBe('ReconcileRequired');
  expect(writes(world)).toHaveLength(1);
  await sequenceAudit(world.db);
  expect(checkChain(await bodies(), [anchor]).map(({ invariant }) => invariant)).toEqual(['I7']);
});

async function readHead() {
  const [head] = await world.db.$queryRaw<
    { size: bigint; root: Uint8Array }[]
  >`SELECT size, root FROM audit.head`;
  if (head === undefined) throw new Error('The audit log has no head.');
  return { size: Number(head.size), root: Buffer.from(head.root).toString('hex') };
}
const bodies = async () =>
  (await world.db.auditEntry.findMany({ orderBy: { seq: 'asc' }, select: { body: true } })).map(
    ({ body }) => body,
  );
