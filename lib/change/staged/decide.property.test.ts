import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StagedMove } from './facts';
import { keyOf, PODS, weights } from './test-plan';
import { World } from './test-world';

const regions = ['east', 'west'] as const;

/** What happens to a change from outside, between two rounds. */
const happening = fc.oneof(
  fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    what: fc.constant('verdict' as const),
    verdict: fc.constantFrom('PASS', 'FAIL', 'NODATA', 'ERROR'),
  }),
  fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    what: fc.constant('proof' as const),
    verdict: fc.constantFrom('PASS', 'FAIL', 'NODATA', 'ERROR'),
  }),
  fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    what: fc.constant('order' as const),
    command: fc.constantFrom('abort', 'pause', 'resume', 'promote'),
    n: fc.integer({ min: 1, max: 16 }),
  }),
  fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    what: fc.constant('edit' as const),
    region: fc.constantFrom(...regions),
    weight: fc.constantFrom(0, 5, 50, 100),
  }),
  fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    what: fc.constant('silent' as const),
    region: fc.constantFrom(...regions),
    rounds: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    what: fc.constant('pods' as const),
    region: fc.constantFrom(...regions),
    part: fc.constantFrom('new', 'old'),
    ready: fc.integer({ min: 0, max: PODS }),
  }),
  fc.record({
    at: fc.integer({ min: 0, max: 120 }),
    what: fc.constant('freeze' as const),
    rounds: fc.integer({ min: 1, max: 30 }),
  }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const by = { id: '1', name: 'Carla', email: 'carla@example.org' };

function happen(world: World, one: Happening, later: (rounds: number, undo: () => void) => void): void {
  switch (one.what) {
    case 'verdict':
      world.verdict = one.verdict;
      return;
    case 'proof':
      world.proof.verdict = one.verdict;
      return;
    case 'order':
      world.order(one.command, one.n);
      return;
    case 'edit':
      world.edit(one.region, 'router', weights(one.weight), 'kubectl-edit');
      return;
    case 'silent':
      world.silent.set(one.region, `${one.region} does not answer.`);
      later(one.rounds, () => world.silent.delete(one.region));
      return;
    case 'pods':
      world.thing(one.region, one.part).ready = one.ready;
      if (one.part === 'old') later(10, () => Object.assign(world.thing(one.region, 'old'), { ready: PODS }));
      return;
    case 'freeze':
      world.kill = { id: '1', verb: 'freeze', sentence: 'FREEZE everywhere.', by };
      later(one.rounds, () => {
        world.kill = null;
      });
  }
}

/** Invariants of one move, looked at before it is made. */
function check(world: World, move: StagedMove): void {
  const frozen = world.kill?.verb === 'freeze';
  if (move.do === 'act') {
    expect(frozen, 'no write under FREEZE').toBe(false);
    expect(world.backingOut && move.verb === 'write', 'never forward again').toBe(false);
    for (const region of regions) {
      // I3: requests are sent only where pods are ready.
      if (move.object !== keyOf(region, 'router')) continue;
      const target = world.thing(region, move.verb === 'write' ? 'new' : 'old');
      if (JSON.stringify(move.desired) !== JSON.stringify(weights(0)) || move.verb === 'restore')
        expect(target.ready, `${move.verb} of ${region} needs ready pods`).toBeGreaterThan(0);
    }
  }
  if (move.do !== 'next' || world.steps[move.n - 1]?.do !== 'hold') return;
  // I4: no advance without a pass, except by a person.
  if (move.command !== null) return;
  const step = world.steps[move.n - 1];
  const region = step?.do === 'hold' ? step.region : '';
  const last = world.measurements.findLast((one) => one.region === region && one.step === move.n);
  expect(last?.verdict, 'a hold ends with a pass').toBe('PASS');
}

const RUNS = 400;

test('whatever happens, a change stays within its invariants and ends or is in a named hold', () => {
  let ends = 0;
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 12 }), fc.boolean(), (happenings, keeps) => {
      const world = new World(regions);
      world.onFailure = keeps ? 'keep-finished' : 'back-out-all';
      const undo: { at: number; run: () => void }[] = [];
      let round = 0;
      for (; round < 500 && !world.ended; round += 1) {
        for (const one of happenings) {
          if (one.at === round) happen(world, one, (rounds, run) => undo.push({ at: round + rounds, run }));
        }
        for (const one of undo) if (one.at === round) one.run();
        world.checking = (move) => check(world, move);
        world.tick();
      }
      // A hold for a stranger's edit or a pause may last to its limit; it names itself meanwhile.
      expect(world.ended || ['Paused', 'DataHold', 'DriftHold'].includes(world.state)).toBe(true);
      if (world.ended) ends += 1;
      if (world.state === 'Succeeded')
        for (const region of regions) expect(world.thing(region, 'router').live).toEqual(weights(100));
      if (world.state === 'BackedOut' && !keeps)
        for (const region of regions) expect(world.isOursAsBefore(region), region).toBe(true);
    }),
    { numRuns: RUNS, seed: 20_261_121 },
  );
  expect(ends).toBeGreaterThan(RUNS / 2);
});
