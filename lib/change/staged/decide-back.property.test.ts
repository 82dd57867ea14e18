import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharesOf } from './router';
import { keyOf, PODS, stepwise, weights } from './test-plan';
import { World } from './test-world';

const regions = ['east', 'west'] as const;
const RUNS = 100;
const PATIENCE_MS = 60_000;

const loss = fc.record({
  at: fc.integer({ min: 0, max: 20 }),
  region: fc.constantFrom(...regions),
  ready: fc.integer({ min: 0, max: PODS }),
});

test('the way back ends, never asks old pods for more than their part in time, and never turns round', () => {
  let eased = 0;
  let short = 0;
  fc.assert(
    fc.property(
      fc.array(loss, { minLength: 3, maxLength: 14 }),
      fc.integer({ min: 1, max: PODS }),
      (losses, last) => {
        const world = new World(regions);
        world.run(({ n, steps }) => n === steps.length);
        world.order('abort');
        /** By region: the most old pods that were ready on the way back, and since when. */
        const best = new Map<string, { ready: number; sinceMs: number }>();
        const share = new Map<string, number>(regions.map((region) => [region, 0]));
        world.checking = (move) => {
          if (!world.backingOut) return;
          for (const region of regions) {
            const { ready } = world.thing(region, 'old');
            const known = best.get(region);
            if (known === undefined || ready > known.ready) best.set(region, { ready, sinceMs: world.nowMs });
          }
          if (move.do !== 'act') return;
          const region = regions.find((one) => keyOf(one, 'router') === move.object);
          if (region === undefined) return;
          const percent = sharesOf(stepwise.pair, move.desired)?.blue ?? Number.NaN;
          expect(percent).toBeGreaterThan(share.get(region) ?? 0);
          share.set(region, percent);
          const { ready } = world.thing(region, 'old');
          expect(ready).toBeGreaterThan(0);
          if (percent < 100) eased += 1;
          if (percent * PODS <= 100 * ready) return;
          short += 1;
          expect(percent).toBe(100);
          expect(world.nowMs - (best.get(region)?.sinceMs ?? world.nowMs)).toBeGreaterThan(PATIENCE_MS);
          expect(move.sentence).toContain(`only ${ready} of ${PODS} pods`);
        };
        for (let round = 0; round < 200 && !world.ended; round += 1) {
          for (const { at, region, ready } of losses)
            if (at === round) world.thing(region, 'old').ready = ready;
          if (round === 21) for (const region of regions) world.thing(region, 'old').ready = last;
          world.tick();
        }
        expect(world.state).toBe('BackedOut');
        for (const region of regions) expect(world.thing(region, 'router').live).toEqual(weights(0));
      },
    ),
    { numRuns: RUNS, seed: 20_261_122 },
  );
  expect(eased).toBeGreaterThan(RUNS / 4);
  expect(short).toBeGreaterThan(RUNS / 20);
});

test('whatever becomes of the old pods of one region, the other goes back in the same rounds', () => {
  const roundsOf = (losses: readonly { at: number; ready: number }[]): number => {
    const world = new World(regions);
    world.run(({ n, steps }) => n === steps.length);
    world.order('abort');
    for (let round = 0; round < 300; round += 1) {
      for (const { at, ready } of losses) if (at === round) world.thing('east', 'old').ready = ready;
      world.tick();
      if (world.isAsBefore('west')) return round;
    }
    return Number.POSITIVE_INFINITY;
  };
  const alone = roundsOf([]);
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.integer({ min: 0, max: 5 }), ready: fc.integer({ min: 0, max: PODS }) }), {
        maxLength: 6,
      }),
      // One write a round: those of the other region come in between, and never a wait.
      (losses) => {
        expect(roundsOf(losses)).toBeLessThanOrEqual(alone + PODS);
      },
    ),
    { numRuns: RUNS, seed: 20_261_122 },
  );
});
