import { describe, expect, test } from 'vitest';
import { decideStaged } from './decide';
import { PODS } from './test-plan';
import { World } from './test-world';

/** The step that sends the first requests of a canary of one region, and the one that sends more. */
const routes = (world: World): number[] =>
  world.steps.flatMap((step, index) =>
    step.do === 'write' && step.object.endsWith('/router') ? [index + 1] : [],
  );

/** Right before the weights of this step, with so many of the new pods ready. */
function worldBefore(step: number, ready: number): World {
  const world = new World();
  world.run(({ n }) => n === step);
  expect(decideStaged(world.facts())).toMatchObject({ do: 'act', object: expect.stringMatching(/router$/) });
  world.stuck = true;
  world.thing('east', 'new').ready = ready;
  return world;
}

describe.each(routes(new World()))('before the weights of step %s', (step) => {
  test('pods that were lost since they were waited for are waited for again', () => {
    const world = worldBefore(step, PODS - 1);
    for (let round = 0; round < 5; round += 1) {
      expect(world.tick()).toMatchObject({
        do: 'wait',
        sentence: expect.stringMatching(new RegExp(`^Waits for ready pods: ${PODS - 1} of ${PODS} pods`)),
      });
    }
    world.stuck = false;
    world.thing('east', 'new').ready = PODS;
    expect(world.tick()).toMatchObject({ do: 'act' });
  });

  test('pods that never come back send the change back', () => {
    const world = worldBefore(step, PODS - 1);
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(world.isAsBefore('east')).toBe(true);
  });

  test('fewer are enough where an autoscaler has made them fewer', () => {
    const facts = worldBefore(step, PODS - 1).facts();
    const fresh = facts.objects.get('east/new');
    if (fresh?.rollout == null) throw new Error('There is no new Deployment.');
    const seen = { ...fresh, rollout: { ...fresh.rollout, replicas: PODS - 1 } };
    const objects = new Map(facts.objects).set('east/new', seen);
    expect(decideStaged({ ...facts, objects })).toMatchObject({ do: 'act' });
  });

  test('a ready pod that is no endpoint yet does not count', () => {
    const facts = worldBefore(step, PODS).facts();
    const fresh = facts.objects.get('east/new');
    if (fresh === undefined) throw new Error('There is no new Deployment.');
    const objects = new Map(facts.objects).set('east/new', { ...fresh, endpoints: PODS - 1 });
    expect(decideStaged({ ...facts, objects })).toMatchObject({ do: 'wait' });
  });

  test('a rollback needs one: what it leaves is worse than few pods', () => {
    expect(decideStaged({ ...worldBefore(step, 1).facts(), isRollback: true })).toMatchObject({ do: 'act' });
  });
});
