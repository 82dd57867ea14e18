import { describe, expect, test } from 'vitest';
import { canonicalJson } from '@/lib/audit/canonical';
import { movedWords } from './moved';
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
const live = (version: string) => ({
  desired: 3,
  paused: false,
  material: { template: { spec: { containers: containers(version) } }, strategy: {}, selector: {} },
});
const still: LiveObjects = {
  deployment: () => ({ ...live('1'), desired: 0 }),
  router: () => ({ spec: { selector: { color: 'blue', app: 'api' } } }),
};

test('nothing differs while the objects are as planned, or cannot be read', () => {
  expect(driftFrom(twoObjects, still)).toEqual([]);
  expect(driftFrom(twoObjects, { deployment: () => undefined, router: () => undefined })).toEqual([]);
});

test('each object of a staged plan tells in what it differs', () => {
  const moved: LiveObjects = {
    deployment: () => live('2'),
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

const { container } = plan.target;
const spec = (text: string, env: { name: string; value: string }[] = []) => ({
  template: { spec: { containers: [{ name: container, image: text, env }] } },
  strategy: { type: 'RollingUpdate' },
  selector: { matchLabels: { app: 'api' } },
});
const found = (material: ReturnType<typeof spec>, paused = false): LiveObjects => ({
  ...still,
  deployment: () => ({ desired: 3, paused, material }),
});

test('a plan of an earlier version tells of its image', () => {
  expect(driftFrom(plan, found(spec(plan.from.image)))).toEqual([]);
  expect(driftFrom(plan, found(spec(image('9'))))).toMatchObject([
    { before: plan.from.image, after: image('9') },
  ]);
});

describe('a plan of one Deployment', () => {
  const before = spec(plan.from.image, [{ name: 'POOL_SIZE', value: '20' }]);
  const own = { ...plan, baselineSpec: canonicalJson(before) };

  test('is compared whole', () => {
    expect(driftFrom(own, found(before))).toEqual([]);
    const after = spec(plan.from.image, [{ name: 'POOL_SIZE', value: '40' }]);
    expect(driftFrom(own, found(after, true))).toEqual([
      {
        path: `spec.template.spec.containers[${container}].env[POOL_SIZE].value`,
        before: '20',
        after: '40',
      },
      { path: 'spec.paused', before: 'false', after: 'true' },
    ]);
  });

  test('tells no value that looks secret', () => {
    const after = spec(plan.from.image, [
      ...(before.template.spec.containers[0]?.env ?? []),
      { name: 'DB_PASSWORD', value: 'x' },
    ]);
    const lines = driftFrom(own, found(after));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ before: null, after: '(hidden)' });
  });
});

test('a sentence names the first of what moved', () => {
  const line = (path: string) => ({ path, before: null, after: 'x'.repeat(80) });
  expect(movedWords([line('a')])).toBe(`a not set → ${'x'.repeat(59)}…`);
  expect(movedWords(['a', 'b', 'c', 'd', 'e'].map(line))).toMatch(/, and 2 more$/);
});
