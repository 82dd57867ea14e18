import { expect, test } from 'vitest';
import { DeployPlan } from '@/lib/change/contract';
import type { MigrationClass } from '@/lib/change/staged/contract';
import { abortChange } from '@/lib/change/steer-change';
import { changeNumber } from '@/lib/core/ids';
import { weightsOf } from './testing/routes';
import { atPoints, clusterOf, openStagedWorld, reachesState, world } from './testing/staged-fixture';
import { changeIn, endsIn, logOf, plannedIn, startedIn } from './testing/staged-world';
import { until } from './testing/world';

openStagedWorld({}, () => {
  cluster().setLogReader({
    read: () => [
      { atMs: 0, text: 'applying 0042_add_column' },
      { atMs: 1, text: 'connected with password=hunter2' },
    ],
  });
});

const region = 'us-east-1';
const cluster = () => clusterOf(region);
const ask = (migration: MigrationClass) =>
  ({
    kind: 'deploy',
    service: 'fraiseql-api',
    environment: 'production',
    region,
    version: '2.0.0',
    strategy: 'canary',
    migration,
  }) as const;
const jobs = () => cluster().store.list('jobs.batch', 'fraiseql');
const creations = async (id: string) => {
  const rows = await world.db.intent.findMany({
    where: { changeNumber: changeNumber(id), verb: 'create' },
    orderBy: { attempt: 'asc' },
  });
  return rows.map(({ result }) => result);
};
/** What is written forth beside the pods, in the order of intents; a Job twice: it is created, and let run. */
const order = async (id: string) => {
  const rows = await world.db.intent.findMany({
    where: { changeNumber: changeNumber(id), verb: { in: ['create', 'write'] } },
    orderBy: { attempt: 'asc' },
  });
  return rows.map(({ target }) => target.split('/')[1]).filter((kind) => kind !== 'Deployment');
};
/** The Deployment and the router stand as in the beginning, for the next test. */
const isAsBefore = () => expect(weightsOf(cluster().store, 'fraiseql-api')).toEqual([100, 0]);

test('the plan shows the Job with its limits and its dry run', async () => {
  const row = await plannedIn(world, ask('destructive'));
  const plan = DeployPlan.parse(row.plan);
  const step = plan.staged?.steps.find((one) => one.do === 'job');
  const spec = JSON.stringify(JSON.parse(step?.do === 'job' ? step.spec : '{}'));
  expect(spec).toContain('-c lock_timeout=3000 -c statement_timeout=300000');
  expect(spec).toMatch(/"backoffLimit":0.*"restartPolicy":"Never"/);
  const lines = plan.diff.filter(({ object }) => object?.includes('/Job/'));
  expect(lines.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['spec.backoffLimit', 'spec.template.spec.containers[migrate].command']),
  );
  expect(JSON.stringify(row.prechecks)).toMatch(/"migration-rights".*"pass".*"backup".*"warn"/);
  expect(jobs()).toEqual([]);
});

test('a failing Job (fault 28) sends the code back before any request went there, and its log is kept clean', {
  timeout: 90_000,
}, async () => {
  world.outcomes.set('job', 'crash');
  const id = await startedIn(world, ask('reversible'));
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(
    /^BackedOut.*migration did not end well.*half migrated/,
  );
  const log = await logOf(world, id);
  expect(log).toContain('applying 0042_add_column');
  expect(log).not.toContain('hunter2');
  expect(await order(id)).toEqual(['Job', 'Job']);
  isAsBefore();
  world.outcomes.delete('job');
});

/** A Job under the name that the newest change will use, made by somebody else. */
async function takeName(): Promise<string> {
  const change = await world.db.change.findFirstOrThrow({ orderBy: { number: 'desc' } });
  const step = DeployPlan.parse(change.plan).staged?.steps.find((one) => one.do === 'job');
  if (step?.do !== 'job') throw new Error('The plan has no migration.');
  const container = { name: 'other', image: 'other:1' };
  cluster().store.create('jobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: step.name, namespace: 'fraiseql', labels: { 'signalbox.dev/change': 'c-9999' } },
    spec: { suspend: true, template: { spec: { containers: [container], restartPolicy: 'Never' } } },
  });
  return step.name;
}

test("a stranger's Job of that name (fault 6) is left alone and named", { timeout: 90_000 }, async () => {
  let name = '';
  const id = await startedIn(world, ask('reversible'), async () => {
    name = await takeName();
  });
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut.*made by change c-9999/);
  expect(await creations(id)).toEqual([]);
  expect(jobs().some(({ metadata }) => metadata.name === name)).toBe(true);
  isAsBefore();
});

test('a name that is taken between the look and the creation (fault 6) is tried once', {
  timeout: 90_000,
}, async () => {
  let taken = false;
  atPoints(async (reached) => {
    const open = await world.db.intent.count({ where: { verb: 'create', resolvedAt: null } });
    if (reached !== 'intent-written' || taken || open === 0) return;
    taken = true;
    await takeName();
  });
  const id = await startedIn(world, ask('reversible'));
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut.*made by change c-9999/);
  expect(await creations(id)).toEqual(['conflict']);
  isAsBefore();
  atPoints();
});

test('a worker that dies between the creation and its record adopts the Job, and the deploy succeeds', {
  timeout: 90_000,
}, async () => {
  const before = jobs().length;
  let died = false;
  atPoints(async (reached) => {
    if (reached !== 'act-sent' || died || jobs().length === before) return;
    died = true;
    throw new Error('The process dies here.');
  });
  const id = await startedIn(world, ask('reversible'));
  await until('the first run has died', () => died);
  await until('it was let go', async () => (await changeIn(world, id)).leaseOwner === null);
  await world.db.change.updateMany({ data: { dueAt: new Date(0) } });
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  expect(await creations(id)).toEqual(['adopted']);
  expect(jobs()).toHaveLength(before + 1);
  expect((await order(id)).slice(0, 3)).toEqual(['Job', 'Job', 'VirtualService']);
});

test('past a forward-only migration a failing version is held, and an abort still sends the requests back', {
  timeout: 90_000,
}, async () => {
  world.prometheus.behave('2.1.0', 0.3);
  const id = await startedIn(world, { ...ask('forward-only'), version: '2.1.0' });
  await reachesState(id, 'DataHold');
  const { hold, backingOut } = await changeIn(world, id);
  expect(JSON.stringify(hold)).toContain('The migration was forward-only');
  expect(backingOut).toBe(false);
  await abortChange({ actor: world.people.sre, id, reason: 'The old version works with it.' }, world.db);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut/);
});
