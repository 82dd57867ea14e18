import { expect, test } from 'vitest';
import { World } from './test-world';

const inHold = (world: World) => world.steps[world.n - 1]?.do === 'hold';
const isHeld = ({ state }: World) => state === 'DataHold';
const holdsIn = (world: World) => world.moves.filter(({ do: kind }) => kind === 'hold').length;

/** A change that is held in a hold, because there is no verdict or because nothing good is behind it. */
function held(verdict: 'ERROR' | 'FAIL', undoIsKnownGood = true): World {
  const world = new World();
  world.undoIsKnownGood = undoIsKnownGood;
  world.run(inHold);
  world.verdict = verdict;
  world.run(isHeld);
  return world;
}

test('a person who goes on without figures goes on: the next weights are written', () => {
  const world = held('ERROR');
  const { n } = world;
  world.order('promote', n);
  world.run((one) => one.n > n + 1, 4);
  expect(world.state).toBe('Running');
  expect(world.moves.at(-2)).toMatchObject({ do: 'act', object: 'east/router' });
});

test('a new version that loses its pods goes back although there are no figures', () => {
  const world = held('ERROR');
  world.thing('east', 'new').ready = 0;
  world.stuck = true;
  world.tick();
  expect(world.moves.at(-1)).toMatchObject({ do: 'back-out', cause: 'guard' });
  expect(world.moves.at(-1)?.sentence).toContain('no ready pod left');
});

test('pods that are lost outrank a promotion', () => {
  const world = held('ERROR');
  world.thing('east', 'new').ready = 0;
  world.stuck = true;
  world.order('promote', world.n);
  world.tick();
  expect(world.backingOut).toBe(true);
});

test('a failure that a hold waited for is not held for again once a verdict passed', () => {
  const world = held('FAIL', false);
  expect(world.moves.at(-1)?.sentence).toContain('A passing verdict ends the hold too.');
  world.tick();
  expect(world.moves.at(-1)?.sentence).toBe('Fails in east: FAIL of east.');
  world.verdict = 'PASS';
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
  expect(holdsIn(world)).toBe(1);
});

test('a version that goes on failing stays held, and is told once', () => {
  const world = held('FAIL', false);
  for (let round = 0; round < 60; round += 1) world.tick();
  expect(world.state).toBe('DataHold');
  expect(holdsIn(world)).toBe(1);
});

test('another region that fails keeps the change held until it passes, and is told once', () => {
  const world = new World(['east', 'west']);
  world.undoIsKnownGood = false;
  world.run((one) => one.thing('west', 'router').writes.length > 0 && inHold(one));
  world.verdicts.set('east', 'FAIL');
  for (let round = 0; round < 60; round += 1) world.tick();
  expect(world.state).toBe('DataHold');
  expect(holdsIn(world)).toBe(1);
  world.verdicts.set('east', 'PASS');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
});

test.each(['pods that never start', 'pods that are lost'] as const)(
  '%s hold a change that has nothing good to go back to, once',
  (what) => {
    const world = new World();
    world.undoIsKnownGood = false;
    if (what === 'pods that are lost') {
      world.run(inHold);
      world.thing('east', 'new').ready = 0;
    }
    world.stuck = true;
    world.run(isHeld);
    for (let round = 0; round < 60; round += 1) world.tick();
    expect(world.state).toBe('DataHold');
    expect(holdsIn(world)).toBe(1);
    world.stuck = false;
    world.run(({ ended }) => ended);
    expect(world.state).toBe('Succeeded');
  },
);
