import { expect, test } from 'vitest';
import { changeKinds } from '@/lib/core/change-kind';
import type { RequestPlan } from './contract';
import { planFrom, planQueryOf } from './plan-from';

const place = { service: 'api', environment: 'production', region: 'us-east-1' };

const questions: RequestPlan[] = [
  { kind: 'deploy', ...place, version: 'v2' },
  {
    kind: 'deploy',
    ...place,
    version: 'v2',
    strategy: 'canary',
    regions: ['us-east-1', 'eu-west-1'],
    onFailure: 'keep-finished',
  },
  { kind: 'deploy', ...place, version: '', strategy: 'blue-green' },
  { kind: 'deploy', ...place, version: 'v2', redeploy: true },
  {
    kind: 'deploy',
    ...place,
    version: 'v2',
    strategy: 'canary',
    migration: 'forward-only',
    maintenance: true,
  },
  { kind: 'rollback', ...place },
  { kind: 'rollback', ...place, regions: ['us-east-1', 'eu-west-1'] },
  { kind: 'rollback', ...place, replicaSet: 'api-5' },
  { kind: 'rollback', ...place, lastKnownGood: true },
  { kind: 'shift', ...place, colour: 'blue', weight: 25 },
  { kind: 'shift', ...place, colour: 'green', weight: 100, regions: ['us-east-1', 'eu-west-1'] },
  { kind: 'scale', ...place, replicas: 6 },
  { kind: 'scale', ...place, replicas: 0, colour: 'green' },
  { kind: 'restart', ...place },
  { kind: 'set-env', ...place, name: 'POOL_SIZE', value: '40' },
  { kind: 'backup', ...place, database: 'shop-us' },
  { kind: 'restore', ...place, database: 'shop-us', copy: '00000000-0000-4000-8000-000000000001' },
  {
    kind: 'restore',
    ...place,
    database: 'shop-us',
    copy: '00000000-0000-4000-8000-000000000001',
    safetyCopy: false,
  },
  {
    kind: 'end-session',
    ...place,
    database: 'shop-us',
    pid: 4711,
    startedAt: '2026-11-22T03:40:00.123456Z',
  },
];

test.each(questions)('the address keeps $kind whole', (question) => {
  const query = new Map(Object.entries(planQueryOf(question)));
  const region = query.get('region') ?? '';
  expect(planFrom(question.kind, { ...place, region }, (name) => query.get(name) ?? '')).toEqual(question);
});

test('every kind was tried', () => {
  expect(new Set(questions.map(({ kind }) => kind))).toEqual(new Set(changeKinds));
});

test('rubbish in the address is left out, and the first region is where it begins', () => {
  const asked = (query: Record<string, string>) => (name: string) => query[name] ?? '';
  expect(
    planFrom('deploy', place, asked({ version: 'v2', strategy: 'magic', regions: 'eu-west-1' })),
  ).toEqual({
    kind: 'deploy',
    ...place,
    version: 'v2',
  });
  expect(
    planFrom('shift', place, asked({ regions: 'eu-west-1,,EU WEST,us-east-1,eu-west-1', weight: 'all' })),
  ).toEqual({
    kind: 'shift',
    ...place,
    region: 'eu-west-1',
    colour: 'green',
    weight: 100,
    regions: ['eu-west-1', 'us-east-1'],
  });
});
