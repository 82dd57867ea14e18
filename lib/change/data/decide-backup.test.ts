import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandFact } from '../facts';
import { type ChangeState, isTerminal, mayMove } from '../model';
import type { Kill } from '../switch/model';
import { decideBackup } from './decide-backup';
import type { BackupFacts, BackupMove, CopyFact } from './facts';

const command: CommandFact = { id: 'x', actorName: 'Ella', reason: 'because' };
const none = { abort: null, pause: null, resume: null };
const kept: Extract<CopyFact, { state: 'kept' }> = {
  state: 'kept',
  level: 0,
  spoilt: null,
  unknown: null,
  isLookedAt: false,
  server: '7',
};
const base: BackupFacts = {
  nowMs: 1_000_000,
  state: 'Running',
  stateSinceMs: 990_000,
  holdSinceMs: null,
  backingOut: false,
  kill: null,
  commands: none,
  maxHoldSeconds: 3600,
  name: 'Shop',
  level: 4,
  server: '7',
  copy: { state: 'none' },
};
const kill = (verb: Kill['verb']): Kill => ({
  id: 'k',
  verb,
  sentence: `${verb} everywhere, by Ella: stop.`,
  by: { id: 'u', name: 'Ella', email: 'ella@example.com' },
});
const brief = (move: BackupMove): string => ('state' in move ? `${move.do} ${move.state}` : move.do);
const running: Extract<CopyFact, { state: 'running' }> = {
  state: 'running',
  isStopping: false,
  since: '03:00:00 UTC',
};
const wanted: CopyFact = { state: 'wanted', behind: false };
const long = { stateSinceMs: 990_000 - 3_700_000 };

describe('one step after the other', () => {
  test.each<[string, Partial<BackupFacts>, string]>([
    ['nothing yet', {}, 'want'],
    ['it is wanted', { copy: wanted }, 'wait'],
    ['nobody begins it', { copy: wanted, ...long }, 'back-out'],
    ['it is made, however long', { copy: running, ...long }, 'wait'],
    ['it failed', { copy: { state: 'failed', why: 'no space.' } }, 'end Failed'],
    ['it is kept', { copy: kept }, 'go Watching'],
    ['it is proven in part', { state: 'Watching', copy: { ...kept, level: 2 } }, 'wait'],
    ['it is proven', { state: 'Watching', copy: { ...kept, level: 4 } }, 'end Succeeded'],
    ['it is proven at once', { copy: { ...kept, level: 4 } }, 'go Watching'],
    [
      'L3 is enough without a scratch server',
      { state: 'Watching', level: 3, copy: { ...kept, level: 3 } },
      'end Succeeded',
    ],
    ['a look failed', { state: 'Watching', copy: { ...kept, spoilt: 'Bytes differ.' } }, 'end Failed'],
    [
      'a look found nothing out',
      { state: 'Watching', copy: { ...kept, unknown: 'No answer.' } },
      'hold DataHold',
    ],
    ['still nothing', { state: 'DataHold', copy: { ...kept, unknown: 'No answer.' } }, 'wait'],
    [
      'never anything',
      { state: 'DataHold', ...long, copy: { ...kept, unknown: 'No answer.' } },
      'end Failed',
    ],
    ['a verdict again', { state: 'DataHold', copy: { ...kept, level: 4 } }, 'go Watching'],
    ['nobody looks', { state: 'Watching', ...long, copy: { ...kept, level: 1 } }, 'end Failed'],
    ['a long look', { state: 'Watching', ...long, copy: { ...kept, isLookedAt: true } }, 'wait'],
    ['it leaves', { state: 'Watching', copy: { state: 'leaving' } }, 'end Failed'],
    ['it is of another server', { copy: { ...kept, server: '8' } }, 'end Failed'],
    ['which server is not known', { copy: { ...kept, server: null } }, 'go Watching'],
    ['its row is gone', { state: 'Watching' }, 'end Failed'],
  ])('%s', (_, facts, expected) => {
    expect(brief(decideBackup({ ...base, ...facts }))).toBe(expected);
  });
});

describe('people and switches', () => {
  const abort = { ...none, abort: command };
  const pause = { ...none, pause: command };
  const back = { backingOut: true };
  test.each<[string, Partial<BackupFacts>, string]>([
    ['an abort', { commands: abort, copy: running }, 'back-out'],
    ['back: nothing was begun', back, 'end BackedOut'],
    ['back: it is wanted', { ...back, copy: wanted }, 'withdraw'],
    ['back: it is made', { ...back, copy: running }, 'stop'],
    ['back: it was told', { ...back, copy: { ...running, isStopping: true } }, 'wait'],
    ['back: it ended', { ...back, copy: { state: 'failed', why: 'Stopped.' } }, 'end BackedOut'],
    ['back: it was kept before', { ...back, copy: kept }, 'end BackedOut'],
    ['a pause before', { commands: pause, copy: wanted }, 'hold Paused'],
    ['a pause of what has begun', { commands: pause, copy: running }, 'refuse'],
    ['a pause of what is paused', { state: 'Paused', commands: pause, copy: wanted }, 'refuse'],
    ['paused', { state: 'Paused', copy: wanted }, 'wait'],
    ['paused for ever', { state: 'Paused', ...long, copy: wanted }, 'back-out'],
    ['paused a moment late', { state: 'Paused', copy: running }, 'go Running'],
    ['resumed', { state: 'Paused', copy: wanted, commands: { ...none, resume: command } }, 'go Running'],
    ['frozen', { kill: kill('freeze'), copy: wanted }, 'hold Frozen'],
    ['frozen over an abort', { kill: kill('freeze'), commands: abort, state: 'Frozen' }, 'wait'],
    ['thawed', { state: 'Frozen', copy: wanted }, 'thaw'],
    ['BACK OUT', { kill: kill('back-out'), copy: running }, 'back-out'],
  ])('%s', (_, facts, expected) => {
    expect(brief(decideBackup({ ...base, ...facts }))).toBe(expected);
  });
});

/** A change with its copy, moved on by the decisions and by what may happen beside them. */
type Sim = { facts: BackupFacts; rows: number; wantedAfterAbort: boolean };
const events = [
  'begin',
  'keep',
  'fail',
  'pass',
  'spoil',
  'unknown',
  'abort',
  'pause',
  'resume',
  'freeze',
  'thaw',
  'hour',
] as const;

function happen({ facts }: Sim, event: (typeof events)[number]): Partial<BackupFacts> {
  const { copy, commands, state } = facts;
  const on = (only: CopyFact['state'], next: CopyFact) => (copy.state === only ? { copy: next } : {});
  const isFree = state === 'Running' && !facts.backingOut && facts.kill === null && commands.abort === null;
  switch (event) {
    case 'begin':
      return isFree && commands.pause === null ? on('wanted', running) : {};
    case 'keep':
      return on('running', kept);
    case 'fail':
      return on('running', { state: 'failed', why: 'It broke off.' });
    case 'pass':
      return copy.state === 'kept'
        ? { copy: { ...copy, unknown: null, level: Math.min(4, (copy.level ?? -1) + 1) } }
        : {};
    case 'spoil':
      return copy.state === 'kept' ? { copy: { ...copy, spoilt: 'Bytes differ.' } } : {};
    case 'unknown':
      return copy.state === 'kept' ? { copy: { ...copy, unknown: 'No answer.' } } : {};
    case 'abort':
    case 'pause':
    case 'resume':
      return { commands: { ...commands, [event]: command } };
    case 'freeze':
      return { kill: kill('freeze') };
    case 'thaw':
      return { kill: null };
    case 'hour':
      return { nowMs: facts.nowMs + 3_700_000 };
  }
}

/** What the engine writes down of a move. */
function apply(sim: Sim, move: BackupMove, before: ChangeState): Sim {
  const { facts } = sim;
  const set = (more: Partial<BackupFacts>): Sim => ({ ...sim, facts: { ...facts, ...more } });
  const to = (state: ChangeState, more: Partial<BackupFacts> = {}): Sim => {
    expect(mayMove(facts.state, state)).toBe(true);
    return set({ state, stateSinceMs: facts.nowMs, holdSinceMs: null, ...more });
  };
  const done = (one: CommandFact | null): Partial<BackupFacts> => {
    if (one === null) return {};
    const left = move.do === 'refuse' || move.do === 'go' || move.do === 'hold' ? facts.commands.abort : null;
    return { commands: { ...none, abort: left } };
  };
  switch (move.do) {
    case 'wait':
      return set({ nowMs: facts.nowMs + 1000 });
    case 'want':
      return {
        ...set({ copy: wanted }),
        rows: sim.rows + 1,
        wantedAfterAbort: sim.wantedAfterAbort || facts.backingOut || facts.commands.abort !== null,
      };
    case 'withdraw':
      return set({ copy: { state: 'none' } });
    case 'stop':
      return set({ copy: { ...running, isStopping: true } });
    case 'hold':
      return to(move.state, { ...done(move.command), holdSinceMs: facts.nowMs });
    case 'go':
      return to(move.state, done(move.command));
    case 'thaw':
      return to(before);
    case 'back-out':
      return set({ state: 'Running', stateSinceMs: facts.nowMs, backingOut: true, commands: none });
    case 'refuse':
      return set(done(move.command));
    case 'end':
      return to(move.state);
  }
}

test('whatever happens: one copy at most, none after an abort, and an end that is known', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (happening) => {
      cases += 1;
      let sim: Sim = { facts: base, rows: 0, wantedAfterAbort: false };
      let before: ChangeState = 'Running';
      const round = () => {
        const move = decideBackup(sim.facts);
        if (move.do === 'hold' && move.state === 'Frozen') before = sim.facts.state;
        sim = apply(sim, move, before);
      };
      for (const event of happening) {
        if (isTerminal(sim.facts.state)) break;
        sim = { ...sim, facts: { ...sim.facts, ...happen(sim, event) } };
        round();
      }
      // From here on workers do their part, and time passes.
      for (let left = 60; left > 0 && !isTerminal(sim.facts.state); left -= 1) {
        const { copy } = sim.facts;
        const isStopped = copy.state === 'running' && copy.isStopping;
        const next: Partial<Record<CopyFact['state'], (typeof events)[number]>> = {
          none: 'hour',
          wanted: 'begin',
          running: isStopped ? 'fail' : 'keep',
        };
        const event = next[copy.state] ?? 'pass';
        const eased = {
          ...sim.facts,
          ...happen({ ...sim, facts: { ...sim.facts, kill: null } }, event),
          kill: null,
        };
        sim = { ...sim, facts: { ...eased, nowMs: eased.nowMs + 400_000 } };
        round();
      }
      const { state, copy } = sim.facts;
      expect(['Succeeded', 'BackedOut', 'Failed']).toContain(state);
      expect(sim.rows).toBeLessThanOrEqual(1);
      expect(sim.wantedAfterAbort).toBe(false);
      if (state === 'Succeeded') expect(copy).toMatchObject({ state: 'kept', level: 4, spoilt: null });
      if (state === 'BackedOut') expect(['none', 'failed', 'kept', 'leaving']).toContain(copy.state);
    }),
    { numRuns: 2000 },
  );
  expect(cases).toBe(2000);
});
