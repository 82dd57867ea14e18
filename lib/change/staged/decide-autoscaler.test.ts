import { expect, test } from 'vitest';
import { World } from './test-world';

const HELD = { minReplicas: 4 };
const BEFORE = { minReplicas: 1 };
const keyIn = (region: string) => `${region}/autoscaler`;

/** A canary that keeps the old pods of its regions from their autoscalers until the watch is over. */
function held(regions: readonly string[] = ['east']): World {
  const world = new World(regions);
  for (const region of regions) {
    const key = keyIn(region);
    const first = world.steps.findIndex((step) => step.do === 'write' && step.object === `${region}/new`);
    world.steps.splice(first, 0, { do: 'write', object: key, set: HELD });
    world.steps.push({ do: 'write', object: key, set: BEFORE });
    world.back.push({ do: 'write', object: key, title: `Let the pods of ${region} go` });
    world.things.set(key, {
      object: {
        key,
        part: 'autoscaler',
        region,
        cluster: region,
        clusterUid: region,
        kind: 'HorizontalPodAutoscaler',
        namespace: 'shop',
        name: 'api',
        uid: key,
        baseline: BEFORE,
      },
      live: { ...BEFORE },
      writer: null,
      keeper: null,
      gone: false,
      ready: 0,
      writes: [],
    });
  }
  return world;
}

const fewest = (world: World, region = 'east') => world.things.get(keyIn(region))?.live['minReplicas'];
const does = (world: World) => world.steps[world.n - 1]?.do;

test('the old pods are held before anything else is written, and let go after the watch, which ends no change then', () => {
  const world = held();
  world.checking = (move) => {
    if (move.do === 'act' && move.object !== keyIn('east')) expect(fewest(world)).toBe(4);
    if (move.do === 'end') expect(fewest(world)).toBe(1);
  };
  world.run(() => does(world) === 'watch');
  expect(fewest(world)).toBe(4);
  world.run(({ ended }) => ended);
  expect([world.state, world.n, fewest(world)]).toEqual(['Succeeded', world.steps.length, 1]);
  const watch = world.steps.findIndex((step) => step.do === 'watch') + 1;
  expect(world.moves).toContainEqual(expect.objectContaining({ do: 'next', n: watch, verdict: 'PASS' }));
  expect(world.moves.at(-1)).toEqual({ do: 'end', state: 'Succeeded', sentence: 'All requests go to 3.' });
});

test('without a pass at the end of the watch they are not let go', () => {
  const world = held();
  world.run(() => does(world) === 'watch');
  world.verdict = 'ERROR';
  world.run(({ state }) => state === 'DataHold');
  expect(fewest(world)).toBe(4);
  world.verdict = 'PASS';
  world.run(({ ended }) => ended);
  expect([world.state, fewest(world)]).toEqual(['Succeeded', 1]);
});

test('what fails while they are let go takes the change back, with all regions', () => {
  const world = held(['east', 'west']);
  world.onFailure = 'keep-finished';
  world.run(() => fewest(world, 'east') === 1 && does(world) === 'write' && world.n === world.steps.length);
  world.thing('west', 'new').ready = 0;
  world.stuck = true;
  world.run(({ ended }) => ended);
  expect([world.state, world.isAsBefore('east'), world.isAsBefore('west')]).toEqual([
    'BackedOut',
    true,
    true,
  ]);
});

test('on the way back the requests come first and the autoscaler last', () => {
  const world = held();
  world.run(() => does(world) === 'hold');
  world.order('abort');
  const order: string[] = [];
  world.checking = (move) => {
    if (move.do === 'act' && move.verb === 'restore') order.push(move.object);
  };
  world.run(({ ended }) => ended);
  expect(order).toEqual(['east/router', 'east/new', 'east/autoscaler']);
  expect([world.state, world.isAsBefore('east')]).toEqual(['BackedOut', true]);
});

test('a region that keeps the new version gets its autoscaler back all the same', () => {
  const world = held(['east', 'west']);
  world.onFailure = 'keep-finished';
  world.run(() => does(world) === 'hold' && world.thing('west', 'router').writes.length > 0);
  world.verdicts.set('west', 'FAIL');
  world.run(({ ended }) => ended);
  expect(world.moves.at(-1)).toMatchObject({ do: 'end', state: 'BackedOut', kept: ['east'] });
  expect([fewest(world, 'east'), fewest(world, 'west')]).toEqual([1, 1]);
  expect(world.thing('east', 'router').writes.at(-1)?.verb).toBe('write');
});

test('a stranger who lets the pods go in the middle holds the change, and is named', () => {
  const world = held();
  world.run(() => does(world) === 'hold');
  world.edit('east', 'autoscaler', { minReplicas: 2 }, 'kubectl-edit');
  world.tick();
  expect(world.state).toBe('DriftHold');
  expect(world.moves.at(-1)?.sentence).toBe(
    '“kubectl-edit” changed the fewest pods of HorizontalPodAutoscaler api in east.',
  );
});

test.each(['abort', 'go through'] as const)(
  'an autoscaler that is deleted in the middle takes no pods: the change may %s',
  (way) => {
    const world = held();
    world.run(() => does(world) === 'hold');
    world.thing('east', 'autoscaler').gone = true;
    world.tick();
    expect(world.state).toBe('Running');
    if (way === 'abort') world.order('abort');
    world.run(({ ended }) => ended);
    expect(world.state).toBe(way === 'abort' ? 'BackedOut' : 'Succeeded');
    expect(world.thing('east', 'autoscaler').writes).toHaveLength(1);
    if (way === 'abort')
      expect([world.thing('east', 'router').live, world.thing('east', 'new').live['replicas']]).toEqual([
        world.thing('east', 'router').object.baseline,
        0,
      ]);
  },
);

test('one that is gone before the first step is not waited for', () => {
  const world = held();
  world.thing('east', 'autoscaler').gone = true;
  world.tick();
  expect(world.moves.at(-1)).toMatchObject({
    do: 'next',
    sentence: 'HorizontalPodAutoscaler api in east is gone and takes no pods.',
  });
});
