import { expect, test } from 'vitest';
import { stagedPlan } from '../testing/staged-plan';
import { abortNow } from './abort';

const at = (running: number) =>
  stagedPlan.steps.map(({ n }) => ({
    n,
    state: n < running ? 'done' : n === running ? 'running' : 'pending',
  }));
const keeping = { ...stagedPlan, staged: { ...stagedPlan.staged, onFailure: 'keep-finished' as const } };
const names = (running: number, plan = stagedPlan) =>
  abortNow(plan, at(running)).objects.map(({ object }) => object.key);

test('before anything was written nothing goes back', () => {
  expect(abortNow(stagedPlan, at(0))).toEqual({
    back: [],
    kept: [],
    reroutes: false,
    refused: [],
    pods: [],
    objects: [],
  });
});

test('new pods alone go back without a request being sent anywhere', () => {
  expect(abortNow(stagedPlan, at(2))).toMatchObject({ back: ['us-east-1'], reroutes: false });
  expect(names(2)).toEqual(['us-east-1/Deployment/fraiseql/fraiseql-api-green']);
});

test('the last region goes back first, and finished ones as the plan says', () => {
  expect(abortNow(stagedPlan, at(13))).toMatchObject({
    back: ['eu-west-1', 'us-east-1'],
    kept: [],
    reroutes: true,
  });
  expect(abortNow(keeping, at(13))).toMatchObject({ back: ['eu-west-1'], kept: ['us-east-1'] });
  expect(abortNow(keeping, at(5))).toMatchObject({ back: ['us-east-1'], kept: [] });
  expect(abortNow(keeping, at(17))).toMatchObject({ back: ['eu-west-1', 'us-east-1'], kept: [] });
});

test('each object says what it is and what it becomes again', () => {
  const [pods, router] = abortNow(
    {
      ...stagedPlan,
      staged: {
        ...stagedPlan.staged,
        objects: stagedPlan.staged.objects.map((object) => ({
          ...object,
          baseline: object.part === 'new' ? { replicas: 0, paused: false } : {},
        })),
      },
    },
    at(5),
  ).objects.map(({ lines }) => lines);
  expect(pods).toEqual([{ path: 'spec.replicas', before: '3', after: '0' }]);
  expect(router).toEqual([{ path: 'requests to 2.0.0', before: '5 %', after: '0 %' }]);
});

test('of requests a stranger has moved it says what the router shows, not what the plan wants', () => {
  const objects = (shown: ReadonlyMap<string, number>) =>
    abortNow(stagedPlan, at(5), shown).objects.flatMap(({ object, lines }) =>
      object.part === 'router' ? lines : [],
    );
  expect(objects(new Map([['us-east-1', 0.4]]))).toEqual([
    { path: 'requests to 2.0.0', before: '40 %', after: '0 %' },
  ]);
  expect(objects(new Map([['eu-west-1', 0.4]]))).toEqual(objects(new Map()));
});
