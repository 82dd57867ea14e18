import { expect, test } from 'vitest';
import { z } from 'zod';
import { DeployPlan } from '@/lib/change/contract';
import { abortChange } from '@/lib/change/steer-change';
import { changeNumber } from '@/lib/core/ids';
import { fraiseqlAutoscaler } from '@/sandbox/topology/cluster-objects';
import { weightsOf } from './testing/routes';
import { clusterOf, isAt, openStagedWorld, world } from './testing/staged-fixture';
import { changeIn, endsIn, logOf, readyPods, startedIn } from './testing/staged-world';
import { until } from './testing/world';

const SERVICE = 'fraiseql-observers';
const NAMESPACE = 'fraiseql';
const SCALER = 'observers-hpa';
const PODS = 3;
const FEWEST = 1;

const storeIn = () => clusterOf().store;
const Scaler = z.looseObject({ spec: z.looseObject({ minReplicas: z.int() }) });
const fewest = (): number =>
  Scaler.parse(storeIn().get('horizontalpodautoscalers.autoscaling', NAMESPACE, SCALER)).spec.minReplicas;

openStagedWorld({ hold: '2s' }, () => {
  const { spec } = fraiseqlAutoscaler(NAMESPACE);
  storeIn().create('horizontalpodautoscalers.autoscaling', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: SCALER, namespace: NAMESPACE },
    spec: {
      ...spec,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: SERVICE },
      minReplicas: FEWEST,
    },
  });
});

/** What an autoscaler does when the requests have gone: as few pods as it may leave. */
const takePods = () =>
  storeIn().change('deployments.apps', NAMESPACE, SERVICE, (object) => ({
    ...object,
    spec: { ...object.spec, replicas: fewest() },
  }));

const canary = (version: string) =>
  startedIn(world, {
    kind: 'deploy',
    service: SERVICE,
    environment: 'production',
    region: 'us-east-1',
    version,
    strategy: 'canary',
  });

const scalerWrites = async (id: string) =>
  (
    await world.db.intent.findMany({
      where: { changeNumber: changeNumber(id), target: { contains: 'HorizontalPodAutoscaler' } },
      orderBy: { attempt: 'asc' },
    })
  ).map(({ verb, before, desired, result }) => [verb, before, desired, result]);

test('fault 26: an autoscaler takes no pod that the way back needs, and has its own fewest again after an abort', {
  timeout: 90_000,
}, async () => {
  const id = await canary('8.1.0');
  const { diff } = DeployPlan.parse((await changeIn(world, id)).plan);
  expect(diff.filter(({ object }) => object?.includes('HorizontalPodAutoscaler'))).toEqual([
    expect.objectContaining({ path: 'spec.minReplicas', before: `${FEWEST}`, after: `${PODS}` }),
  ]);
  await isAt(id, 'hold');
  expect(fewest()).toBe(PODS);
  takePods();
  await abortChange({ actor: world.people.sre, id, reason: 'Seen enough of it.' }, world.db);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut/);
  expect(weightsOf(storeIn(), SERVICE)).toEqual([100, 0]);
  expect(readyPods(storeIn(), NAMESPACE, SERVICE)).toBe(PODS);
  expect(await scalerWrites(id)).toEqual([
    ['write', { minReplicas: FEWEST }, { minReplicas: PODS }, 'applied'],
    ['restore', { minReplicas: PODS }, { minReplicas: FEWEST }, 'applied'],
  ]);
  expect(fewest()).toBe(FEWEST);
});

test('after the watch the old pods are left to it again', { timeout: 90_000 }, async () => {
  const id = await canary('8.1.1');
  await isAt(id, 'watch');
  expect([weightsOf(storeIn(), SERVICE), fewest()]).toEqual([[0, 100], PODS]);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  expect((await scalerWrites(id)).at(-1)).toEqual([
    'write',
    { minReplicas: PODS },
    { minReplicas: FEWEST },
    'applied',
  ]);
  expect(fewest()).toBe(FEWEST);
  // As its autoscaler would with no requests left.
  takePods();
  await until('it may take pods', () => readyPods(storeIn(), NAMESPACE, SERVICE) === FEWEST);
});
