import { describe, expect, test } from 'vitest';
import type { PlannedObject, StagedStep } from './contract';
import { shareBegan, startsOf } from './steered';
import { analysisOf } from './test-plan';
import { World } from './test-world';

const settleMs = 20_000;
const STEP_MS = 1000;

/** When the share of a region in step `n` began, each step beginning a second after the one before. */
function begun(world: World, region: string, n: number): number | null {
  const startedAtMs = new Map(world.steps.map((_, index) => [index + 1, (index + 1) * STEP_MS]));
  const objects: PlannedObject[] = [...world.things.values()].map(({ object }) => object);
  return shareBegan({ steps: world.steps, objects, region, n, startedAtMs });
}
const numbersOf = (world: World, kind: StagedStep['do']): number[] =>
  world.steps.flatMap((step, index) => (step.do === kind ? [index + 1] : []));

describe('the share of a region began', () => {
  test('with the end of the step that wrote its router, for its proof, its hold and what follows', () => {
    const world = new World();
    expect(world.steps.map((_, index) => begun(world, 'east', index + 1))).toEqual(
      // pods, ready, 5 %, prove, hold, 100 %, prove, watch
      [null, null, null, 4000, 4000, 4000, 7000, 7000],
    );
  });

  test('of another region with that of its own', () => {
    const world = new World(['east', 'west']);
    const [watch = 0] = numbersOf(world, 'watch');
    expect([begun(world, 'east', watch), begun(world, 'west', watch)]).toEqual([7000, 14_000]);
    expect(begun(world, 'west', 8)).toBeNull();
  });

  test('where pods are the share, when the new ones were ready and when the old ones were stopped', () => {
    const world = new World(['east'], { isByPods: true });
    // one pod, ready, prove, hold, all pods, ready, drain, stop, prove, watch
    expect(world.steps.map((_, index) => begun(world, 'east', index + 1))).toEqual([
      null,
      null,
      3000,
      3000,
      3000,
      3000,
      7000,
      7000,
      9000,
      9000,
    ]);
  });

  test('at a time that nobody recorded, for a step that has not begun', () => {
    const steps = [
      { n: 1, startedAt: new Date(5) },
      { n: 2, startedAt: null },
    ];
    expect([...startsOf(steps)]).toEqual([[1, 5]]);
  });
});

describe('while the share of a version is still to be proven', () => {
  /** In the proof of its first weights, which never comes. */
  function unproven(): World {
    const world = new World();
    world.settleSeconds = settleMs / 1000;
    world.proof.verdict = 'NODATA';
    world.run(({ n }) => world.steps[n - 1]?.do === 'prove');
    return world;
  }

  test('it is judged, and goes back as soon as the figures have settled', () => {
    const world = unproven();
    const routedAt = world.nowMs;
    world.verdict = 'FAIL';
    world.run(({ backingOut }) => backingOut);
    expect(world.moves.at(-1)).toMatchObject({
      do: 'back-out',
      cause: 'guard',
      sentence: expect.stringMatching(/^The analysis failed in east: Failed/),
    });
    const { failsInRow, intervalSeconds } = analysisOf('east');
    const took = world.nowMs - routedAt;
    expect(took).toBeGreaterThanOrEqual(settleMs);
    expect(took).toBeLessThanOrEqual(settleMs + (failsInRow + 1) * intervalSeconds * 1000);
  });

  test('a reading of its share is no failure of it', () => {
    const world = unproven();
    world.proof.verdict = 'FAIL';
    for (let ms = 0; ms < settleMs + 60_000 && !world.backingOut; ms += 5000) world.tick();
    expect(world.moves.at(-1)?.sentence ?? '').not.toContain('The analysis failed');
  });

  test('what passes meanwhile is no ground for the next weights', () => {
    const world = unproven();
    for (let ms = 0; ms < settleMs + 60_000 && world.state === 'Running'; ms += 5000) world.tick();
    expect(world.steps[world.n - 1]?.do).toBe('prove');
  });
});

test('a hold does not wait for figures to settle that settled during its proof', () => {
  const world = new World();
  world.settleSeconds = settleMs / 1000;
  world.proof.verdict = 'NODATA';
  world.run(({ n }) => world.steps[n - 1]?.do === 'prove');
  for (let ms = 0; ms < settleMs; ms += 5000) world.tick();
  world.proof.verdict = 'PASS';
  world.run(({ n }) => world.steps[n - 1]?.do === 'hold');
  const began = world.nowMs;
  world.run(({ n }) => world.steps[n - 1]?.do !== 'hold');
  const [hold] = world.steps.filter((step) => step.do === 'hold');
  expect(world.nowMs - began).toBeLessThanOrEqual((hold?.do === 'hold' ? hold.seconds : 0) * 1000 + 10_000);
});
