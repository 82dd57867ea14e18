import { expect, test } from 'vitest';
import { z } from 'zod';
import { DeployPlan, Precheck } from '@/lib/change/contract';
import { lastKnownGood } from '@/lib/change/revision/last-known-good';
import { readRevisionRecord } from '@/lib/change/revision/read-record';
import { changeNumber } from '@/lib/core/ids';
import { eachInWorld, world } from './testing/fixture';
import { type Ask, change, planned, quick, reaches, requested, signed, status } from './testing/world';

eachInWorld(quick);

const place = { service: 'fraiseql-api', environment: 'production', region: 'us-east-1' };
const back: Ask = { kind: 'rollback', lastKnownGood: true };
const ended = ['Succeeded', 'BackedOut', 'Failed', 'Voided'];
const setOf = (version: string): string =>
  world.cluster.store
    .list('replicasets.apps', 'fraiseql')
    .find((set) => JSON.stringify(set).includes(`fraiseql-api:${version}`))?.metadata.name ?? 'none';

async function carriedOut(ask: Ask): Promise<string> {
  const id = await requested(world, ask);
  await signed(world, id);
  await reaches(world, id, ...ended);
  return (await change(world, id)).state;
}
const facts = async () =>
  (await readRevisionRecord(world.db, place)).facts.map(
    ({ what, version, change: n }) => `${n} ${what} ${version}`,
  );
const problem = async (ask: Ask) => JSON.parse(JSON.stringify((await planned(world, ask)).problem));

test('a rollback to the last known good comes to the revision that the record calls good, and goes no further back when asked twice', async () => {
  expect(await problem(back)).toMatchObject({
    message: expect.stringMatching(/^No earlier revision is known to be good/),
    next: expect.stringMatching(/^Choose a revision by name/),
  });
  // What ran before served with passing requests: that is in the plan of the deploy.
  expect(await carriedOut('2.0.0')).toBe('Succeeded');
  expect(await facts()).toEqual(['1 served 1.8.0', '1 brought 2.0.0']);
  const row = await planned(world, back);
  const plan = DeployPlan.parse(row.plan);
  expect(plan.to.version).toBe('1.8.0');
  expect(plan.revision).toMatchObject({
    replicaSet: setOf('1.8.0'),
    isLastKnownGood: true,
    grade: 'good',
    why: 'its requests passed before c-1',
  });
  expect(plan.diff.map(({ path }) => path).join()).toContain('image');
  expect(plan.steps[0]?.title).toBe(`Put the pod template of ${setOf('1.8.0')} back, the last known good`);
  expect(z.array(Precheck).parse(row.prechecks)[0]).toMatchObject({ id: 'revision', result: 'pass' });
  expect(await carriedOut(back)).toBe('Succeeded');
  expect(status(world.cluster.store).version).toBe('1.8.0');
  expect(await facts()).toEqual([
    '1 served 1.8.0',
    '1 brought 2.0.0',
    '2 ran 2.0.0',
    '2 left 2.0.0',
    '2 brought 1.8.0',
  ]);
  expect(await problem(back)).toMatchObject({
    message: expect.stringMatching(/^What runs now is the last known good, 1\.8\.0 .*: c-2 put it back\.$/),
  });
  // By name it goes, and the plan says what it is.
  const named = await planned(world, { kind: 'rollback', replicaSet: setOf('2.0.0') });
  expect(z.array(Precheck).parse(named.prechecks)[0]).toMatchObject({
    id: 'revision',
    result: 'warn',
    detail: expect.stringMatching(/: rolled back; c-2 rolled it back, since /),
  });
});

test('what went back is not good; what the cluster has no more is named, and nothing older is taken', async () => {
  expect(await carriedOut('2.0.0')).toBe('Succeeded');
  world.prometheus.set('2.1.0', { total: 300, failed: 90 });
  expect(await carriedOut('2.1.0')).toBe('BackedOut');
  expect(await facts()).toEqual(['1 served 1.8.0', '1 brought 2.0.0', '2 served 2.0.0', '2 went-back 2.1.0']);
  // The way back of c-2 put 2.0.0 back, which is good: there is nothing to go back to.
  expect(await problem(back)).toMatchObject({
    message: expect.stringMatching(/^What runs now is the last known good, 2\.0\.0 .*: c-2 put it back\.$/),
  });
  world.prometheus.set('2.2.0', { total: 300, failed: 0 });
  expect(await carriedOut('2.2.0')).toBe('Succeeded');
  world.cluster.store.remove('replicasets.apps', 'fraiseql', setOf('2.0.0'));
  expect(await problem(back)).toMatchObject({
    message: expect.stringMatching(/^The last known good, 2\.0\.0 .*, is not in the history of the cluster/),
    next: expect.stringMatching(/^Deploy 2\.0\.0 anew, .*1\.8\.0 \(fraiseql-api-/),
  });
});

test('what a person stated, and what was found worse later, is not known to be good', async () => {
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await reaches(world, id, ...ended);
  const number = changeNumber(id);
  const at = new Date();
  await world.db.watchTier.deleteMany({ where: { changeNumber: number } });
  await world.db.watchTier.create({
    data: {
      changeNumber: number,
      seconds: 900,
      startsAt: at,
      dueAt: at,
      nextLookAt: at,
      endedAt: at,
      state: 'regressed',
    },
  });
  expect(await facts()).toEqual(['1 served 1.8.0', '1 brought 2.0.0', '1 worse 2.0.0']);
  const record = await readRevisionRecord(world.db, place);
  expect(lastKnownGood(record, [], null)).toMatchObject({
    state: 'gone',
    sentence: expect.stringContaining('1.8.0'),
  });
  await world.db.watchTier.deleteMany({ where: { changeNumber: number } });
  await world.db.change.update({
    where: { number },
    data: { outcome: { sentence: 'Sam stated how it ended.', stated: true } },
  });
  expect(await facts()).toEqual(['1 served 1.8.0']);
});
