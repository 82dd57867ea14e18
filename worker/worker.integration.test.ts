import { expect, test } from 'vitest';
import { z } from 'zod';
import { DeployPlan, Precheck } from '@/lib/change/contract';
import { changeNumber } from '@/lib/core/ids';
import { eachInWorld, world } from './testing/fixture';
import { change, planned, reaches, requested, signed, status, until, writes } from './testing/world';

eachInWorld();

const sentences = async (id: string) =>
  (
    await world.db.observation.findMany({
      where: { changeNumber: changeNumber(id) },
      orderBy: { seq: 'asc' },
    })
  ).map(({ sentence }) => sentence);
/** In the order of the log; entries of one worker and one web process are in one producer here. */
const actions = async () => {
  await until('the audit log has caught up', async () => (await world.db.auditStaged.count()) === 0);
  return (await world.db.auditEntry.findMany({ orderBy: { seq: 'asc' } })).map(({ action }) => action);
};

test('a deploy is planned, signed, carried out and recorded', async () => {
  const id = await requested(world, '2.0.0');
  await signed(world, id);
  await reaches(world, id, 'Succeeded', 'Failed', 'Voided', 'BackedOut');
  const ended = await change(world, id);
  expect(ended.state, (await sentences(id)).join('\n')).toBe('Succeeded');
  expect(status(world.cluster.store)).toMatchObject({
    version: '2.0.0',
    available: 3,
    fence: `${id}/1`,
    paused: false,
  });
  expect(writes(world)).toHaveLength(1);
  const [write] = writes(world);
  expect(write?.impersonated).toMatchObject({
    user: 'sam.reyes@example.com',
    groups: expect.arrayContaining(['signalbox-operators']),
  });
  const steps = await world.db.step.findMany({
    where: { changeNumber: changeNumber(id) },
    orderBy: { n: 'asc' },
  });
  expect(steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  // A step that is done says no more what it waited for; the log has how far the rollout was, and what the watch saw.
  expect(steps.map(({ detail }) => detail)).toEqual([null, null, null]);
  const log = await world.db.observation.findMany({
    where: { changeNumber: changeNumber(id), kind: 'seen' },
  });
  expect(log.map(({ step, sentence }) => `${step} ${sentence}`)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^2 .*pods on 2\.0\.0 are ready/),
      expect.stringMatching(/^3 Watching 2\.0\.0/),
    ]),
  );
  expect(await actions()).toEqual([
    'plan.requested',
    'plan.answered',
    'change.requested',
    'change.signed',
    'change.signed',
    'change.approved',
    'change.queued',
    'change.claimed',
    'change.claimed',
    'change.started',
    'change.intent',
    'change.outcome',
    'change.watching',
    'change.succeeded',
  ]);
});

test('a plan is answered within moments, with its checks', async () => {
  const plan = await planned(world, '2.0.0');
  expect(plan.state).toBe('answered');
  const checks = z.array(Precheck).parse(plan.prechecks);
  expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
  expect(checks.map(({ id }) => id)).toEqual([
    'queue',
    'switch',
    'healthy',
    'paused',
    'rights',
    'autoscaler',
    'quota',
    'disruption-budget',
    'gitops',
    'probes',
    'incidents',
    'image',
    'way-back',
    'guard',
    'budget',
    'certificates',
  ]);
  expect(DeployPlan.parse(plan.plan)).toMatchObject({
    from: { version: '1.8.0' },
    to: { version: '2.0.0' },
    undo: { version: '1.8.0' },
    forecast: { worst: null, sentence: expect.stringContaining('not known') },
    diff: [
      {
        path: 'spec.template.spec.containers[fraiseql-api].image',
        before: 'registry.example.com/fraiseql/fraiseql-api:1.8.0',
        after: 'registry.example.com/fraiseql/fraiseql-api:2.0.0',
      },
    ],
  });
  expect(writes(world)).toEqual([]);
});

test('who keeps the object in git, and pods that never say when they are ready, are told with the plan', async () => {
  world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
    object.metadata.labels = { ...object.metadata.labels, 'kustomize.toolkit.fluxcd.io/name': 'apps' };
    return object;
  });
  const found = async (ask: Parameters<typeof planned>[1]) =>
    new Map(
      z
        .array(Precheck)
        .parse((await planned(world, ask)).prechecks)
        .map((one) => [one.id, one]),
    );
  const ofDeploy = await found('2.0.0');
  expect(ofDeploy.get('gitops')).toMatchObject({
    result: 'warn',
    detail: expect.stringMatching(/Flux's apps keeps Deployment fraiseql-api .* Suspend it/),
  });
  expect(ofDeploy.get('probes')).toMatchObject({ result: 'pass' });
  expect(ofDeploy.get('incidents')).toMatchObject({
    result: 'warn',
    detail: expect.stringContaining('no Alertmanager'),
  });
  const ofScale = await found({ kind: 'scale', replicas: 4 });
  expect([ofScale.has('gitops'), ofScale.has('probes')]).toEqual([true, false]);
});

test('the version that runs already, and a cluster that refuses the dry run, are the answer', async () => {
  expect((await planned(world, '1.8.0')).problem).toMatchObject({
    message: expect.stringContaining('already runs 1.8.0'),
  });
  world.cluster.faults.add({
    method: 'PATCH',
    action: { kind: 'status', code: 422, reason: 'Invalid', message: 'no such thing' },
  });
  expect((await planned(world, '2.0.0')).problem).toMatchObject({
    message: expect.stringContaining('no such thing'),
  });
});
