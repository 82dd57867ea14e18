import { expect, test } from 'vitest';
import type { Fields, PlannedObject, StagedStep, Stepwise } from './contract';
import { decideStaged } from './decide';
import { easeBack } from './ease-back';
import type { ObjectFact, StagedFacts } from './facts';
import { sharesOf } from './router';
import { keyOf, rolloutOf, stepwise, weights } from './test-plan';
import { World } from './test-world';

const beside: Stepwise = {
  ...stepwise,
  pair: { ...stepwise.pair, baseline: { service: 'api-baseline' } },
};
const three = (candidate: number, baseline: number): Fields => ({
  http: [
    {
      name: 'primary',
      route: [
        { destination: { host: 'api-old' }, weight: 100 - candidate - baseline },
        { destination: { host: 'api-new' }, weight: candidate },
        { destination: { host: 'api-baseline' }, weight: baseline },
      ],
    },
  ],
});

function baselineFact(ready: number): ObjectFact {
  const object: PlannedObject = {
    key: keyOf('east', 'baseline'),
    part: 'baseline',
    region: 'east',
    cluster: 'east',
    clusterUid: 'east',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'api-baseline',
    uid: keyOf('east', 'baseline'),
    container: 'api',
    baseline: { replicas: 0 },
  };
  const rollout = rolloutOf({ object, live: { replicas: 2 }, ready });
  return {
    object,
    live: { replicas: 0 },
    gone: false,
    fence: null,
    writer: null,
    keeper: null,
    rollout,
    endpoints: ready,
    writes: [],
    touched: false,
    unseen: false,
  };
}

/** A canary in its hold, or right before the weights of its first step, with a baseline of so many ready pods. */
function factsWith(ready: number, at: 'hold' | 'route', part: number): StagedFacts {
  const world = new World();
  world.run((one) => {
    const step = one.steps[one.n - 1];
    return at === 'hold'
      ? step?.do === 'hold'
      : step?.do === 'write' && step.object === keyOf('east', 'router');
  });
  const facts = world.facts();
  const objects = new Map(facts.objects);
  const router = objects.get(keyOf('east', 'router'));
  if (router === undefined) throw new Error('There is no router.');
  const write = {
    step: 3,
    verb: 'write' as const,
    atMs: world.nowMs,
    before: weights(0),
    desired: three(5, part),
  };
  if (at === 'hold') objects.set(router.object.key, { ...router, live: three(5, part), writes: [write] });
  objects.set(keyOf('east', 'baseline'), baselineFact(ready));
  const steps = facts.steps.map(
    (step): StagedStep =>
      step.do === 'write' && step.object === router.object.key ? { ...step, set: three(5, part) } : step,
  );
  const back = facts.back.map((step) =>
    step.do === 'write' && step.stepwise !== undefined ? { ...step, stepwise: beside } : step,
  );
  return { ...facts, objects, steps, back };
}

test('a baseline that loses all its pods while it has a part sends the change back', () => {
  expect(decideStaged(factsWith(0, 'hold', 5))).toMatchObject({
    do: 'back-out',
    cause: 'guard',
    sentence: 'The baseline has no ready pod left in east, and it takes requests.',
  });
  expect(decideStaged(factsWith(2, 'hold', 5)).do).not.toBe('back-out');
  expect(decideStaged(factsWith(0, 'hold', 0)).do).not.toBe('back-out');
});

test('no request is sent to a baseline without a ready pod', () => {
  expect(decideStaged(factsWith(0, 'route', 5))).toMatchObject({
    do: 'wait',
    sentence: expect.stringContaining('Deployment api-baseline in east'),
  });
  expect(decideStaged(factsWith(1, 'route', 5)).do).toBe('act');
  expect(decideStaged(factsWith(0, 'route', 0)).do).toBe('act');
});

test.each([
  // Old pods of four, the parts now, and those after it: the new version never gains, what is left over is the baseline's.
  [3, { candidate: 25, baseline: 25 }, { blue: 75, green: 25, baseline: 0 }],
  [3, { candidate: 10, baseline: 50 }, { blue: 75, green: 10, baseline: 15 }],
  [1, { candidate: 100, baseline: 0 }, { blue: 25, green: 75, baseline: 0 }],
])('with %i of 4 old pods the way back from %o leaves %o', (ready, now, after) => {
  const router = new World().facts().objects.get(keyOf('east', 'router'));
  if (router === undefined) throw new Error('There is no router.');
  const step = { do: 'write' as const, object: router.object.key, title: 'Back', stepwise: beside };
  const eased = easeBack(step, { ...router, live: three(now.candidate, now.baseline) }, ready);
  expect(sharesOf(beside.pair, eased?.fields ?? null)).toEqual(after);
});
