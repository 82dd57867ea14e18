import { describe, expect, test } from 'vitest';
import { allowedSeconds, costWords, lacksOf, type Readiness } from './ready';
import { ready } from './testing/ready';

const codes = (more: Partial<Readiness>, isDestructive = false) =>
  lacksOf(ready(more), isDestructive).map(({ code }) => code);
const minutesOld = (minutes: number) => ({
  newest: { snapshotMs: ready().nowMs - minutes * 60_000, level: 4 },
});

describe('what a migration lacks', () => {
  test('is nothing with a good copy that is young enough', () => {
    expect(codes({})).toEqual([]);
    expect(codes({}, true)).toEqual([]);
  });

  test('is a copy that was read in full', () => {
    expect(codes({ newest: null })).toEqual(['none']);
  });

  test('is a younger one, by the objective where the schedule can keep it', () => {
    const kept = { objectiveSeconds: 3600, reachSeconds: 1800 };
    expect(codes({ ...kept, ...minutesOld(60) })).toEqual([]);
    expect(codes({ ...kept, ...minutesOld(61) })).toEqual(['age']);
    expect(lacksOf(ready({ ...kept, ...minutesOld(61) }), false)[0]?.sentence).toBe(
      'The newest good copy is 1 h 1 min old, more than the objective of 1 h.',
    );
  });

  test('is measured by what the schedule can reach where that is more, and both are said (X-20)', () => {
    const beyond = { objectiveSeconds: 60, reachSeconds: 1800 };
    expect(allowedSeconds(ready(beyond))).toBe(1800);
    expect(codes({ ...beyond, ...minutesOld(30) })).toEqual([]);
    expect(lacksOf(ready({ ...beyond, ...minutesOld(31) }), false)).toEqual([
      {
        code: 'age',
        sentence:
          'The newest good copy is 31 min old, more than the 30 min that its schedule can keep (the objective of 1 min is out of its reach).',
      },
    ]);
  });

  test('is known of no copy that is of later than now', () => {
    expect(codes(minutesOld(-1))).toEqual(['ahead']);
  });

  test('without a schedule the objective alone counts', () => {
    expect(codes({ objectiveSeconds: 300, reachSeconds: null, ...minutesOld(6) })).toEqual(['age']);
  });
});

describe('a destructive one lacks besides', () => {
  const day = 86_400_000;
  test.each([
    [
      'a restore of the last 7 days',
      { isProven: false, provenMs: ready().nowMs - 8 * day },
      'proof',
      /last time was 8 d ago/,
    ],
    ['a restore at all', { isProven: false, provenMs: null }, 'proof', /No good copy was restored/],
    [
      'a scratch server',
      { isProven: false, provenMs: null, hasScratch: false },
      'proof',
      /no scratch server/,
    ],
    [
      'a drill that passed',
      { failedDrill: 'The file is gone.' },
      'drill',
      /The last drill failed: The file is gone\./,
    ],
  ] as const)('%s', (_, more, code, says) => {
    expect(codes(more)).toEqual([]);
    expect(codes(more, true)).toEqual([code]);
    expect(lacksOf(ready(more), true)[0]?.sentence).toMatch(says);
  });
});

describe('what a restore costs', () => {
  test('is what was written since, and how long it takes (RBK-07)', () => {
    expect(costWords(ready())).toBe(
      'Restoring the newest copy (L4) loses what was written since 11:26 UTC: RPO now 34 min. RTO about 4 min by the last drill, without the switch.',
    );
  });

  test('names the day where it was not today', () => {
    expect(costWords(ready(minutesOld(24 * 60)))).toContain('since 2026-11-21 12:00 UTC: RPO now 1 d.');
  });

  test('is unknown without copies and drills, never nothing', () => {
    const { recoveryTime } = ready();
    const unknown = { ...recoveryTime, state: 'unknown' as const, seconds: null };
    expect(costWords(ready({ newest: null, recoveryTime: unknown }))).toBe(
      'RPO now: unknown. RTO: unknown, no drill has passed in 30 days.',
    );
    expect(costWords(ready({ recoveryTime: { ...recoveryTime, state: 'over' } }))).toContain(
      'longer than its objective',
    );
  });
});
