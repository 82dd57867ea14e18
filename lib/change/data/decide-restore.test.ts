import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTerminal } from '../model';
import { copied, type Fate, failedCopy, names, OLD, RestoreWorld } from './testing/restore-world';

/** Rounds until a world does something of this kind. */
function until(world: RestoreWorld, isThere: () => boolean): void {
  for (let n = 0; n < 500 && !isThere(); n += 1) {
    if (world.copy.state === 'wanted') world.copy = copied;
    if (world.load.state === 'wanted') world.load = { state: 'done', seconds: 1 };
    world.round();
  }
  expect(isThere()).toBe(true);
}
const stage = (world: RestoreWorld) => world.facts.layout?.stage;

describe('a restore', () => {
  test('goes its steps in order, each once', () => {
    const world = new RestoreWorld();
    expect(world.settle()).toBe(true);
    expect([world.state, world.acts, world.faults]).toEqual(['Succeeded', ['make', 'close', 'switch'], []]);
    expect(world.databases.get(names.former)?.oid).toBe(OLD);
    expect(world.sentence).toContain('kept for 7 d as shop_pre_c0000012');
  });

  test('can be taken back for ten seconds before anything is done', () => {
    const world = new RestoreWorld();
    for (let n = 0; n < 10; n += 1) expect(world.round().do).toBe('wait-until');
    expect(world.copy.state).toBe('none');
    world.order('abort');
    world.settle();
    expect([world.state, world.acts]).toEqual(['BackedOut', []]);
  });

  test('makes no safety copy where none was signed', () => {
    const world = new RestoreWorld(false);
    world.settle();
    expect([world.state, world.copy.state]).toEqual(['Succeeded', 'none']);
  });

  test('ends with nothing changed when the safety copy fails', () => {
    const world = new RestoreWorld();
    world.copy = failedCopy;
    world.settle();
    expect([world.state, world.acts]).toEqual(['Failed', []]);
    expect(world.sentence).toMatch(/safety copy failed.*Nothing was changed/);
  });

  test('opens the old database and drops the new one when the copy cannot be loaded', () => {
    const world = new RestoreWorld();
    until(world, () => stage(world) === 'closed');
    world.load = { state: 'failed', why: 'A block is damaged.', isFaultOfCopy: true };
    world.settle();
    expect([world.state, world.acts.slice(-2), world.faults]).toEqual(['BackedOut', ['open', 'drop'], []]);
    expect(world.databases.get(names.live)).toMatchObject({ oid: OLD, open: true });
  });

  test('is switched back by an abort while it watches, and what was written since is kept', () => {
    const world = new RestoreWorld();
    until(world, () => world.state === 'Watching');
    world.order('abort');
    world.settle();
    expect([world.state, world.acts.at(-1)]).toEqual(['BackedOut', 'switch-back']);
    expect(world.databases.get(names.live)).toMatchObject({ oid: OLD, open: true });
    expect(world.databases.get(names.fresh)).toMatchObject({ open: false, marked: true });
  });

  test('holds when somebody lets sessions in again, and goes on when a person says so', () => {
    const world = new RestoreWorld();
    until(world, () => stage(world) === 'closed');
    const live = world.databases.get(names.live);
    if (live !== undefined) world.databases.set(names.live, { ...live, open: true, sessions: 2 });
    expect(world.round()).toMatchObject({ do: 'hold', state: 'DriftHold' });
    for (let n = 0; n < 20; n += 1) expect(world.round().do).toBe('wait');
    world.order('resume');
    world.settle();
    expect([world.state, world.acts]).toEqual(['Succeeded', ['make', 'close', 'close', 'switch']]);
  });

  test('holds over a name that somebody took, and touches nothing', () => {
    const world = new RestoreWorld();
    until(world, () => stage(world) === 'closed');
    world.databases.set(names.former, { oid: 999, open: true, marked: false, sessions: 0 });
    expect(world.round()).toMatchObject({ do: 'hold', state: 'DriftHold' });
    world.order('abort');
    for (let n = 0; n < 20; n += 1) world.round();
    expect(world.acts).toEqual(['make', 'close']);
    world.databases.delete(names.former);
    world.order('resume');
    world.settle();
    expect([world.state, world.acts.slice(-2)]).toEqual(['BackedOut', ['open', 'drop']]);
  });

  test('holds for a person when the service does not come back, and ends well when it does', () => {
    const world = new RestoreWorld();
    world.pods = { ready: 0, wanted: 3 };
    until(world, () => world.state === 'DataHold');
    world.pods = { ready: 3, wanted: 3 };
    world.settle();
    expect(world.state).toBe('Succeeded');
  });

  test('gives up what nobody lets it do', () => {
    const world = new RestoreWorld();
    until(world, () => stage(world) === 'made');
    for (let n = 0; n < 3700 && !world.backingOut; n += 1) world.round('lost');
    expect(world.backingOut).toBe(true);
    world.settle();
    expect([world.state, world.databases.size]).toEqual(['BackedOut', 1]);
  });

  test('holds on the way back when the server refuses, and tries again when told to', () => {
    const world = new RestoreWorld();
    until(world, () => world.state === 'Watching');
    world.order('abort');
    world.round();
    world.round('refused');
    expect(world.round()).toMatchObject({ do: 'hold', kind: 'refused' });
    world.order('resume');
    world.settle();
    expect([world.state, world.acts.at(-1)]).toEqual(['BackedOut', 'switch-back']);
  });
});

const CASES = 1000;
const at = fc.integer({ min: 0, max: 120 });
const happening = fc.oneof(
  fc.record({ at, what: fc.constant('order' as const), kind: fc.constantFrom('abort', 'pause', 'resume') }),
  fc.record({ at, what: fc.constant('kill' as const), verb: fc.constantFrom('freeze', 'back-out', null) }),
  fc.record({ at, what: fc.constant('silent' as const), is: fc.boolean() }),
  fc.record({ at, what: fc.constant('opened' as const) }),
  fc.record({ at, what: fc.constant('load' as const), to: fc.constantFrom('running', 'failed') }),
  fc.record({ at, what: fc.constant('pods' as const), ready: fc.integer({ min: 0, max: 3 }) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happen(world: RestoreWorld, one: Happening): void {
  switch (one.what) {
    case 'order':
      world.order(one.kind);
      return;
    case 'kill':
      world.freeze(one.verb);
      return;
    case 'silent':
      world.isSilent = one.is;
      return;
    case 'opened': {
      const live = world.databases.get(names.live);
      if (live?.oid === OLD) world.databases.set(names.live, { ...live, open: true });
      return;
    }
    case 'load':
      if (world.load.state === 'wanted' || world.load.state === 'running')
        world.load =
          one.to === 'running'
            ? { state: 'running', phase: 'load', isStopping: false, since: '12:00:00 UTC' }
            : { state: 'failed', why: 'The disk is full.', isFaultOfCopy: false };
      return;
    case 'pods':
      world.pods = { ready: one.ready, wanted: 3 };
  }
}

test('whatever happens: the old database is never lost, the name is always served, and it ends', () => {
  let cases = 0;
  const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'done', 'unsaid', 'lost', 'refused'), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(fc.boolean(), fc.array(happening, { maxLength: 12 }), fates, (safety, all, some) => {
      cases += 1;
      const world = new RestoreWorld(safety);
      const whole = () => {
        expect([...world.databases.values()].filter(({ oid }) => oid === OLD)).toHaveLength(1);
        expect(world.databases.has(names.live)).toBe(true);
        expect(world.faults).toEqual([]);
      };
      for (let n = 0; n <= 120 && !isTerminal(world.state); n += 1) {
        for (const one of all) if (one.at === n) happen(world, one);
        if (world.copy.state === 'wanted' && n % 3 === 0) world.copy = copied;
        if (world.load.state === 'wanted' && n % 5 === 0) world.load = { state: 'done', seconds: 1 };
        world.round(some[n % Math.max(1, some.length)]);
        whole();
      }
      // Quiet again: people let go of switches, answer holds, and the service is well.
      world.freeze(null);
      world.pods = { ready: 3, wanted: 3 };
      for (let n = 0; n < 50 && !isTerminal(world.state); n += 1) {
        world.settle(200);
        if (world.state === 'DriftHold' || world.state === 'Paused') world.order('resume');
        whole();
      }
      expect(isTerminal(world.state)).toBe(true);
      const live = world.databases.get(names.live);
      expect(live?.open).toBe(true);
      if (world.state === 'Succeeded') expect(world.databases.get(names.former)?.oid).toBe(OLD);
      if (world.state === 'BackedOut') expect(live?.oid).toBe(OLD);
    }),
    { numRuns: CASES, seed: 12 },
  );
  expect(cases).toBe(CASES);
});
