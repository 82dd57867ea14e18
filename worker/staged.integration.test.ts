import { expect, test } from 'vitest';
import { weightsOf } from './testing/routes';
import { clusterOf, openStagedWorld, world } from './testing/staged-fixture';
import { endsIn, logOf, readyPods, startedIn } from './testing/staged-world';
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
