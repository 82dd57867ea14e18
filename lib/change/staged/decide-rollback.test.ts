import { expect, test } from 'vitest';
import { weights } from './test-plan';
import { World } from './test-world';

const holds = (world: World) => ['Paused', 'DataHold', 'DriftHold', 'Frozen'].includes(world.state);

/** A rollback over regions: its requests go in one write each, and no hold is between. */
function rollback(): World {
  const world = new World(['east', 'west']);
  world.isRollback = true;
  world.steps.splice(0, world.steps.length, ...world.steps.filter((step) => step.do !== 'hold'));
  return world;
}

test('a rollback waits for no figures, neither for proof nor at its end', () => {
  for (const verdict of ['ERROR', 'NODATA'] as const) {
    const world = rollback();
    world.verdict = verdict;
    world.proof.verdict = verdict;
    world.run(({ ended }) => ended, 2000);
    expect(world.state, verdict).toBe('Succeeded');
    expect(world.moves.some((move) => move.do === 'hold')).toBe(false);
    expect(world.moves.at(-1)?.sentence).toContain('Nobody could judge it');
    expect(world.thing('west', 'router').live).toEqual(weights(100));
  }
});

test('a rollback that fails is held, and only a person undoes it', () => {
  const world = rollback();
  world.run((one) => one.steps[one.n - 1]?.do === 'watch');
  world.verdict = 'FAIL';
  world.run(holds);
  expect(world.state).toBe('DataHold');
  expect(world.moves.at(-1)?.sentence).toContain('A rollback is not undone by itself');
  world.run(({ ended }) => ended, 3000);
  expect(world.state).toBe('Failed');
  expect(world.thing('west', 'router').live).toEqual(weights(100));
});

test('requests that do not follow hold a rollback for a person', () => {
  const world = rollback();
  world.proof.verdict = 'FAIL';
  world.run(holds);
  expect(world.state).toBe('DataHold');
  world.order('abort');
  world.run(({ ended }) => ended);
  expect(world.isAsBefore('east')).toBe(true);
});
