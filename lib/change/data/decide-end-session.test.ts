import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandFact } from '../facts';
import { type ChangeState, isTerminal, mayMove } from '../model';
import { decideEndSession } from './decide-end-session';
import type { EndSessionFacts, EndSessionMove } from './facts';

const command: CommandFact = { id: 'x', actorName: 'Ella', reason: 'because' };
const none = { abort: null, pause: null, resume: null };
const base: EndSessionFacts = {
  nowMs: 1_000_000,
  state: 'Running',
  stateSinceMs: 990_000,
  holdSinceMs: null,
  backingOut: false,
  kill: null,
  commands: none,
  maxHoldSeconds: 3600,
  name: 'Session 4711 of app',
  seen: 'there',
  sent: false,
  open: false,
  givenUp: false,
  refused: null,
  goneWithinSeconds: 300,
};
const brief = (move: EndSessionMove): string =>
  move.do === 'recover' ? `recover ${move.as}` : 'state' in move ? `${move.do} ${move.state}` : move.do;
const long = { stateSinceMs: 990_000 - 3_700_000 };
const watching = { state: 'Watching', sent: true } as const;

describe('one thing after the other', () => {
  test.each<[string, Partial<EndSessionFacts>, string]>([
    ['it is there', {}, 'send'],
    ['it is gone before anything was sent', { seen: 'gone' }, 'go Watching'],
    ['gone by itself', { state: 'Watching', seen: 'gone' }, 'end Succeeded'],
    ['its start is hidden', { seen: 'hidden' }, 'end Failed'],
    ['the database is silent', { seen: 'silent' }, 'wait'],
    ['the database stays silent', { seen: 'silent', ...long }, 'back-out'],
    ['the server refused', { refused: 'No right.' }, 'end Failed'],
    ['it was told', { sent: true }, 'go Watching'],
    ['told and gone', { ...watching, seen: 'gone' }, 'end Succeeded'],
    ['told and still there', watching, 'wait'],
    ['told and still there for long', { ...watching, stateSinceMs: 600_000 }, 'end Failed'],
    ['told, and then silence', { ...watching, seen: 'silent' }, 'wait'],
    ['told, and silence for ever', { ...watching, seen: 'silent', ...long }, 'end Failed'],
    ['an order without an end, and it is gone', { open: true, seen: 'gone' }, 'recover adopted'],
    ['an order without an end, and it is there', { open: true }, 'recover again'],
    ['the same, and somebody aborted', { open: true, backingOut: true }, 'recover given-up'],
    ['the same, and silence', { open: true, seen: 'silent' }, 'wait'],
    ['the same, and silence for ever', { open: true, seen: 'silent', ...long }, 'end Failed'],
    ['the same, and its start is hidden', { open: true, seen: 'hidden' }, 'end Failed'],
    ['aborted', { commands: { ...none, abort: command } }, 'back-out'],
    ['back, nothing sent', { backingOut: true }, 'end BackedOut'],
    ['a pause', { commands: { ...none, pause: command } }, 'hold Paused'],
    ['a pause too late', { sent: true, commands: { ...none, pause: command } }, 'refuse'],
  ])('%s', (_, facts, expected) => {
    expect(brief(decideEndSession({ ...base, ...facts }))).toBe(expected);
  });

  test('what is told at the end is what was done', () => {
    const by = (facts: Partial<EndSessionFacts>) => decideEndSession({ ...base, ...facts }).sentence;
    expect(by({ state: 'Watching', seen: 'gone' })).toMatch(/by itself\. Nothing was sent/);
    expect(by({ ...watching, seen: 'gone' })).toMatch(/rolled back/);
    expect(by({ backingOut: true, sent: true })).toMatch(/cannot be taken back/);
    expect(by({ backingOut: true, givenUp: true })).toMatch(/was not sent again/);
  });
});

const events = [
  'ends',
  'hides',
  'silence',
  'speaks',
  'abort',
  'pause',
  'resume',
  'lost',
  'refuse',
  'hour',
] as const;
type Sim = {
  facts: EndSessionFacts;
  isThere: boolean;
  orders: number;
  afterAbort: boolean;
  loses: boolean;
  refuses: boolean;
};

test('whatever happens: never an order after an abort, none for a session that was seen to be gone, and an end', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (happening) => {
      cases += 1;
      const sim: Sim = {
        facts: base,
        isThere: true,
        orders: 0,
        afterAbort: false,
        loses: false,
        refuses: false,
      };
      let isSilent = false;
      const look = (): EndSessionFacts['seen'] => (isSilent ? 'silent' : sim.isThere ? 'there' : 'gone');
      const order = (facts: EndSessionFacts): Partial<EndSessionFacts> => {
        expect(facts.seen).toBe('there');
        sim.orders += 1;
        sim.afterAbort ||= facts.backingOut || facts.commands.abort !== null;
        if (sim.refuses) return { refused: 'No right.', open: false };
        sim.isThere = false;
        if (!sim.loses) return { sent: true, open: false };
        sim.loses = false;
        return { open: true };
      };
      const round = () => {
        const facts: EndSessionFacts = { ...sim.facts, seen: look() };
        const move = decideEndSession(facts);
        const set = (more: Partial<EndSessionFacts>) => {
          sim.facts = { ...facts, ...more };
        };
        const to = (state: ChangeState, more: Partial<EndSessionFacts> = {}) => {
          expect(mayMove(facts.state, state)).toBe(true);
          set({ state, stateSinceMs: facts.nowMs, holdSinceMs: null, ...more });
        };
        const settled = { ...none, abort: facts.commands.abort };
        switch (move.do) {
          case 'wait':
            return set({ nowMs: facts.nowMs + 1000 });
          case 'send':
            return set(order(facts));
          case 'recover':
            if (move.as === 'again') return set(order(facts));
            return set(move.as === 'adopted' ? { open: false, sent: true } : { open: false, givenUp: true });
          case 'hold':
            return to(move.state, { commands: settled, holdSinceMs: facts.nowMs });
          case 'go':
            return to(move.state, move.command === null ? {} : { commands: settled });
          case 'back-out':
            return set({ state: 'Running', stateSinceMs: facts.nowMs, backingOut: true, commands: none });
          case 'refuse':
            return set({ commands: settled });
          case 'end':
            return to(move.state);
          case 'thaw':
            throw new Error('Nothing was frozen.');
        }
      };
      for (const event of happening) {
        if (isTerminal(sim.facts.state)) break;
        if (event === 'ends') sim.isThere = false;
        if (event === 'silence') isSilent = true;
        if (event === 'speaks') isSilent = false;
        if (event === 'lost') sim.loses = true;
        if (event === 'refuse') sim.refuses = true;
        if (event === 'hour') sim.facts.nowMs += 3_700_000;
        if (event === 'abort' || event === 'pause' || event === 'resume')
          sim.facts = { ...sim.facts, commands: { ...sim.facts.commands, [event]: command } };
        round();
      }
      isSilent = false;
      for (let left = 40; left > 0 && !isTerminal(sim.facts.state); left -= 1) {
        sim.facts = { ...sim.facts, nowMs: sim.facts.nowMs + 200_000 };
        round();
      }
      expect(['Succeeded', 'BackedOut', 'Failed']).toContain(sim.facts.state);
      expect(sim.afterAbort).toBe(false);
      if (!sim.refuses) expect(sim.orders).toBeLessThanOrEqual(1);
      if (sim.facts.state === 'Succeeded') expect(sim.isThere).toBe(false);
    }),
    { numRuns: 2000 },
  );
  expect(cases).toBe(2000);
});
