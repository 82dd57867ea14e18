import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from './decide';
import type { ActVerb, Facts, Move } from './facts';
import { type ChangeState, isTerminal, mayMove, verdicts } from './model';
import { isComplete, type Live } from './rollout';
import { base, baseLive, command, complete } from './testing/facts';

const RUNS = 500;

/** What the world shows in one round; the rest of the facts follows from what the machine did. */
const anyRound = fc.record({
  seconds: fc.integer({ min: 1, max: 120 }),
  silent: fc.integer({ min: 0, max: 9 }),
  progress: fc.integer({ min: 0, max: 3 }),
  verdict: fc.constantFrom(...verdicts, null),
  stranger: fc.integer({ min: 0, max: 30 }),
  command: fc.constantFrom('abort', 'pause', 'resume', null, null, null, null, null),
});
type Round = typeof anyRound extends fc.Arbitrary<infer T> ? T : never;

/** Plays the engine over a world: acts succeed at once, moves are followed only along legal arrows. */
function play(rounds: Round[], undoIsKnownGood = true, judges = true) {
  let facts: Facts = {
    ...base,
    what: { ...base.what, undoIsKnownGood },
    judges,
    state: 'Running',
    lastVerb: null,
    written: false,
    expected: { template: 'before', paused: false, replicas: 3 },
  };
  let world = { template: 'before', paused: false, ready: 3 };
  const acts: { verb: ActVerb; backingOut: boolean }[] = [];
  const states = new Set<ChangeState>();
  let advancedBy: string | null = null;
  for (const round of rounds) {
    if (isTerminal(facts.state)) break;
    const nowMs = facts.nowMs + round.seconds * 1000;
    if (round.stranger === 0) world = { ...world, template: 'stranger' };
    if (round.stranger === 1)
      world = { ...world, template: facts.expected.template, paused: facts.expected.paused };
    if (!world.paused) world = { ...world, ready: Math.max(world.ready, round.progress) };
    const measured = judges && facts.lastVerb !== null && !facts.backingOut && round.verdict !== null;
    const latest =
      measured && round.verdict ? { verdict: round.verdict, atMs: nowMs, detail: '' } : facts.guard.latest;
    const verdictNow = latest?.atMs === nowMs && (latest.verdict === 'PASS' || latest.verdict === 'FAIL');
    const commands = { ...facts.commands, ...(round.command === null ? {} : { [round.command]: command }) };
    facts = {
      ...facts,
      nowMs,
      commands,
      live: round.silent === 0 ? null : liveOf(world),
      guard: { latest, lastVerdictAtMs: verdictNow ? nowMs : facts.guard.lastVerdictAtMs },
      firstReadyAtMs: facts.firstReadyAtMs ?? (facts.lastVerb !== null && world.ready > 0 ? nowMs : null),
      progressAtMs: nowMs,
    };
    const move = decide(facts);
    if (move.do === 'act') {
      acts.push({ verb: move.verb, backingOut: facts.backingOut });
      world = actOn(world, move.verb);
      facts = {
        ...facts,
        lastVerb: move.verb,
        written: facts.written || move.verb === 'apply',
        expected: { template: world.template, paused: world.paused, replicas: 3 },
      };
    } else if (move.do !== 'wait') {
      if (move.do === 'end' && move.state === 'Succeeded') advancedBy = facts.guard.latest?.verdict ?? null;
      facts = moveOn(facts, move);
      states.add(facts.state);
    }
  }
  return { facts, acts, advancedBy, world, states };
}

function liveOf(world: { template: string; paused: boolean; ready: number }): Live {
  const done = world.ready >= 3;
  return { ...(done ? complete : baseLive), template: world.template, paused: world.paused };
}

function actOn(world: { template: string; paused: boolean; ready: number }, verb: ActVerb) {
  switch (verb) {
    case 'apply':
      return { template: 'target', paused: world.paused, ready: 0 };
    case 'restore':
      return { template: 'before', paused: false, ready: 0 };
    default:
      return { ...world, paused: verb === 'pause' };
  }
}

function moveOn(facts: Facts, move: Exclude<Move, { do: 'act' } | { do: 'wait' }>): Facts {
  const commands =
    'command' in move && move.command !== null
      ? { ...facts.commands, ...(move.do === 'refuse' ? { pause: null, resume: null, abort: null } : {}) }
      : facts.commands;
  if (move.do === 'refuse') return { ...facts, commands };
  const to: ChangeState = move.do === 'back-out' || move.do === 'thaw' ? 'Running' : move.state;
  if (to !== facts.state) expect(mayMove(facts.state, to), `${facts.state} to ${to}`).toBe(true);
  return {
    ...facts,
    state: to,
    stateSinceMs: facts.nowMs,
    holdSinceMs: move.do === 'hold' ? facts.nowMs : null,
    backingOut: facts.backingOut || move.do === 'back-out',
    orderedBack: facts.orderedBack || (move.do === 'back-out' && move.cause === 'abort'),
    watchUntilMs: to === 'Watching' ? facts.nowMs + 60_000 : facts.watchUntilMs,
    commands: move.do === 'end' ? commands : { abort: null, pause: null, resume: null },
  };
}

test('whatever is seen, it succeeds only by a pass, goes only back after an abort, and writes the version once', () => {
  let runs = 0;
  fc.assert(
    fc.property(fc.array(anyRound, { minLength: 10, maxLength: 80 }), fc.boolean(), (rounds, known) => {
      runs += 1;
      const { facts, acts, advancedBy } = play(rounds, known);
      // Where there is nothing good to go back to, only a person orders it.
      if (facts.backingOut && !known) expect(facts.orderedBack).toBe(true);
      if (facts.state === 'Succeeded') expect(advancedBy).toBe('PASS');
      for (const { verb, backingOut } of acts) if (backingOut) expect(verb).toBe('restore');
      expect(acts.filter(({ verb }) => verb === 'apply').length).toBeLessThanOrEqual(1);
      if (facts.state === 'BackedOut') expect(facts.expected.template).toBe('before');
    }),
    { numRuns: RUNS },
  );
  expect(runs).toBe(RUNS);
});

test('what takes no requests waits for no verdict: only its pods and people stop it', () => {
  let runs = 0;
  let succeeded = 0;
  fc.assert(
    fc.property(fc.array(anyRound, { minLength: 10, maxLength: 80 }), (rounds) => {
      runs += 1;
      const told = rounds.some(({ command: one }) => one !== null);
      const { facts, acts, states } = play(rounds, true, false);
      expect(states.has('DataHold')).toBe(false);
      if (!told) expect(acts.map(({ verb }) => verb)).not.toContain('pause');
      expect(acts.filter(({ verb }) => verb === 'apply').length).toBeLessThanOrEqual(1);
      if (facts.state === 'Succeeded') {
        succeeded += 1;
        expect(states.has('Watching')).toBe(true);
        expect(isComplete(facts.live ?? baseLive)).toBe(true);
      }
    }),
    { numRuns: RUNS },
  );
  expect(runs).toBe(RUNS);
  expect(succeeded).toBeGreaterThan(0);
});

test('from anywhere it ends within bounded time when nobody interferes and nothing is known', () => {
  let runs = 0;
  fc.assert(
    fc.property(
      fc.array(anyRound, { maxLength: 30 }),
      fc.constantFrom('NODATA', 'ERROR', 'PASS', 'FAIL'),
      fc.boolean(),
      fc.boolean(),
      (rounds, verdict, known, judges) => {
        runs += 1;
        const calm: Round = { seconds: 60, silent: 1, progress: 3, verdict, stranger: 9, command: null };
        const { facts } = play([...rounds, ...Array.from({ length: 200 }, () => calm)], known, judges);
        expect(isTerminal(facts.state), facts.state).toBe(true);
      },
    ),
    { numRuns: RUNS },
  );
  expect(runs).toBe(RUNS);
});
