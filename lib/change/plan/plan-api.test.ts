import { describe, expect, test } from 'vitest';
import { plan } from '../testing/plan';
import { stagedPlan } from '../testing/staged-plan';
import { apiDifference, groupsOf } from './plan-api';
import { planHash } from './plan-hash';

const then = {
  cluster: 'us-east-1',
  server: '1.36',
  groups: [
    { name: 'apps', version: 'v1' },
    { name: 'networking.istio.io', version: 'v1' },
  ],
};

describe('what a plan was made against', () => {
  test('the kinds that it writes say which groups, in each of its clusters', () => {
    expect([...groupsOf(plan)]).toEqual([['us-east-1', ['apps']]]);
    expect([...groupsOf(stagedPlan)]).toEqual([
      ['us-east-1', ['apps', 'networking.istio.io']],
      ['eu-west-1', ['apps', 'networking.istio.io']],
    ]);
  });

  test('is signed with it, and plans without it keep their hash', () => {
    const with36 = { ...plan, api: [then] };
    const with37 = { ...plan, api: [{ ...then, server: '1.37' }] };
    expect(new Set([plan, with36, with37].map(planHash)).size).toBe(3);
    expect(planHash({ ...plan, api: undefined })).toBe(planHash(plan));
  });
});

test.each([
  ['the same', then, null],
  [
    'another release',
    { ...then, server: '1.37' },
    'us-east-1 runs Kubernetes 1.37 now, and the plan was made for 1.36. Ask for a new plan: what the cluster answered to this one may hold no more.',
  ],
  [
    'another version of a kind',
    {
      ...then,
      groups: [
        { name: 'apps', version: 'v1' },
        { name: 'networking.istio.io', version: 'v1beta1' },
      ],
    },
    'us-east-1 serves networking.istio.io as v1beta1 now, and the plan was made for v1. Ask for a new plan: what the cluster answered to this one may hold no more.',
  ],
  [
    'a kind that is gone',
    { ...then, groups: [{ name: 'apps', version: 'v1' }] },
    'us-east-1 serves no networking.istio.io any more, and the plan writes objects of it. Install it again, then ask for a new plan.',
  ],
])('%s is told with what to do', (_, now, told) => {
  expect(apiDifference(then, now)).toBe(told);
});
