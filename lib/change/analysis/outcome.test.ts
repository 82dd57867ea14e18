import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Verdict, verdicts } from '../model';
import type { Measurement } from './model';
import { type Hold, outcomeOf, requestsSince } from './outcome';
import { analysis } from './testing/analysis';

const sinceMs = 1_000_000;
const settledMs = sinceMs + analysis.settleSeconds * 1000;
const everyMs = analysis.intervalSeconds * 1000;

/** One measurement each interval, from the first that counts: `P`, `F`, `N`, `E`; a dot is one that was not taken. */
function taken(letters: string): Measurement[] {
  return [...letters].flatMap((letter, index) => {
    const verdict = verdicts.find((one) => one.startsWith(letter));
    if (verdict === undefined) return [];
    return [{ verdict, atMs: settledMs + index * everyMs, total: 100, detail: `${verdict} ${index + 1}.` }];
  });
}

const hold = (letters: string, more: Partial<Hold> = {}): Hold => ({
  sinceMs,
  steeredMs: sinceMs,
  nowMs: settledMs + Math.max(0, letters.length - 1) * everyMs,
  seconds: 120,
  minRequests: 300,
  requests: 1000,
  ...more,
});
const outcome = (letters: string, more: Partial<Hold> = {}) =>
  outcomeOf(taken(letters), analysis, hold(letters, more));

describe('the outcome of a hold', () => {
  test.each([
    ['fails on the 3rd in a row', 'FFF', 'fail'],
    ['not on the 2nd', 'FF', 'wait'],
    ['not when a pass comes between', 'FFPF', 'wait'],
    ['fails on the 4th in all', 'FPFPFPF', 'fail'],
    ['not on the 3rd in all', 'FPFPFPP', 'pass'],
    ['a window without a verdict does not break the row', 'FNFEF', 'fail'],
    ['once failed, always failed', 'FFFPPPPPP', 'fail'],
    ['a failure comes before being blind', 'FFFEEE', 'fail'],
    ['unclear on the 3rd error in a row', 'PPPEEE', 'unclear'],
    ['not on the 2nd', 'PPPEE', 'wait'],
    ['not when a verdict comes between', 'PPPEEPEE', 'wait'],
    ['errors are counted over windows without data', 'PPPENENE', 'unclear'],
    ['unclear on the 6th without data', 'PPPNNNNNN', 'unclear'],
    ['not on the 5th', 'PPPNNNNN', 'wait'],
    ['clear again with the next verdict', 'PPPEEEEP', 'pass'],
    ['passes with enough time, requests and a new pass', 'PPP', 'pass'],
    ['not with a failure as the latest', 'PPPPF', 'wait'],
    ['not without data as the latest', 'PPPPN', 'wait'],
    ['nothing measured is never a pass', '', 'wait'],
  ])('%s: %s', (_, letters, kind) => {
    expect(outcome(letters).kind).toBe(kind);
  });

  test('the 4th in all is 4 whatever order they come in', () => {
    expect(outcome('FFPFF').detail).toBe('Failed 4 times in all: FAIL 5.');
    expect(outcome('FFF').detail).toBe('Failed 3 times in a row: FAIL 3.');
  });

  test.each([
    ['no requests counted', { requests: null }, 'The requests of this hold are not counted. PASS 9.'],
    ['one request too few', { requests: 299 }, '299 requests of 300 that the hold needs. PASS 9.'],
    ['one second too few', { seconds: 301 }, '5 min of 5 min 1 s are told of. PASS 9.'],
  ])('%s is no pass', (_, more, detail) => {
    expect(outcome('PPPPPPPPP', more)).toMatchObject({ kind: 'wait', detail });
  });

  test('exactly enough of everything is a pass, and says of what', () => {
    expect(outcome('PPPPPPPPP', { requests: 300, seconds: 300 })).toEqual({
      kind: 'pass',
      goodSeconds: 300,
      detail: '5 min of figures, 300 requests; PASS 9.',
    });
  });

  test('an old pass is none', () => {
    const at = (afterMs: number) => outcome('PPPPP', { nowMs: settledMs + 4 * everyMs + afterMs }).kind;
    expect([at(2 * everyMs), at(2 * everyMs + 1)]).toEqual(['pass', 'wait']);
  });

  test('what was measured before the settle time is over does not count', () => {
    const early = taken('FFFFF').map((one) => ({ ...one, atMs: one.atMs - 5 * everyMs }));
    const at = { ...hold('P'), nowMs: settledMs - 1 };
    expect(outcomeOf(early, analysis, at)).toEqual({
      kind: 'wait',
      goodSeconds: 0,
      detail: 'The figures settle for another 1 s.',
    });
  });

  test('figures settle from the moment at which the requests were steered, whatever their proof takes', () => {
    const early = taken('FFF').map((one) => ({ ...one, atMs: one.atMs - analysis.settleSeconds * 1000 }));
    const at = (steeredMs: number) =>
      outcomeOf(early, analysis, { ...hold('FFF'), steeredMs, nowMs: sinceMs + 2 * everyMs }).kind;
    expect([at(sinceMs - analysis.settleSeconds * 1000), at(sinceMs)]).toEqual(['fail', 'wait']);
  });

  test('what was measured before the hold began ends none', () => {
    const before = taken('PPPPPPP').map((one) => ({
      ...one,
      atMs: sinceMs - 7 * everyMs + (one.atMs - settledMs),
    }));
    const early = { ...hold('P'), steeredMs: sinceMs - 10 * analysis.settleSeconds * 1000, nowMs: sinceMs };
    expect(outcomeOf(before, analysis, early)).toMatchObject({ kind: 'wait', goodSeconds: 0 });
  });

  test('time without figures does not count', () => {
    const steady = outcome('PPPPPPPPPPP').goodSeconds;
    const gap = outcome('PPP.....PPP').goodSeconds;
    const blind = outcome('PPPEENNNPPP').goodSeconds;
    // Windows are of a minute, so each look tells of a minute before it.
    expect([steady, gap, blind]).toEqual([360, 60 + 60 + 60 + 60, 60 + 60 + 60 + 60]);
  });

  test('without a verdict for longer than the grace it is unclear', () => {
    const at = (afterMs: number) => outcomeOf([], analysis, { ...hold('P'), nowMs: settledMs + afterMs });
    expect(at(analysis.graceSeconds * 1000)).toMatchObject({
      kind: 'wait',
      detail: 'The first measurement is due.',
    });
    expect(at(analysis.graceSeconds * 1000 + 1)).toMatchObject({
      kind: 'unclear',
      detail: 'No verdict for 10 min.',
    });
  });
});

describe('the requests of a hold', () => {
  const at = (seconds: number, total: number | null) => ({ atMs: sinceMs + seconds * 1000, total });
  test.each([
    ['none measured', [], null],
    ['a window that reaches behind its beginning', [at(59, 500)], null],
    ['a window from its beginning on', [at(60, 500)], 500],
    ['windows that overlap are one', [at(60, 500), at(90, 600), at(119, 700)], 500],
    ['windows after one another add up', [at(60, 500), at(90, 600), at(120, 700)], 1200],
    [
      'what could not be counted is passed over',
      [at(60, null), at(90, 600), at(140, 700), at(150, 800)],
      1400,
    ],
  ])('%s', (_, measurements, requests) => {
    expect(requestsSince(measurements, 60, sinceMs)).toBe(requests);
  });
});

describe('properties', () => {
  const anyTaken = fc
    .array(
      fc.record({
        verdict: fc.constantFrom<Verdict[]>('PASS', 'PASS', 'PASS', 'PASS', 'FAIL', 'NODATA', 'ERROR'),
        afterMs: fc.integer({ min: -90_000, max: 600_000 }),
      }),
      { maxLength: 25 },
    )
    .map((list) =>
      list.map(({ verdict, afterMs }) => ({ verdict, atMs: sinceMs + afterMs, total: 100, detail: '.' })),
    );
  const anyHold = fc.record({
    sinceMs: fc.constant(sinceMs),
    steeredMs: fc.integer({ min: sinceMs - 2000 * analysis.settleSeconds, max: sinceMs }),
    nowMs: fc.integer({ min: sinceMs, max: settledMs + 700_000 }),
    seconds: fc.integer({ min: 0, max: 300 }),
    minRequests: fc.integer({ min: 1, max: 400 }),
    requests: fc.option(fc.integer({ min: 0, max: 2000 }), { freq: 10 }),
  });
  const settings = { seed: 46, numRuns: 5000 };

  test('never a pass without evidence', () => {
    let passes = 0;
    fc.assert(
      fc.property(anyTaken, anyHold, (measurements, given) => {
        const { kind, goodSeconds } = outcomeOf(measurements, analysis, given);
        expect(goodSeconds).toBeLessThanOrEqual((given.nowMs - given.sinceMs) / 1000);
        if (kind !== 'pass') return;
        passes += 1;
        const from = Math.max(sinceMs, given.steeredMs + analysis.settleSeconds * 1000);
        const counted = measurements.filter(({ atMs }) => atMs >= from && atMs <= given.nowMs);
        const latest = Math.max(...counted.map(({ atMs }) => atMs));
        expect(counted.some(({ verdict, atMs }) => verdict === 'PASS' && atMs === latest)).toBe(true);
        expect(given.nowMs - latest).toBeLessThanOrEqual(2 * everyMs);
        expect(goodSeconds).toBeGreaterThanOrEqual(given.seconds);
        expect(given.requests).toBeGreaterThanOrEqual(given.minRequests);
        expect(counted.filter(({ verdict }) => verdict === 'FAIL').length).toBeLessThan(analysis.failsInAll);
      }),
      settings,
    );
    expect(passes).toBeGreaterThan(100);
  });

  test('a verdict that becomes a FAIL never makes it better', () => {
    const worse = { fail: 0, unclear: 1, wait: 2, pass: 3 };
    let worsened = 0;
    fc.assert(
      fc.property(anyTaken, anyHold, fc.nat(24), (measurements, given, at) => {
        const changed = at % Math.max(1, measurements.length);
        if (measurements[changed]?.verdict !== 'PASS') return;
        const failed = measurements.map((one, index) =>
          index === changed ? { ...one, verdict: 'FAIL' as const } : one,
        );
        const [before, after] = [measurements, failed].map((list) => outcomeOf(list, analysis, given).kind);
        expect(worse[after ?? 'pass']).toBeLessThanOrEqual(worse[before ?? 'fail']);
        if (after !== before) worsened += 1;
      }),
      settings,
    );
    expect(worsened).toBeGreaterThan(50);
  });

  test('a verdict lost to an outage never makes a pass, and never undoes a failure of the others', () => {
    let lost = 0;
    fc.assert(
      fc.property(anyTaken, anyHold, fc.nat(24), (measurements, given, at) => {
        const one = measurements[at];
        if (one === undefined || one.verdict === 'ERROR') return;
        const blind = measurements.map((each, index) =>
          index === at ? { ...each, verdict: 'ERROR' as const } : each,
        );
        const [before, after] = [measurements, blind].map((list) => outcomeOf(list, analysis, given));
        if (one.verdict === 'PASS' && before?.kind === 'fail') expect(after?.kind).toBe('fail');
        if (after?.kind === 'pass') expect(one.verdict === 'PASS' ? before?.kind : 'pass').toBe('pass');
        expect(after?.goodSeconds).toBeLessThanOrEqual(before?.goodSeconds ?? 0);
        lost += 1;
      }),
      settings,
    );
    expect(lost).toBeGreaterThan(1000);
  });

  test('the order in which measurements are given makes no difference', () => {
    let cases = 0;
    fc.assert(
      fc.property(anyTaken, anyHold, (measurements, given) => {
        cases += 1;
        const unique = [...new Map(measurements.map((one) => [one.atMs, one])).values()];
        expect(outcomeOf(unique.toReversed(), analysis, given)).toEqual(outcomeOf(unique, analysis, given));
      }),
      { seed: 47, numRuns: 1000 },
    );
    expect(cases).toBe(1000);
  });
});
