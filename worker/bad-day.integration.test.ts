import { expect, test } from 'vitest';
import { abortChange } from '@/lib/change/steer-change';
import { retentionRules } from './jobs/apply-retention';
import { eachInWorld, log, settled, start, stop, world } from './testing/fixture';
import { change, reaches, requested, signed, status, until, writes } from './testing/world';

eachInWorld({}, { running: 0 });

const deployed = () => status(world.cluster.store).version;
const announced = () => until('the write is announced', async () => (await world.db.intent.count()) > 0);

test('a write that the server carries out after the abort does not stay', async () => {
  await start();
  const id = await requested(world, '2.0.0');
  // Longer than the client waits (2 s): the server goes on with a request that nobody waits for any more.
  world.cluster.faults.add({ method: 'PATCH', count: 1, action: { kind: 'delay', ms: 5000 } });
  await signed(world, id);
  await announced();
  await abortChange({ actor: world.people.sre, id, reason: 'Not this one.' }, world.db);
  await reaches(world, id, 'BackedOut', 'Failed');
  await until('the late write was answered', () => world.cluster.writeLog.since().some(isLate));
  expect(deployed(), await log(id)).toBe('1.8.0');
  expect(await settled(id)).toEqual(['apply superseded', 'restore applied']);
});
const isLate = (entry: { dryRun: boolean; body: unknown }): boolean =>
  !entry.dryRun && JSON.stringify(entry.body).includes(':2.0.0');

test('the grace time begins with the first new pod, not while the write is still tried', async () => {
  world.prometheus.set('2.0.0', 'empty');
  await start();
  const id = await requested(world, '2.0.0');
  world.cluster.faults.add({ method: 'PATCH', count: 3, action: { kind: 'status', code: 500 } });
  await signed(world, id);
  await until('the write is done', async () => (await settled(id)).includes('apply applied'));
  world.prometheus.set('2.0.0', { total: 300, failed: 1 });
  await reaches(world, id, 'Succeeded', 'BackedOut', 'Failed', 'DataHold');
  expect((await change(world, id)).state, await log(id)).toBe('Succeeded');
  expect(await settled(id)).toEqual(['apply applied']);
});

test('an abort before the first write ends the change although the cluster is silent', async () => {
  await start();
  const id = await requested(world, '2.0.0');
  world.cluster.faults.add({ method: 'GET', action: { kind: 'cut', when: 'before-commit' } });
  await signed(world, id);
  await reaches(world, id, 'Revalidating');
  await abortChange({ actor: world.people.sre, id, reason: 'The cluster is down.' }, world.db);
  await reaches(world, id, 'Cancelled');
  expect(await world.db.lock.count()).toBe(0);
});

test('a Deployment that was deleted in mid-rollout holds the change and names the reason', async () => {
  world.prometheus.set('2.0.0', { total: 1, failed: 0 });
  await start();
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await until('the new version is written', async () => (await settled(id)).includes('apply applied'));
  world.cluster.store.remove('deployments.apps', 'fraiseql', 'fraiseql-api');
  await reaches(world, id, 'DriftHold');
  expect(JSON.stringify((await change(world, id)).hold)).toContain('The Deployment is gone');
});

test('a fence of the next epoch, whose rows the database lost, is not taken for our own', async () => {
  world.prometheus.set('2.0.0', { total: 1, failed: 0 });
  const first = await start();
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await until('the new version is written', async () => (await settled(id)).includes('apply applied'));
  await stop(first);
  world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
    const copy = JSON.parse(JSON.stringify(object));
    copy.metadata.annotations['signalbox.dev/fence'] = `${id}/2`;
    return copy;
  });
  await start();
  await until('the change is claimed again', async () => (await change(world, id)).epoch === 2);
  await reaches(world, id, 'ReconcileRequired');
  expect(writes(world)).toHaveLength(1);
});

test('a fence of a change that retention has removed does not stand in the way', async () => {
  await start();
  const first = await requested(world, '2.0.0');
  await signed(world, first);
  await reaches(world, first, 'Succeeded');
  const rule = retentionRules.find(({ table }) => table === 'change');
  await rule?.remove(world.db, { ...world.config.retention, changes: 0 });
  expect(await world.db.change.count()).toBe(0);
  world.prometheus.set('2.1.0', { total: 300, failed: 1 });
  const second = await requested(world, '2.1.0');
  await signed(world, second);
  await reaches(world, second, 'Succeeded', 'DriftHold', 'Failed', 'Voided');
  expect((await change(world, second)).state, await log(second)).toBe('Succeeded');
});
