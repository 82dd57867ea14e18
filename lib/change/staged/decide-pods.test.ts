import { describe, expect, test } from 'vitest';
import { decideStaged } from './decide';
import type { StagedMove } from './facts';
import { isUntimely } from './serving';
import { PODS } from './test-plan';
import { World } from './test-world';

/** Where one Service selects the pods of both colours: two Deployments are written one after the other. */
const byPods = () => new World(['east'], { isByPods: true });
const acts = (moves: readonly StagedMove[]) =>
  moves.flatMap((move) => (move.do === 'act' ? [`${move.object} ${JSON.stringify(move.desired)}`] : []));
const told = (world: World) => acts(world.moves).map((one) => one.replace(/"template":.*?}]}},/, ''));
const replicas = (world: World, part: string) => Number(world.thing('east', part).live['replicas']);

/** Up to the step that stops the old pods. */
const beforeStop = (world: World): World => {
  world.run(({ n }) => world.steps[n - 1]?.do === 'drain');
  return world;
};
const STOP = 8;

describe('forth', () => {
  test('the new pods come first, and the old ones go last', () => {
    const world = byPods();
    world.run(({ ended }) => ended);
    expect(world.state).toBe('Succeeded');
    expect(told(world)).toEqual([
      'east/new {"replicas":1,"paused":false}',
      `east/new {"replicas":${PODS}}`,
      'east/old {"replicas":0}',
    ]);
  });

  test('the old pods stay while a new one is missing, and go when it is back', () => {
    const world = beforeStop(byPods());
    world.stuck = true;
    world.thing('east', 'new').ready = PODS - 1;
    world.run(({ n }) => n === STOP);
    for (let round = 0; round < 10; round += 1) expect(world.tick()).toMatchObject({ do: 'wait' });
    expect(world.moves.at(-1)?.sentence).toMatch(
      /^The old pods stay until the new ones are ready: 3 of 4 pods/,
    );
    expect(replicas(world, 'old')).toBe(PODS);
    world.stuck = false;
    expect(world.tick()).toMatchObject({ do: 'act', object: 'east/old', desired: { replicas: 0 } });
  });

  test('they are not stopped when what was signed does not count any more, and the change goes back', () => {
    const world = beforeStop(byPods());
    world.approval = 'Erik has lost the role.';
    world.run(({ n }) => n === STOP);
    expect(world.tick()).toMatchObject({
      do: 'back-out',
      cause: 'guard',
      sentence: 'The old pods were not stopped: Erik has lost the role.',
    });
    world.run(({ ended }) => ended);
    expect([world.state, replicas(world, 'old'), world.isAsBefore('east')]).toEqual([
      'BackedOut',
      PODS,
      true,
    ]);
  });

  test('old pods that an autoscaler made more are not stopped: the new ones are too few for them', () => {
    const world = beforeStop(byPods());
    world.run(({ n }) => n === STOP);
    const facts = world.facts();
    const old = facts.objects.get('east/old');
    if (old?.rollout == null) throw new Error('There is no old Deployment.');
    const rollout = { ...old.rollout, replicas: PODS + 2, scaledByAutoscaler: true };
    const live = { ...old.live, replicas: PODS + 2 };
    const objects = new Map(facts.objects).set('east/old', { ...old, rollout, live });
    expect(decideStaged({ ...facts, objects })).toMatchObject({
      do: 'wait',
      sentence: expect.stringMatching(/has 6 pods now, .* of 4: the old ones stay/),
    });
    const late = { ...facts, objects, progressAtMs: facts.nowMs - 121_000 };
    expect(decideStaged(late)).toMatchObject({ do: 'back-out', cause: 'deadline' });
  });

  test('a new pod that never comes back sends the change back, with no old pod lost', () => {
    const world = beforeStop(byPods());
    world.stuck = true;
    world.thing('east', 'new').ready = PODS - 1;
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(told(world).filter((one) => one.startsWith('east/old'))).toEqual([]);
    expect(world.isAsBefore('east')).toBe(true);
  });

  test.each([
    ['that cannot be seen', { rollout: null }],
    ['of which one is no endpoint', { endpoints: PODS - 1 }],
  ])('new pods %s stop no old one', (_, seen) => {
    const world = beforeStop(byPods());
    world.run(({ n }) => n === STOP);
    const facts = world.facts();
    const fresh = facts.objects.get('east/new');
    if (fresh === undefined) throw new Error('There is no new Deployment.');
    expect(decideStaged(facts)).toMatchObject({ do: 'act' });
    const objects = new Map(facts.objects).set('east/new', { ...fresh, ...seen });
    expect(decideStaged({ ...facts, objects })).toMatchObject({ do: 'wait' });
  });
});

describe('a write that was announced and never arrived', () => {
  const stop = { verb: 'write', target: 'east/old', before: { replicas: PODS }, desired: { replicas: 0 } };
  const missing = (): World => {
    const world = beforeStop(byPods());
    world.run(({ n }) => n === STOP);
    world.stuck = true;
    world.thing('east', 'new').ready = PODS - 1;
    return world;
  };

  test('waits while new pods are missing, and for nothing else', () => {
    const world = missing();
    expect(isUntimely(world.facts(), stop)).toBe(true);
    world.thing('east', 'new').ready = PODS;
    expect(isUntimely(world.facts(), stop)).toBe(false);
  });

  test('of a router waits for ready pods as well', () => {
    const world = new World();
    world.run(({ n }) => n === 6);
    const write = world.steps[5];
    if (write?.do !== 'write') throw new Error('The step writes nothing.');
    const open = {
      verb: 'write',
      target: write.object,
      before: world.thing('east', 'router').live,
      desired: write.set,
    };
    expect(isUntimely(world.facts(), open)).toBe(false);
    world.thing('east', 'new').ready = 0;
    expect(isUntimely(world.facts(), open)).toBe(true);
  });

  test('is left to who looks what became of it on the way back, and when the object is not as it was', () => {
    const world = missing();
    const facts = world.facts();
    expect(isUntimely({ ...facts, backingOut: true }, stop)).toBe(false);
    expect(isUntimely(facts, { ...stop, verb: 'restore' })).toBe(false);
    expect(isUntimely(facts, { ...stop, target: 'east/other' })).toBe(false);
    world.edit('east', 'old', { replicas: 0 }, 'somebody');
    expect(isUntimely(world.facts(), stop)).toBe(false);
    world.edit('east', 'old', { replicas: 2 }, 'somebody');
    expect(isUntimely(world.facts(), stop)).toBe(false);
    world.edit('east', 'old', { replicas: PODS }, 'somebody');
    world.order('abort');
    expect(isUntimely(world.facts(), stop)).toBe(false);
  });
});

describe('back', () => {
  test('from the end: the old pods start, are ready, and only then the new ones go', () => {
    const world = byPods();
    world.run(({ n }) => n === STOP + 1);
    world.order('abort');
    world.checking = (move) => {
      if (move.do === 'act' && move.object === 'east/new' && move.verb === 'restore')
        expect(world.thing('east', 'old').ready).toBe(PODS);
    };
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(
      told(world)
        .slice(-2)
        .map((one) => one.split(' ')[0]),
    ).toEqual(['east/old', 'east/new']);
    expect(world.isAsBefore('east')).toBe(true);
  });

  /** Somebody takes old pods that we never touched, and the change goes back. */
  const robbed = (order: 'abort' | 'analysis'): World => {
    const world = beforeStop(byPods());
    world.edit('east', 'old', { replicas: 1 }, 'somebody');
    if (order === 'abort') world.order('abort');
    else world.backingOut = true;
    return world;
  };

  test('old pods that somebody else took are started by order before the new ones go', () => {
    const world = robbed('abort');
    world.run(({ ended }) => ended);
    expect(told(world).slice(-2)).toEqual([
      `east/old {"replicas":${PODS}}`,
      expect.stringMatching(/^east\/new {.*"replicas":0/),
    ]);
    expect(world.isAsBefore('east')).toBe(true);
  });

  test('without an order a number that is a stranger’s stays as it is', () => {
    const world = robbed('analysis');
    world.run(({ ended }) => ended);
    expect(replicas(world, 'old')).toBe(1);
    expect(replicas(world, 'new')).toBe(0);
  });

  test('what an autoscaler took is started without an order', () => {
    const facts = robbed('analysis').facts();
    const old = facts.objects.get('east/old');
    if (old?.rollout == null) throw new Error('There is no old Deployment.');
    const scaled = { ...old, rollout: { ...old.rollout, scaledByAutoscaler: true } };
    const objects = new Map(facts.objects).set('east/old', scaled);
    expect(decideStaged({ ...facts, objects })).toMatchObject({
      do: 'act',
      object: 'east/old',
      verb: 'restore',
      desired: { replicas: PODS },
    });
  });

  test('a cluster that refuses to start them is asked again by order alone', () => {
    const world = robbed('abort');
    world.run(({ backingOut }) => backingOut);
    const facts = world.facts();
    const old = facts.objects.get('east/old');
    if (old === undefined) throw new Error('There is no old Deployment.');
    const objects = new Map(facts.objects).set('east/old', { ...old, touched: true });
    const refused = { ...facts, objects, state: 'DriftHold' as const, holdSinceMs: facts.nowMs };
    expect(decideStaged(refused)).toMatchObject({ do: 'wait', sentence: expect.stringMatching(/refused/) });
    world.order('resume');
    const { commands } = world.facts();
    expect(decideStaged({ ...refused, commands })).toMatchObject({
      do: 'act',
      object: 'east/old',
      command: { id: 'resume' },
    });
  });

  test('they are started once: whoever takes them again is not fought', () => {
    const world = robbed('abort');
    world.run(({ moves }) => acts(moves).some((one) => one.startsWith('east/old')));
    world.edit('east', 'old', { replicas: 1 }, 'somebody');
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(replicas(world, 'old')).toBe(1);
    expect(told(world).filter((one) => one.startsWith('east/old'))).toHaveLength(1);
  });

  test('more old pods than the plan knows stay', () => {
    const world = beforeStop(byPods());
    world.edit('east', 'old', { replicas: PODS + 2 }, 'somebody');
    world.order('abort');
    world.run(({ ended }) => ended);
    expect(replicas(world, 'old')).toBe(PODS + 2);
  });
});
