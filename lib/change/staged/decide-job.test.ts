import { expect, test } from 'vitest';
import type { MigrationClass } from './contract';
import type { JobFact } from './facts';
import { newJob, ourJob } from './test-thing';
import { World } from './test-world';

/** A canary of one region whose third step, after the pods are ready, migrates the database. */
function planned(kind: MigrationClass): World {
  const world = new World();
  world.steps.splice(2, 0, {
    do: 'job',
    region: 'east',
    cluster: 'east',
    namespace: 'shop',
    name: 'api-migrate-1a2b3c4d',
    spec: '{}',
    class: kind,
    timeoutSeconds: 300,
  });
  world.job = newJob;
  return world;
}

/** The same, with the Job let run. */
function migrating(kind: MigrationClass): World {
  const world = planned(kind);
  world.run(({ job }) => job !== null && job.releasedAtMs !== null);
  return world;
}

const released = ({ job, nowMs }: World): JobFact => ({
  ...newJob,
  created: true,
  releasedAtMs: job?.releasedAtMs ?? nowMs,
});
const end = (world: World, phase: 'complete' | 'failed', detail = ''): void => {
  world.job = { ...released(world), seen: ourJob(phase, detail) };
};
const isHeld = ({ state }: World) => state === 'DataHold' || state === 'DriftHold';
const routed = (world: World) => world.thing('east', 'router').writes.length > 0;

test('the Job is created once, after the pods are ready, and no request goes there before it is complete', () => {
  const world = migrating('reversible');
  for (let round = 0; round < 20; round += 1) world.tick();
  expect(world.moves.filter(({ do: kind }) => kind === 'create' || kind === 'release')).toHaveLength(2);
  expect(world.thing('east', 'new').ready).toBeGreaterThan(0);
  expect(routed(world)).toBe(false);
  end(world, 'complete');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
  expect(routed(world)).toBe(true);
});

test.each(['reversible', 'forward-only'] as const)(
  'fault 28: a failing %s migration sends the code back and says what it leaves',
  (kind) => {
    const world = migrating(kind);
    end(world, 'failed', 'BackoffLimitExceeded');
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(routed(world)).toBe(false);
    const back = world.moves.find(({ do: one }) => one === 'back-out');
    expect(back?.sentence).toContain(
      `The ${kind} migration did not end well. The Job failed: BackoffLimitExceeded`,
    );
    expect(back?.sentence).toContain('half migrated');
  },
);

test('fault 28: a failing destructive migration is held for a forward fix, and time alone does not undo it', () => {
  const world = migrating('destructive');
  end(world, 'failed', 'DeadlineExceeded');
  world.run(isHeld);
  expect(world.state).toBe('DriftHold');
  expect(world.moves.at(-1)?.sentence).toContain('Failed (forward-fix needed)');
  world.order('resume');
  world.run(({ commands }) => !commands.has('resume'));
  world.run(isHeld);
  world.run(({ ended }) => ended, 2000);
  expect(world.state).toBe('Failed');
  expect(world.moves.some(({ do: kind }) => kind === 'back-out')).toBe(false);
});

test('fault 28: a Job that the cluster does not stop is given up after its time', () => {
  const world = migrating('reversible');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(world.moves.find(({ do: kind }) => kind === 'back-out')?.sentence).toContain(
    'has not ended within 5 min',
  );
});

test('a Job that is deleted before its end counts as failed and is not made again', () => {
  const world = migrating('reversible');
  world.job = released(world);
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(world.moves.filter(({ do: kind }) => kind === 'create')).toHaveLength(1);
  expect(world.moves.find(({ do: kind }) => kind === 'back-out')?.sentence).toContain('was deleted');
});

test("fault 6: another's Job of that name is left alone and named, once", () => {
  const world = planned('forward-only');
  world.job = {
    ...newJob,
    seen: { ours: false, owner: 'made by “kubectl-create”', phase: 'running', detail: '' },
  };
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  const backs = world.moves.filter(({ do: kind }) => kind === 'back-out');
  expect(backs).toHaveLength(1);
  expect(backs[0]?.sentence).toContain('made by “kubectl-create”');
});

test.each(['forward-only', 'destructive'] as const)(
  'past a %s migration only a person sends the requests back',
  (kind) => {
    const world = migrating(kind);
    end(world, 'complete');
    world.run(routed);
    world.verdict = 'FAIL';
    world.proof.verdict = 'FAIL';
    world.run(isHeld);
    expect(world.state).toBe('DataHold');
    expect(world.moves.at(-1)?.sentence).toContain(
      `The migration was ${kind}, so the change does not go back by itself`,
    );
    world.order('abort');
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(world.isAsBefore('east')).toBe(true);
  },
);

test('past a reversible migration a failing version goes back by itself', () => {
  const world = migrating('reversible');
  end(world, 'complete');
  world.run(routed);
  world.verdict = 'FAIL';
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
});

const isSuspended = ({ job }: World): boolean => job?.seen?.phase === 'suspended';

test('a Job is made suspended, and let run when it was seen and is ours', () => {
  const world = planned('reversible');
  world.run(isSuspended);
  expect(world.tick().do).toBe('release');
  expect(world.job?.seen?.phase).toBe('running');
});

test.each(['reversible', 'destructive'] as const)(
  'a suspended Job of a %s migration that is found on the way back is never let run',
  (kind) => {
    const world = planned(kind);
    world.run(isSuspended);
    world.order('abort');
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(world.moves.some(({ do: one }) => one === 'release' || one === 'seal')).toBe(false);
    expect(isSuspended(world)).toBe(true);
  },
);

test('a release that may still arrive is met by a newer Job before the change has gone back', () => {
  const world = planned('reversible');
  world.run(isSuspended);
  world.order('abort');
  world.tick();
  if (world.job !== null) world.job = { ...world.job, late: true };
  world.run(({ ended }) => ended);
  expect(world.moves.filter(({ do: one }) => one === 'seal')).toHaveLength(1);
  expect(world.job?.late).toBe(false);
});

test('the time of a migration counts from its release, not from its creation', () => {
  const world = planned('reversible');
  world.run(isSuspended);
  world.nowMs += 1_000_000;
  world.tick();
  for (let round = 0; round < 60; round += 1) expect(world.tick(5).do).toBe('wait');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
});

const lost = 'Not enough valid sign-offs any more: Engineering lead.';

test.each([
  ['made', () => true],
  ['let run', isSuspended],
] as const)(
  'without the sign-offs it was signed with, the Job is not %s and the change goes back',
  (_, at) => {
    const world = planned('destructive');
    world.run(at);
    world.approval = lost;
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    expect(world.moves.find(({ do: one }) => one === 'back-out')?.sentence).toBe(
      `The database was not migrated: ${lost}`,
    );
    expect(world.job?.releasedAtMs ?? null).toBe(null);
  },
);

test('once the migration runs, who signed does not stop it', () => {
  const world = migrating('forward-only');
  world.approval = lost;
  for (let round = 0; round < 10; round += 1) world.tick();
  end(world, 'complete');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
});

test('FREEZE keeps a Job from being let run, and it runs when the freeze is over', () => {
  const world = planned('forward-only');
  world.run(isSuspended);
  const by = { id: '1', name: 'Carla', email: 'carla@example.org' };
  world.kill = { id: '1', verb: 'freeze', sentence: 'FREEZE everywhere.', by };
  for (let round = 0; round < 10; round += 1) world.tick();
  expect(isSuspended(world)).toBe(true);
  expect(world.state).toBe('Frozen');
  world.kill = null;
  world.run(({ job }) => job?.seen?.phase === 'running');
});

test('a migration that somebody suspends while it runs is held and named, and goes on when it runs again', () => {
  const world = migrating('reversible');
  world.job = { ...released(world), seen: ourJob('suspended') };
  world.run(isHeld);
  expect(world.moves.at(-1)?.sentence).toContain('was suspended by somebody else');
  world.job = { ...released(world), seen: ourJob('running') };
  world.order('resume');
  world.run(({ state }) => state === 'Running');
  end(world, 'complete');
  world.run(({ ended }) => ended);
  expect(world.state).toBe('Succeeded');
});

test('a Job that is deleted before it was let run has migrated nothing, and the change goes back', () => {
  const world = planned('destructive');
  world.run(isSuspended);
  world.job = { ...newJob, created: true };
  world.run(({ ended }) => ended);
  expect(world.state).toBe('BackedOut');
  expect(world.moves.find(({ do: one }) => one === 'back-out')?.sentence).toContain('was not migrated');
});

/** Its release was announced, nobody saw what became of it, and the Job is gone or another stands there. */
const unproven = (seen: JobFact['seen'] = null): JobFact => ({
  ...newJob,
  created: true,
  announced: true,
  seen,
});
const theirs: JobFact['seen'] = { ours: false, owner: 'made by “x”', phase: 'running', detail: '' };

test.each([
  ['gone', null],
  ["another's", theirs],
] as const)('a release that nobody saw arrive may have run: a Job that is %s is no proof', (_, seen) => {
  for (const kind of ['reversible', 'forward-only'] as const) {
    const world = planned(kind);
    world.run(isSuspended);
    world.job = unproven(seen);
    world.run(({ ended }) => ended);
    expect(world.state).toBe('BackedOut');
    const said = world.moves.find(({ do: one }) => one === 'back-out')?.sentence;
    expect(said).toContain('it may have run. The schema may be half migrated');
    expect(said).not.toContain('was not migrated');
  }
  const world = planned('destructive');
  world.run(isSuspended);
  world.job = unproven(seen);
  world.run(isHeld);
  expect(world.moves.at(-1)?.sentence).toContain('Failed (forward-fix needed)');
  world.run(({ ended }) => ended, 2000);
  expect(world.state).toBe('Failed');
  expect(world.moves.filter(({ do: one }) => one === 'create' || one === 'back-out')).toHaveLength(1);
});
