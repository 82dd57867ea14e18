import fc from 'fast-check';
import { expect, test } from 'vitest';
import { migrationClasses } from './contract';
import type { StagedMove } from './facts';
import { weights } from './test-plan';
import { newJob, ourJob } from './test-thing';
import { World } from './test-world';

const at = fc.integer({ min: 0, max: 60 });
/** While the Job is not let run yet. */
const early = fc.integer({ min: 0, max: 6 });
const happening = fc.oneof(
  fc.record({ at, what: fc.constant('job' as const), phase: fc.constantFrom('complete', 'failed', 'gone') }),
  fc.record({ at, what: fc.constant('taken' as const) }),
  fc.record({
    at,
    what: fc.constant('verdict' as const),
    verdict: fc.constantFrom('PASS', 'FAIL', 'NODATA'),
  }),
  fc.record({
    at,
    what: fc.constant('order' as const),
    command: fc.constantFrom('abort', 'pause', 'resume'),
  }),
  fc.record({ at: early, what: fc.constant('approval' as const), counts: fc.boolean() }),
  fc.record({ at, what: fc.constant('freeze' as const), is: fc.boolean() }),
  fc.record({ at: early, what: fc.constant('late' as const) }),
  fc.record({ at, what: fc.constant('edit' as const), weight: fc.constantFrom(0, 50) }),
);
const by = { id: '1', name: 'Carla', email: 'carla@example.org' };
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happen(world: World, one: Happening): void {
  switch (one.what) {
    case 'job': {
      const { job } = world;
      // What has ended stays so; only a Job that was created can end.
      if (job?.created !== true || job.seen?.phase !== 'running') return;
      world.job = { ...job, seen: one.phase === 'gone' ? null : ourJob(one.phase) };
      return;
    }
    case 'taken':
      if (world.job?.created === true) return;
      world.job = { ...newJob, seen: { ours: false, owner: 'us not', phase: 'running', detail: '' } };
      return;
    case 'verdict':
      world.verdict = one.verdict;
      world.proof.verdict = one.verdict;
      return;
    case 'order':
      world.order(one.command);
      return;
    case 'approval':
      world.approval = one.counts ? null : 'Not enough valid sign-offs any more.';
      return;
    case 'freeze':
      world.kill = one.is ? { id: '1', verb: 'freeze', sentence: 'FREEZE everywhere.', by } : null;
      return;
    case 'late':
      // Only a release that was announced and given up on the way back can come late.
      if (world.backingOut && world.job?.seen?.phase === 'suspended')
        world.job = { ...world.job, late: true };
      return;
    case 'edit':
      world.edit('east', 'router', weights(one.weight), 'kubectl-edit');
  }
}

const isComplete = ({ job }: World): boolean => job?.seen?.ours === true && job.seen.phase === 'complete';

test('no request before the migration, one Job, and never back by itself past one that does not allow it', () => {
  const seen = { held: 0, succeeded: 0, back: 0, sealed: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 10 }), fc.constantFrom(...migrationClasses), (all, kind) => {
      const world = new World();
      const job = { do: 'job', region: 'east', cluster: 'east', namespace: 'shop', name: 'm' } as const;
      world.steps.splice(2, 0, { ...job, spec: '{}', class: kind, timeoutSeconds: 300 });
      world.job = newJob;
      const check = (move: StagedMove): void => {
        if (move.do === 'create') expect(world.job, 'created once').toEqual(newJob);
        if (move.do === 'create' || move.do === 'release') {
          expect(world.backingOut || world.approval !== null, 'as signed, and never on the way back').toBe(
            false,
          );
          expect(world.kill, 'never under a switch').toBe(null);
        }
        if (move.do === 'release')
          expect(world.job, 'let run once, as ours').toMatchObject({
            created: true,
            releasedAtMs: null,
            seen: { ours: true, phase: 'suspended' },
          });
        if (move.do === 'end' && move.state === 'BackedOut')
          expect(world.job?.late ?? false, 'nothing of ours can come after the end').toBe(false);
        if (move.do === 'act' && move.object.endsWith('router') && move.verb === 'write')
          expect(isComplete(world), 'requests go there after the migration alone').toBe(true);
        if (move.do !== 'back-out' || move.cause === 'abort' || kind === 'reversible') return;
        expect(world.n > 3 && isComplete(world), 'past it only a person goes back').toBe(false);
        if (kind === 'destructive') expect(world.job?.seen?.phase === 'failed').toBe(false);
      };
      world.checking = check;
      for (let round = 0; round < 500 && !world.ended; round += 1) {
        for (const one of all) if (one.at === round) happen(world, one);
        if (round === 61) world.kill = null;
        if (round === 70) happen(world, { at: 70, what: 'job', phase: 'complete' });
        world.tick();
      }
      expect(world.ended || ['Paused', 'DataHold', 'DriftHold'].includes(world.state)).toBe(true);
      if (world.moves.some((move) => move.do === 'hold')) seen.held += 1;
      if (world.moves.some((move) => move.do === 'seal')) seen.sealed += 1;
      if (world.moves.some(({ sentence }) => sentence.includes('valid sign-offs'))) seen.refused += 1;
      if (world.state === 'Succeeded') seen.succeeded += 1;
      if (world.state === 'BackedOut') seen.back += 1;
    }),
    { numRuns: 600, seed: 20_261_121 },
  );
  // Every end was among them, so that nothing above was true of nothing.
  expect(Math.min(seen.held, seen.succeeded, seen.back, seen.refused)).toBeGreaterThan(20);
  expect(seen.sealed).toBeGreaterThan(0);
});
