import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import type { ClusterId } from '@/sandbox/topology';
import { weightsOf } from './testing/routes';
import { endsIn, logOf, readyPods, type StagedWorld, stagedWorld, startedIn } from './testing/staged-world';
import { until } from './testing/world';
import { type RunningWorker, startWorker } from './worker';

/** A canary beside new pods of the old version, in the cluster and in what is measured. */
let world: StagedWorld;
let worker: RunningWorker;

beforeAll(async () => {
  world = await stagedWorld({ hold: '3s' });
  worker = await startWorker({ config: world.config, connectionString: world.url });
});
afterAll(async () => {
  await worker.stop();
  await world.stop();
});

const SERVICE = 'fraiseql-api';
const OLD = '1.8.0';
const storeOf = (region: ClusterId) => {
  const store = world.stores.get(region);
  if (store === undefined) throw new Error(`There is no cluster ${region}.`);
  return store;
};
const ready = (region: ClusterId, part: string) =>
  readyPods(storeOf(region), 'fraiseql', `${SERVICE}-${part}`);
const baseline = (region: ClusterId) =>
  JSON.parse(JSON.stringify(storeOf(region).get('deployments.apps', 'fraiseql', `${SERVICE}-baseline`))).spec;
const canary = (region: ClusterId, version: string) =>
  startedIn(world, {
    kind: 'deploy',
    service: SERVICE,
    environment: 'production',
    region,
    version,
    strategy: 'canary',
  });
const isAt = (id: string, region: ClusterId, weights: number[]) =>
  until(
    `${region} sends ${weights.join('/')}`,
    () => `${weightsOf(storeOf(region), SERVICE)}` === `${weights}`,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await logOf(world, id)}`);
  });

test('a canary that goes through has as many new pods of the old version beside it up to one half', {
  timeout: 90_000,
}, async () => {
  const region = 'us-east-1';
  const id = await canary(region, '2.0.0');
  await isAt(id, region, [90, 5, 5]);
  expect(ready(region, 'baseline')).toBe(2);
  expect(ready(region, 'green')).toBe(2);
  expect(baseline(region).template.spec.containers[0].image).toContain(`:${OLD}`);
  await isAt(id, region, [50, 25, 25]);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  expect(weightsOf(storeOf(region), SERVICE)).toEqual([0, 100]);
  expect(baseline(region).replicas).toBe(0);
  const measured = await world.db.measurement.findMany({
    where: { changeNumber: changeNumber(id), verdict: 'PASS' },
    orderBy: { id: 'asc' },
  });
  const judged = measured.filter(({ baselineTotal, share }) => baselineTotal !== null && (share ?? 1) < 0.5);
  expect(judged.length).toBeGreaterThan(0);
  for (const { total, baselineTotal, query, detail } of judged) {
    expect(baselineTotal).toBe(total);
    expect(query).toContain('fraiseql-api-baseline-[a-z0-9]+-[a-z0-9]{5}');
    expect(detail).toContain('of the baseline');
  }
  const proof = measured.find(({ detail }) => detail?.includes('went to the baseline'));
  expect(proof?.detail).toContain('wanted 5.0 %');
});

test('a canary that is stopped takes the baseline with it', { timeout: 90_000 }, async () => {
  const region = 'eu-west-1';
  world.prometheus.behave('2.1.0', 0.3);
  const id = await canary(region, '2.1.0');
  await isAt(id, region, [90, 5, 5]);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut.*failed/);
  expect(weightsOf(storeOf(region), SERVICE)).toEqual([100, 0]);
  expect(baseline(region).replicas).toBe(0);
  await until('its pods are gone', () => ready(region, 'baseline') === 0 && ready(region, 'green') === 0);
  expect(readyPods(storeOf(region), 'fraiseql', SERVICE)).toBe(3);
});
