import { expect, test } from 'vitest';
import { carriedBy } from './ease-back';
import { keyOf, PODS, stepwise, weights } from './test-plan';
import { World } from './test-world';

/** A change whose new version has all requests, and whose old pods are down to `ready` when it is aborted. */
function goingBack(ready: number, regions: readonly string[] = ['east']): World {
  const world = new World(regions);
  const last = keyOf(regions.at(-1) ?? '', 'router');
  world.run((one) => one.moves.filter((move) => move.do === 'act' && move.object === last).length === 2);
  world.thing('east', 'old').ready = ready;
  world.order('abort');
  world.run(({ backingOut }) => backingOut);
  return world;
}

const percentOld = (world: World, region = 'east'): number =>
  [0, 25, 50, 75, 100].find(
    (percent) =>
      JSON.stringify(world.thing(region, 'router').live) === JSON.stringify(weights(100 - percent)),
  ) ?? Number.NaN;

test.each([
  [0, 0],
  [1, 25],
  [2, 50],
  [3, 75],
  [4, 100],
])('fault 26: %i of 4 old pods get %i per cent of the requests back', (ready, percent) => {
  expect(carriedBy(stepwise, ready)).toBe(percent);
  const world = goingBack(ready);
  for (let round = 0; round < 8; round += 1) world.tick();
  expect(percentOld(world)).toBe(percent);
});

test('never a part more than the pods are, and never more than it had before', () => {
  expect(carriedBy({ ...stepwise, need: 3 }, 2)).toBe(66);
  expect(carriedBy({ ...stepwise, percent: 75 }, 4)).toBe(75);
});

test('fault 26: requests go back as the old pods get ready, each time by a write', () => {
  const world = goingBack(1);
  const seen: number[] = [];
  for (let ready = 1; ready <= PODS; ready += 1) {
    world.thing('east', 'old').ready = ready;
    world.tick();
    seen.push(percentOld(world));
    world.tick();
  }
  expect(seen).toEqual([25, 50, 75, 100]);
  const writes = world.thing('east', 'router').writes.filter(({ verb }) => verb === 'restore');
  expect(writes).toHaveLength(4);
  const said = world.moves.flatMap((move) => (move.do === 'act' ? [move.sentence] : []));
  expect(said).toContain(
    'east: send 50 % of the requests back: 2 of 4 pods of Deployment api-old in east are ready.',
  );
  expect(world.moves.some(({ sentence }) => sentence.includes('25 % of the requests go there'))).toBe(true);
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(world.isAsBefore('east')).toBe(true);
});

test('fault 26: after a minute without a further pod all go to those that are ready, and it says so', () => {
  const world = goingBack(2);
  world.run(({ ended }) => ended);
  const last = world.moves.findLast((move) => move.do === 'act' && move.object === keyOf('east', 'router'));
  expect(last?.sentence).toBe(
    'Send all requests in east back, though only 2 of 4 pods of Deployment api-old in east are ready: for 1 min they did not become more.',
  );
  const [half, all] = world.thing('east', 'router').writes.filter(({ verb }) => verb === 'restore');
  expect((all?.atMs ?? 0) - (half?.atMs ?? 0)).toBeGreaterThan(55_000);
  expect(world.isAsBefore('east')).toBe(true);
});

test('what has gone back stays back when an old pod is lost again', () => {
  const world = goingBack(2);
  world.tick();
  world.tick();
  world.thing('east', 'old').ready = 0;
  for (let round = 0; round < 5; round += 1) world.tick();
  expect(percentOld(world)).toBe(50);
});

test('a canary whose old pods have more than their part already gets no more of them at once', () => {
  const world = new World();
  world.run((one) => one.steps[one.n - 1]?.do === 'hold');
  world.thing('east', 'old').ready = 3;
  world.order('abort');
  for (let round = 0; round < 5; round += 1) world.tick();
  expect(world.thing('east', 'router').live).toEqual(weights(5));
  world.run(({ ended }) => ended);
  expect(world.isAsBefore('east')).toBe(true);
});

test('a region whose old pods are all away keeps no other one from going back', () => {
  const world = goingBack(0, ['east', 'west']);
  world.run((one) => one.isAsBefore('west'), 30);
  expect(percentOld(world, 'east')).toBe(0);
  expect(world.ended).toBe(false);
});

test('a region with all its old pods does not turn back the clock of one without', () => {
  const world = goingBack(1, ['east', 'west']);
  // The clock of the rollout belongs to the region that goes back first, and always moves: it is complete.
  const keep = () => {
    world.progressAtMs = world.nowMs;
  };
  for (let round = 0; round < 40 && !world.ended; round += 1) {
    keep();
    world.tick();
  }
  expect(world.state).toBe('BackedOut');
});

test('where the router cannot split, nothing goes back before all pods are ready or the time is over', () => {
  const world = goingBack(2);
  world.whole();
  for (let round = 0; round < 8; round += 1) world.tick();
  expect(percentOld(world)).toBe(0);
  expect(world.moves.at(-1)?.sentence).toContain('requests go there when they are');
  world.run(({ ended }) => ended);
  expect(world.isAsBefore('east')).toBe(true);
});

test("a stranger's weights are not overwritten by the way back of a failing version", () => {
  const world = new World();
  world.run((one) => one.steps[one.n - 1]?.do === 'watch');
  world.verdict = 'FAIL';
  world.run(({ backingOut }) => backingOut);
  world.thing('east', 'old').ready = 2;
  world.edit('east', 'router', weights(90), 'kubectl-edit');
  world.tick();
  expect(world.state).toBe('DriftHold');
  expect(world.thing('east', 'router').live).toEqual(weights(90));
});

test('where no pod of the new version is ready, none of the requests stay there: all go to the old ones', () => {
  const world = goingBack(1);
  world.tick();
  expect(percentOld(world)).toBe(25);
  world.stuck = true;
  world.thing('east', 'new').ready = 0;
  const move = world.tick();
  expect(percentOld(world)).toBe(100);
  expect(move.sentence).toBe(
    'Send all requests in east back, though only 1 of 4 pods of Deployment api-old in east are ready: no pod of the new version is.',
  );
});

test('where no pod of either version is ready, the requests stay until one of the old is', () => {
  const world = goingBack(0);
  world.stuck = true;
  world.thing('east', 'new').ready = 0;
  for (let round = 0; round < 8; round += 1) world.tick();
  expect(percentOld(world)).toBe(0);
  world.thing('east', 'old').ready = 1;
  world.tick();
  expect(percentOld(world)).toBe(100);
});
