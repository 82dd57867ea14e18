import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DeployPlan } from '@/lib/change/contract';
import type { Point } from '@/lib/change/execute/execution';
import { abortChange } from '@/lib/change/steer-change';
import { changeNumber } from '@/lib/core/ids';
import { readMaintained } from '@/lib/status/maintained';
import { textAt } from '@/sandbox/kubernetes/controllers/read';
import { weightsOf } from './testing/routes';
import { changeIn, endsIn, logOf, type StagedWorld, stagedWorld, startedIn } from './testing/staged-world';
import { until } from './testing/world';
import { type RunningWorker, startWorker } from './worker';

/** Maintenance mode around a migration (DEP-17, X-18). */
let world: StagedWorld;
let worker: RunningWorker;
let point: (point: Point) => Promise<void> = async () => {};

beforeAll(async () => {
  world = await stagedWorld();
  worker = await startWorker({
    config: world.config,
    connectionString: world.url,
    reached: (reached) => point(reached),
  });
});
afterAll(async () => {
  await worker.stop();
  await world.stop();
});
afterEach(() => {
  point = async () => {};
  world.outcomes.delete('job');
});

const store = () => {
  const found = world.stores.get('us-east-1');
  if (found === undefined) throw new Error('There is no cluster us-east-1.');
  return found;
};
const name = 'fraiseql-api-maintenance';
const mode = () => textAt(store().get('configmaps', 'fraiseql', name), 'data', 'mode');
const isAsBefore = () => {
  expect(mode()).toBe('off');
  expect(weightsOf(store(), 'fraiseql-api')).toEqual([100, 0]);
};
const started = () =>
  startedIn(world, {
    kind: 'deploy',
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    version: '2.0.0',
    strategy: 'canary',
    migration: 'reversible',
    maintenance: true,
  });
/** A Job that does not end by itself: what happens meanwhile happens in maintenance. */
const held = async () => {
  const id = await started();
  await until('requests are refused', () => mode() === 'on');
  return id;
};

test('a migration that fails leaves the service answering as before', { timeout: 90_000 }, async () => {
  world.outcomes.set('job', 'crash');
  const id = await started();
  const { diff } = DeployPlan.parse((await changeIn(world, id)).plan);
  expect(diff.filter(({ object }) => object?.includes('ConfigMap'))).toEqual([
    expect.objectContaining({ path: 'data.mode' }),
  ]);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut.*half migrated/);
  isAsBefore();
});

test("a stranger's write of the key holds the change and is named; an abort has it answer again", {
  timeout: 90_000,
}, async () => {
  const id = await held();
  store().change('configmaps', 'fraiseql', name, (object) => ({ ...object, data: { mode: 'read-only' } }));
  await until('the change is held', async () => (await changeIn(world, id)).state === 'DriftHold');
  expect(JSON.stringify((await changeIn(world, id)).hold)).toContain(`changed mode of ConfigMap ${name}`);
  expect(mode()).toBe('read-only');
  await abortChange({ actor: world.people.sre, id, reason: 'Somebody is at work there.' }, world.db);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut/);
  isAsBefore();
});

test('a worker that dies in mid-maintenance: the next one migrates, routes and has requests answered again', {
  timeout: 90_000,
}, async () => {
  let died = false;
  let told: string[] = [];
  point = async (reached) => {
    if (reached !== 'act-sent' || died || mode() !== 'on') return;
    died = true;
    told = [...(await readMaintained(world.db, world.config))];
    throw new Error('The process dies here.');
  };
  const id = await started();
  await until('the first run has died', () => died);
  await until('it was let go', async () => (await changeIn(world, id)).leaseOwner === null);
  await world.db.change.updateMany({ data: { dueAt: new Date(0) } });
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  // Announced, and nobody has seen its end: the public is told all the same.
  expect(told).toEqual(['fraiseql-api/us-east-1']);
  expect(mode()).toBe('off');
  expect([...(await readMaintained(world.db, world.config))]).toEqual([]);
  const rows = await world.db.intent.findMany({
    where: { changeNumber: changeNumber(id) },
    orderBy: { attempt: 'asc' },
  });
  const kinds = rows.map(({ target, result }) => `${target.split('/')[1]} ${result}`);
  const first = kinds.findIndex((kind) => kind.startsWith('ConfigMap'));
  expect(kinds.slice(first, first + 5)).toEqual([
    'ConfigMap adopted',
    'Job applied',
    'Job applied',
    'VirtualService applied',
    'ConfigMap applied',
  ]);
});
