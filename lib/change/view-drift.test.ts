import { expect, test } from 'vitest';
import type { PlannedObject } from './staged/contract';
import { plan } from './testing/plan';
import { stagedPlan } from './testing/staged-plan';
import { driftFrom, type LiveObjects } from './view-drift';

const image = (version: string) => `registry.example.com/shop/api:${version}`;
const containers = (version: string) => [{ name: 'api', image: image(version) }];
const at = { region: 'us-east-1', cluster: 'us-east-1', clusterUid: 'c', namespace: 'shop', uid: 'u' };
const green: PlannedObject = {
  ...at,
  ...{ key: 'us-east-1/Deployment/shop/api-green', part: 'new', kind: 'Deployment', name: 'api-green' },
  container: 'api',
  baseline: { template: { spec: { containers: containers('1') } }, replicas: 0, strategy: { type: 'x' } },
};
const router: PlannedObject = {
  ...at,
  ...{ key: 'us-east-1/Service/shop/api', part: 'router', kind: 'Service', name: 'api' },
  baseline: { selector: { app: 'api', color: 'blue' } },
};
const twoObjects = { ...stagedPlan, staged: { ...stagedPlan.staged, objects: [green, router] } };
const still: LiveObjects = {
  deployment: () => ({ containers: containers('1'), desired: 0, paused: false }),
  router: () => ({ spec: { selector: { color: 'blue', app: 'api' } } }),
};

test('nothing differs while the objects are as planned, or cannot be read', () => {
  expect(driftFrom(twoObjects, still)).toEqual([]);
  expect(driftFrom(twoObjects, { deployment: () => undefined, router: () => undefined })).toEqual([]);
});

test('each object of a staged plan tells in what it differs', () => {
  const moved: LiveObjects = {
    deployment: () => ({ containers: containers('2'), desired: 3, paused: false }),
    router: () => ({ spec: { selector: { app: 'api', color: 'green' } } }),
  };
  expect(driftFrom(twoObjects, moved)).toEqual([
    {
      object: green.key,
      path: 'spec.template.spec.containers[api].image',
      before: image('1'),
      after: image('2'),
    },
    { object: green.key, path: 'spec.replicas', before: '0', after: '3' },
    {
      object: router.key,
      path: 'spec.selector',
      before: '{"app":"api","color":"blue"}',
      after: '{"app":"api","color":"green"}',
    },
  ]);
  expect(driftFrom(twoObjects, { ...still, router: () => null })).toMatchObject([
    { object: router.key, path: 'spec.selector', after: null },
  ]);
});

test('a plan of one Deployment tells of its image', () => {
  const container = plan.target.container;
  const live = (text: string): LiveObjects => ({
    ...still,
    deployment: () => ({ containers: [{ name: container, image: text }], desired: 3, paused: false }),
  });
  expect(driftFrom(plan, live(plan.from.image))).toEqual([]);
  expect(driftFrom(plan, live(image('9')))).toMatchObject([{ before: plan.from.image, after: image('9') }]);
});
