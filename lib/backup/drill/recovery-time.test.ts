import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drillPhases, type PhaseTime } from './model';
import { type Recovery, recoveryTimeOf, scaledPhases } from './recovery-time';
import { tookWords } from './words';

const day = 86_400_000;
const nowMs = Date.parse('2026-11-22T12:00:00Z');
const phases: PhaseTime[] = [
  { phase: 'fetch', seconds: 10 },
  { phase: 'create', seconds: 2 },
  { phase: 'load', seconds: 60 },
  { phase: 'index', seconds: 20 },
  { phase: 'checks', seconds: 8 },
  { phase: 'drop', seconds: 5 },
];
const given = (more: Partial<Recovery> = {}): Recovery => ({
  drill: { finishedMs: nowMs - 2 * day, bytes: 1000, phases },
  newestBytes: 1000,
  nowMs,
  objective: { seconds: 900, isOfTier: true },
  ...more,
});

describe('how long a restore takes', () => {
  test('is what the drill took, without the drop of its database', () => {
    const time = recoveryTimeOf(given());
    expect(time).toMatchObject({ state: 'within', seconds: 100, drillAt: '2026-11-20T12:00:00.000Z' });
    expect(time.phases.map(({ phase }) => phase)).toEqual(['fetch', 'create', 'load', 'index', 'checks']);
    expect(time.sentence).toBe(
      'A restore of the newest copy takes about 1 min 40 s by the drill 2 d ago; the objective is 15 min. The switch to it is not measured by a drill and comes on top.',
    );
  });

  test('grows with the bytes of the newest copy, but for the making of an empty database', () => {
    expect(recoveryTimeOf(given({ newestBytes: 3000 })).seconds).toBe(98 * 3 + 2);
    expect(recoveryTimeOf(given({ newestBytes: 10_000 }))).toMatchObject({ state: 'over', seconds: 982 });
    expect(recoveryTimeOf(given({ newestBytes: null })).seconds).toBe(100);
  });

  test.each([
    ['no drill has passed in 30 days', { drill: null }],
    [
      'the newest drill that passed is 31 d old, and counts for 30 days',
      { drill: { finishedMs: nowMs - 31 * day, bytes: 1000, phases } },
    ],
    [
      'the newest drill is of later than now, so a clock was wrong',
      { drill: { finishedMs: nowMs + 1000, bytes: 1000, phases } },
    ],
  ])('is unknown where %s', (why, more) => {
    const time = recoveryTimeOf(given(more));
    expect(time).toMatchObject({ state: 'unknown', seconds: null, phases: [], drillAt: null });
    expect(time.sentence).toContain(why);
  });

  test('counts a drill up to its thirtieth day', () => {
    const drill = { finishedMs: nowMs - 30 * day, bytes: 1000, phases };
    expect(recoveryTimeOf(given({ drill })).state).toBe('within');
    expect(recoveryTimeOf(given({ drill: { ...drill, finishedMs: drill.finishedMs - 1 } })).state).toBe(
      'unknown',
    );
  });
});

test.each([
  [0, 'under 0.1 s'],
  [0.34, '0.3 s'],
  [9.94, '9.9 s'],
  [61, '1 min 1 s'],
])('a phase of %f s took %s', (seconds, words) => expect(tookWords(seconds)).toBe(words));

test('more bytes never take less time, and a copy of the same size takes as long as the drill', () => {
  const seconds = fc.double({ min: 0, max: 1e5, noNaN: true });
  const bytes = fc.integer({ min: 1, max: 2 ** 40 });
  const all = fc.tuple(...drillPhases.map((phase) => seconds.map((value) => ({ phase, seconds: value }))));
  const sum = (times: PhaseTime[]) => times.reduce((total, one) => total + one.seconds, 0);
  let cases = 0;
  fc.assert(
    fc.property(all, bytes, bytes, bytes, (times, of, left, right) => {
      cases += 1;
      const drill = { finishedMs: 0, bytes: of, phases: times };
      const [small, large] = [Math.min(left, right), Math.max(left, right)];
      expect(sum(scaledPhases(drill, small))).toBeLessThanOrEqual(
        sum(scaledPhases(drill, large)) * (1 + 1e-9),
      );
      expect(sum(scaledPhases(drill, of))).toBeCloseTo(sum(times.filter(({ phase }) => phase !== 'drop')), 6);
    }),
    { numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});
