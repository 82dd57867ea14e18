import { expect, test } from 'vitest';
import { cancelChange } from '@/lib/change/cancel-change';
import { claimChange } from '@/lib/change/execute/claim';
import { placeChanges } from '@/lib/change/history/places';
import { abortChange } from '@/lib/change/steer-change';
import { pullSwitch } from '@/lib/change/switch/pull-switch';
import { viewSwitches } from '@/lib/change/switch/view-switches';
import { viewWatch } from '@/lib/change/watch/view';
import { changeNumber } from '@/lib/core/ids';
import { serviceOf } from '@/lib/service/placements';
import { weightsOf } from './testing/routes';
import { clusterOf, openStagedWorld, stepsOf, world } from './testing/staged-fixture';
import { changeIn, endsIn, logOf, readyPods, startedIn } from './testing/staged-world';
import { until } from './testing/world';

openStagedWorld();

const storeOf = (region: string) => clusterOf(region).store;
const colourOf = (region: string): unknown =>
  JSON.parse(JSON.stringify(storeOf(region).get('services', 'architect-production', 'architect-api'))).spec
    .selector.color;
const place = { environment: 'production', region: 'us-east-1' } as const;

test('a blue-green deploy switches two regions one after the other', { timeout: 90_000 }, async () => {
  const id = await startedIn(world, {
    kind: 'deploy',
    service: 'architect-api',
    ...place,
    version: 'v3.2.0',
    strategy: 'blue-green',
    regions: ['us-east-1', 'eu-west-1'],
  });
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  expect([colourOf('us-east-1'), colourOf('eu-west-1')]).toEqual(['green', 'green']);
  // The old colour stays at full size, so that switching back is one write.
  expect(readyPods(storeOf('us-east-1'), 'architect-production', 'architect-api')).toBe(10);
});

test('what stays in a region that was finished is watched, and explained by the change that went back', {
  timeout: 90_000,
}, async () => {
  const { db, people } = world;
  const id = await startedIn(world, {
    kind: 'deploy',
    service: 'architect-api',
    ...place,
    version: 'v3.2.1',
    strategy: 'blue-green',
    regions: ['us-east-1', 'eu-west-1'],
    onFailure: 'keep-finished',
  });
  await until('the second region has begun', async () =>
    (await stepsOf(id)).some(({ state, title }) => state === 'running' && title.includes('eu-west-1')),
  );
  await abortChange({ actor: people.sre, id, reason: 'Enough for a test.' }, db);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut: .*"kept":\["us-east-1"\]/);
  expect([colourOf('us-east-1'), colourOf('eu-west-1')]).toEqual(['blue', 'green']);
  const service = serviceOf(world.config, 'architect-api');
  const newest = async (region: string) =>
    (await placeChanges(db, service)).get(`production/${region}`)?.[0] ?? null;
  expect(await newest('us-east-1')).toMatchObject({ id, wrote: true, isBack: false });
  expect(await newest('eu-west-1')).toMatchObject({ id, isBack: true });
  await until('it is watched', async () => (await viewWatch(db, changeNumber(id))) !== null);
});

test('a switch on the cluster of its second region holds back a change over two', async () => {
  const { config, db, people } = world;
  const actor = people.sre;
  const input = {
    verb: 'freeze',
    scope: 'cluster',
    target: 'eu-west-1',
    reason: 'Its network is down.',
  } as const;
  const regions = ['us-east-1', 'eu-west-1'];
  const ask = { kind: 'deploy', service: 'architect-api', ...place, version: 'v3.3.0', regions } as const;
  const id = await startedIn(world, { ...ask, strategy: 'blue-green' }, async () => {
    await pullSwitch({ actor, config, input }, db);
  });
  expect(await viewSwitches({ actor, config }, db)).toMatchObject({ switches: [{ holds: 1 }] });
  // By the cluster of its first region alone a worker would take it.
  expect(await claimChange(db, 'another', 60)).toBeNull();
  expect((await changeIn(world, id)).state).toBe('Queued');
  await cancelChange({ actor, config, id, reason: 'Not on this day.' }, db);
  await db.killSwitch.deleteMany();
});

test('a canary that fails goes back at its first weight', { timeout: 90_000 }, async () => {
  world.prometheus.behave('2.0.0', 0.3);
  const id = await startedIn(world, {
    kind: 'deploy',
    service: 'fraiseql-api',
    ...place,
    version: '2.0.0',
    strategy: 'canary',
  });
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut.*failed/);
  expect(weightsOf(storeOf('us-east-1'), 'fraiseql-api')).toEqual([100, 0]);
  await until(
    'its pods are gone',
    () => readyPods(storeOf('us-east-1'), 'fraiseql', 'fraiseql-api-green') === 0,
  );
});

test('a canary that behaves goes through all its weights', { timeout: 90_000 }, async () => {
  world.prometheus.behave('2.0.0', 0.001);
  const id = await startedIn(world, {
    kind: 'deploy',
    service: 'fraiseql-api',
    ...place,
    version: '2.0.0',
    strategy: 'canary',
  });
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  expect(weightsOf(storeOf('us-east-1'), 'fraiseql-api')).toEqual([0, 100]);
});
