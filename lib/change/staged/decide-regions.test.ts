import { expect, test } from 'vitest';
import { World } from './test-world';

const doing = (world: World) => world.steps[world.n - 1];
const isAt = (kind: string, region: string) => (world: World) => {
  const step = doing(world);
  return step?.do === kind && 'region' in step && step.region === region;
};

/** A change over two regions of which the first is finished, at a step of the second. */
function twoRegions(kind: 'hold' | 'prove', onFailure: World['onFailure'] = 'back-out-all'): World {
  const world = new World(['east', 'west']);
  world.onFailure = onFailure;
  world.run(isAt(kind, 'west'));
  return world;
}

test.each(['hold', 'prove'] as const)(
  'a finished region that fails sends the change back during a %s of another one',
  (kind) => {
    const world = twoRegions(kind);
    // The share of the other region is not proven meanwhile, and its own verdicts pass.
    world.proof.verdict = 'NODATA';
    world.verdicts.set('east', 'FAIL');
    const { n } = world;
    world.run(({ backingOut }) => backingOut, 8);
    expect(world.n).toBe(n);
    expect(world.moves.at(-1)).toMatchObject({ do: 'back-out', cause: 'guard', regions: ['east'] });
    expect(world.moves.at(-1)?.sentence).toContain('The analysis failed in east');
    world.run(({ ended }) => ended);
    expect([world.isAsBefore('east'), world.isAsBefore('west')]).toEqual([true, true]);
  },
);

test('a finished region without figures neither ends nor holds up the hold of another one', () => {
  const world = twoRegions('hold');
  world.verdicts.set('east', 'ERROR');
  const { n } = world;
  world.run((one) => one.n > n);
  expect(world.state).toBe('Running');
});

test('a hold for data waits for the region of its step alone', () => {
  const world = twoRegions('hold');
  world.verdicts.set('east', 'ERROR');
  world.verdicts.set('west', 'ERROR');
  world.run(({ state }) => state === 'DataHold');
  world.verdicts.set('west', 'PASS');
  world.run(({ state }) => state === 'Running', 5);
});

test('a region that fails is never one that is kept', () => {
  const world = twoRegions('hold', 'keep-finished');
  world.verdicts.set('east', 'FAIL');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect([world.isAsBefore('east'), world.isAsBefore('west')]).toEqual([true, true]);
  expect(world.moves.at(-1)?.sentence).not.toContain('keep');
  expect(world.moves.at(-1)).not.toHaveProperty('kept');
});

test('a finished region that loses its pods is not kept either; one that only stands by is', () => {
  const lost = twoRegions('hold', 'keep-finished');
  lost.thing('east', 'new').ready = 0;
  lost.stuck = true;
  lost.run(({ ended }) => ended);
  expect([lost.isAsBefore('east'), lost.isAsBefore('west')]).toEqual([true, true]);

  const well = twoRegions('hold', 'keep-finished');
  well.verdicts.set('west', 'FAIL');
  well.run(({ ended }) => ended);
  expect([well.isAsBefore('east'), well.isAsBefore('west')]).toEqual([false, true]);
  expect(well.moves.at(-1)?.sentence).toContain('east keeps the new version');
  expect(well.moves.at(-1)).toMatchObject({ do: 'end', kept: ['east'] });
});

test('an abort keeps finished regions as the plan says', () => {
  const world = twoRegions('hold', 'keep-finished');
  world.order('abort');
  world.run(({ ended }) => ended);
  expect([world.isAsBefore('east'), world.isAsBefore('west')]).toEqual([false, true]);
});
