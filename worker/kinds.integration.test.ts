import { describe, expect, test } from 'vitest';
import { DeployPlan } from '@/lib/change/contract';
import { abortChange } from '@/lib/change/steer-change';
import { changeNumber } from '@/lib/core/ids';
import { eachInWorld, world } from './testing/fixture';
import {
  type Ask,
  change,
  planned,
  quick,
  reaches,
  requested,
  signed,
  status,
  until,
  writes,
} from './testing/world';

eachInWorld(quick);

const ended = ['Succeeded', 'BackedOut', 'Failed', 'Voided'];
const spec = () => JSON.parse(JSON.stringify(world.deployment())).spec;
const container = () => spec().template.spec.containers[0];
const env = (name: string) => container().env?.find((one: { name: string }) => one.name === name)?.value;
const sets = () => world.cluster.store.list('replicasets.apps', 'fraiseql');
/** The name of the first ReplicaSet whose text fits. */
const setWith = (fits: (text: string) => boolean): string =>
  sets().find((set) => fits(JSON.stringify(set)))?.metadata.name ?? 'none';
const problemOf = async (ask: Ask) => JSON.stringify((await planned(world, ask)).problem);

async function carriedOut(ask: Ask): Promise<string> {
  const id = await requested(world, ask);
  await signed(world, id);
  await reaches(world, id, ...ended);
  return id;
}
const outcome = async (id: string) => {
  const { state, outcome: told } = await change(world, id);
  return `${state}: ${JSON.parse(JSON.stringify(told))?.sentence}`;
};

describe('scale', () => {
  test('sets the replicas and nothing else', async () => {
    const before = spec().template;
    const id = await carriedOut({ kind: 'scale', replicas: 5 });
    expect(await outcome(id)).toMatch(/^Succeeded: 5 pods run\./);
    expect(spec()).toMatchObject({ replicas: 5, template: before });
    expect(status(world.cluster.store)).toMatchObject({ available: 5, replicas: 5 });
    const [write] = writes(world);
    expect(JSON.parse(JSON.stringify(write?.body)).spec).toEqual({ replicas: 5 });
    expect(await problemOf({ kind: 'scale', replicas: 5 })).toMatch(/already has 5 pods/);
  });

  test('an abort puts the former number back', async () => {
    world.prometheus.set('1.8.0', 'empty');
    const id = await requested(world, { kind: 'scale', replicas: 2 });
    await signed(world, id);
    await until('it is scaled', () => spec().replicas === 2);
    await abortChange({ actor: world.people.sre, id, reason: 'Too few pods for the load.' }, world.db);
    await reaches(world, id, ...ended);
    expect(await outcome(id)).toMatch(/^BackedOut: .*3 pods run again\.$/);
    expect(spec().replicas).toBe(3);
  });

  test('somebody who scales meanwhile is named and not overwritten', async () => {
    world.prometheus.set('1.8.0', 'empty');
    const id = await requested(world, { kind: 'scale', replicas: 4 });
    await signed(world, id);
    await until('it is scaled', () => spec().replicas === 4);
    world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
      const copy = JSON.parse(JSON.stringify(object));
      return { ...copy, spec: { ...copy.spec, replicas: 7 } };
    });
    await reaches(world, id, 'DriftHold', ...ended);
    const { state, hold } = await change(world, id);
    expect([state, JSON.stringify(hold)]).toEqual([
      'DriftHold',
      expect.stringContaining('scaled the Deployment from 4 to 7 pods'),
    ]);
    expect(spec().replicas).toBe(7);
  });
});

test('a moved baseline ends the change before anything is done, with the difference', async () => {
  const id = await requested(world, '2.0.0');
  world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
    const copy = JSON.parse(JSON.stringify(object));
    copy.spec.template.spec.containers[0].env = [{ name: 'POOL_SIZE', value: '77' }];
    return copy;
  });
  await signed(world, id);
  await reaches(world, id, ...ended);
  expect(await outcome(id)).toMatch(
    /^Voided: .*changed the Deployment since the plan was made: spec\.template\..*env.*77.*Ask for a new plan\.$/,
  );
  expect(writes(world)).toHaveLength(0);
});

test('a restart replaces every pod once, by pods of the same version', async () => {
  const pods = () => world.cluster.store.list('pods', 'fraiseql').map(({ metadata }) => metadata.uid);
  const before = new Set(pods());
  const id = await carriedOut({ kind: 'restart' });
  expect(await outcome(id)).toMatch(/^Succeeded: All 3 pods were replaced\./);
  await until('the old pods are gone', () => pods().every((uid) => !before.has(uid)));
  expect(status(world.cluster.store)).toMatchObject({ version: '1.8.0', available: 3 });
  expect(writes(world)).toHaveLength(1);
  // The mark is the plan's: the same plan twice would be the same template.
  const plan = DeployPlan.parse((await change(world, id)).plan);
  expect(plan.write?.template).toContain('signalbox.dev/restart');
});

describe('set-env', () => {
  test('sets one variable of one container and goes back to the former value', async () => {
    const first = await carriedOut({ kind: 'set-env', name: 'POOL_SIZE', value: '40' });
    expect(await outcome(first)).toMatch(/^Succeeded: All 3 pods run with POOL_SIZE 40\./);
    expect(env('POOL_SIZE')).toBe('40');
    world.prometheus.set('1.8.0', { total: 200, failed: 30 });
    const second = await carriedOut({ kind: 'set-env', name: 'POOL_SIZE', value: '500' });
    expect(await outcome(second)).toMatch(/^BackedOut: The guard failed.*again with POOL_SIZE 40\.$/);
    expect(env('POOL_SIZE')).toBe('40');
  });

  test('what looks like a secret is not planned', async () => {
    expect(await problemOf({ kind: 'set-env', name: 'DB_PASSWORD', value: 'x' })).toMatch(
      /looks like a secret/,
    );
  });
});

describe('rollback', () => {
  test('to a named revision puts its whole pod template back', async () => {
    await carriedOut({ kind: 'set-env', name: 'POOL_SIZE', value: '40' });
    await carriedOut('2.0.0');
    const current = setWith((text) => text.includes(':2.0.0"'));
    expect(await problemOf({ kind: 'rollback', replicaSet: current })).toMatch(/is what runs now/);
    const target = setWith((text) => text.includes(':1.8.0"') && !text.includes('POOL_SIZE'));
    const id = await carriedOut({ kind: 'rollback', replicaSet: target });
    expect(await outcome(id)).toMatch(/^Succeeded: 1\.8\.0 runs on all 3 pods\./);
    expect(status(world.cluster.store).version).toBe('1.8.0');
    expect(env('POOL_SIZE')).toBeUndefined();
    expect(await problemOf({ kind: 'rollback', replicaSet: 'gone-1' })).toMatch(/no ReplicaSet gone-1/);
  });

  test('waits neither for Prometheus nor to be judged', async () => {
    await carriedOut('2.0.0');
    world.prometheus.set('1.8.0', 'down');
    world.prometheus.set('2.0.0', 'down');
    const id = await carriedOut({
      kind: 'rollback',
      replicaSet: setWith((text) => text.includes(':1.8.0"')),
    });
    expect(await outcome(id)).toMatch(/^Succeeded: 1\.8\.0 runs on all 3 pods\. Nobody could judge it/);
    expect(
      (await world.db.intent.findMany({ where: { changeNumber: changeNumber(id) } })).map(({ verb }) => verb),
    ).toEqual(['apply']);
  });

  test('from a broken version needs no healthy one, and never goes back to it by itself', async () => {
    world.outcomes.set('9.9.9', 'crash');
    world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) =>
      JSON.parse(JSON.stringify(object).replaceAll(':1.8.0"', ':9.9.9"')),
    );
    const good = setWith((text) => text.includes(':1.8.0"'));
    await until('the broken version is there', () => sets().length > 2);
    world.prometheus.set('1.8.0', { total: 200, failed: 30 });
    const id = await requested(world, { kind: 'rollback', replicaSet: good });
    await signed(world, id);
    await reaches(world, id, 'DataHold', ...ended);
    expect((await change(world, id)).state).toBe('DataHold');
    expect((await change(world, id)).backingOut).toBe(false);
    world.prometheus.set('1.8.0', { total: 200, failed: 0 });
    await reaches(world, id, ...ended);
    expect((await change(world, id)).state).toBe('Succeeded');
    expect(
      (await world.db.intent.findMany({ where: { changeNumber: changeNumber(id) } })).map(({ verb }) => verb),
    ).toEqual(['apply']);
  });
});
