import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TierState } from './contract';
import { afterLook } from './end-tier';
import { judgeLook, type Look } from './judge-look';
import { denseSeconds, nextLook, tiersOf } from './schedule';
import { tierWords, watchSentence, watchState } from './words';

const guide = [900, 3600, 14_400, 86_400, 604_800];

/** Every look of a watch whose looks are made as soon as they are due. */
function looksOf(lengths: readonly number[], cadence: number): number[] {
  return tiersOf(lengths).flatMap((tier) => {
    const looks: number[] = [];
    for (let at = nextLook(tier, tier.starts, cadence); at < tier.ends; at = nextLook(tier, at, cadence))
      looks.push(at);
    return [...looks, tier.ends];
  });
}

describe('when it is looked at', () => {
  test('each 2 min in the first hour, then at 4 h, 24 h and 1 week (X-17)', () => {
    const looks = looksOf(guide, 120);
    expect(looks.slice(0, 9)).toEqual([120, 240, 360, 480, 600, 720, 840, 900, 1020]);
    expect(looks.filter((at) => at > denseSeconds)).toEqual([14_400, 86_400, 604_800]);
    expect(looks.filter((at) => at <= denseSeconds)).toHaveLength(8 + 23);
  });

  const anyLengths = fc
    .uniqueArray(fc.integer({ min: 1, max: 700_000 }), { minLength: 1, maxLength: 8 })
    .map((list) => list.toSorted((a, b) => a - b));
  const anyCadence = fc.integer({ min: 1, max: 600 });
  const settings = { seed: 51, numRuns: 300 };

  test('looks only go forward, end with each tier, and are never farther apart than the cadence in the first hour', () => {
    let cases = 0;
    fc.assert(
      fc.property(anyLengths, anyCadence, (lengths, cadence) => {
        cases += 1;
        const looks = looksOf(lengths, cadence);
        expect(looks).toEqual([...new Set(looks)].toSorted((a, b) => a - b));
        for (const end of lengths) expect(looks).toContain(end);
        expect(looks.at(-1)).toBe(lengths.at(-1));
        const dense = [0, ...looks.filter((at) => at <= denseSeconds)];
        const last = Math.min(lengths.at(-1) ?? 0, denseSeconds);
        const gaps = dense.slice(1).map((at, index) => at - (dense[index] ?? 0));
        expect(Math.max(0, ...gaps)).toBeLessThanOrEqual(cadence);
        expect(last - (dense.at(-1) ?? 0)).toBeLessThanOrEqual(cadence);
      }),
      settings,
    );
    expect(cases).toBe(300);
  });

  test('a late look is followed by one that lies ahead', () => {
    let cases = 0;
    fc.assert(
      fc.property(anyLengths, anyCadence, fc.nat(1_000_000), (lengths, cadence, after) => {
        cases += 1;
        for (const tier of tiersOf(lengths)) {
          const next = nextLook(tier, after, cadence);
          expect(next).toBeGreaterThan(Math.max(after, tier.starts));
          if (after < tier.ends) expect(next).toBeLessThanOrEqual(tier.ends);
        }
      }),
      settings,
    );
    expect(cases).toBe(300);
  });
});

const limits = { minRequests: 50, maxErrorRatio: 0.05, maxExcessRatio: 0.01 };
const look = (more: Partial<Look> = {}): Look => ({
  version: { total: 5000, failed: 10 },
  before: { total: 50_000, failed: 100 },
  lastWeek: { total: 50_000, failed: 100 },
  restarted: 0,
  saturated: [],
  burn: 0.8,
  isBurning: false,
  ...more,
});

describe('one look', () => {
  test.each<[string, Partial<Look>, string]>([
    ['as before', {}, 'good'],
    ['over its own limit', { version: { total: 100, failed: 6 } }, 'bad'],
    [
      'over its own limit, with nothing known of before',
      { version: { total: 100, failed: 6 }, before: null, lastWeek: null },
      'bad',
    ],
    ['worse than both hours', { version: { total: 5000, failed: 100 } }, 'bad'],
    [
      'no worse than the worse hour',
      { version: { total: 5000, failed: 100 }, lastWeek: { total: 50_000, failed: 900 } },
      'good',
    ],
    ['worse, but that may be chance', { version: { total: 60, failed: 1 } }, 'good'],
    ['worse by less than is allowed', { version: { total: 50_000, failed: 500 } }, 'good'],
    ['one pod restarted', { restarted: 1 }, 'good'],
    ['two pods restarted', { restarted: 2 }, 'bad'],
    [
      'two pods restarted and nothing was asked',
      { restarted: 2, version: { problem: 'No requests are counted.' } },
      'bad',
    ],
    [
      'something runs full that did not',
      { saturated: [{ name: 'CPU usage', region: 'us-east-1', now: 0.97, before: 0.4 }] },
      'bad',
    ],
    [
      'something runs full and nothing was asked',
      {
        saturated: [{ name: 'CPU usage', region: 'us-east-1', now: 0.97, before: null }],
        version: { total: 0, failed: 0 },
      },
      'bad',
    ],
    ['burning, and worse than before', { isBurning: true, version: { total: 5000, failed: 20 } }, 'bad'],
    ['burning as before', { isBurning: true }, 'good'],
    ['too few', { version: { total: 49, failed: 49 } }, 'unclear'],
    ['none', { version: { total: 0, failed: 0 } }, 'unclear'],
    ['not to be read', { version: { problem: 'Prometheus main cannot be reached.' } }, 'unclear'],
  ])('%s', (_, more, verdict) => {
    expect(judgeLook(look(more), limits).verdict).toBe(verdict);
  });

  test('says what runs full, with what it was before', () => {
    const saturated = [
      { name: 'CPU usage', region: 'us-east-1', now: 0.97, before: 0.4 },
      { name: 'Memory usage', region: 'eu-west-1', now: 0.93, before: null },
    ];
    expect(judgeLook(look({ saturated, restarted: 1, burn: null }), limits).detail).toMatch(
      /\. 1 pod restarted\. CPU usage in us-east-1 is at 97\.0 %, 40\.0 % before\. Memory usage in eu-west-1 is at 93\.0 %\.$/,
    );
    expect(
      judgeLook(look({ saturated, version: { problem: 'No requests are counted.' } }), limits),
    ).toMatchObject({
      verdict: 'bad',
      detail: expect.stringMatching(/^No pod restarted\. CPU .* %\. No requests are counted\.$/),
    });
  });

  test('says what it saw', () => {
    expect(judgeLook(look(), limits).detail).toBe(
      '10 of 5000 requests failed (0.2 %); the hour before 0.2 %, the same hour last week 0.2 %. No pod restarted. ' +
        'The error budget is spent 0.8 times as fast as allowed.',
    );
    expect(
      judgeLook(look({ before: null, lastWeek: null, burn: null, restarted: null }), limits).detail,
    ).toBe('10 of 5000 requests failed (0.2 %); nothing is known of before.');
  });
});

describe('a tier after a look', () => {
  const end = { elapsed: 900, ends: 900, cadence: 120 };
  const before = { ...end, elapsed: 500 };
  test.each([
    ['a first bad look before the end', 'bad', 0, before, 'open', 1],
    ['a second one in a row', 'bad', 1, before, 'regressed', 2],
    ['a bad one at the end', 'bad', 0, end, 'regressed', 1],
    ['a good one before the end', 'good', 1, before, 'open', 0],
    ['a good one at the end', 'good', 1, end, 'good', 0],
    ['an unclear one does not break a row', 'unclear', 1, before, 'open', 1],
    ['an unclear end is tried again', 'unclear', 0, end, 'open', 0],
    ['but not for ever', 'unclear', 0, { ...end, elapsed: 900 + 360 }, 'unclear', 0],
  ] as const)('%s', (_, verdict, badLooks, at, state, after) => {
    expect(afterLook(verdict, { badLooks }, at)).toEqual({ state, badLooks: after });
  });
});

describe('the whole watch', () => {
  const tiersWith = (...states: TierState[]) =>
    states.map((state, index) => ({
      seconds: guide[index] ?? 0,
      state,
      dueAt: '2026-11-21T12:00:00.000Z',
      lookedAt: null,
      endedAt: null,
      detail: null,
    }));
  const said = (supersededBy: string | null, ...states: TierState[]) => {
    const tiers = tiersWith(...states);
    return watchSentence({ tiers, state: watchState(tiers), supersededBy });
  };

  test.each<[TierState[], TierState, string]>([
    [
      ['open', 'open', 'open', 'open', 'open'],
      'open',
      'Watched for 1 week; the next verdict is due 15 min after its end.',
    ],
    [['good', 'good', 'good', 'good', 'open'], 'open', 'Watched for 1 week.'],
    [['good', 'good', 'good', 'good', 'good'], 'good', 'The watch of 1 week is over: as good as before.'],
    [
      ['good', 'regressed', 'open', 'open', 'open'],
      'regressed',
      'Worse than before the change, within 1 h of its end.',
    ],
    [
      ['good', 'unclear', 'good', 'good', 'good'],
      'unclear',
      'The watch is over; part of it could not be judged.',
    ],
    [
      ['good', 'superseded', 'superseded', 'superseded', 'superseded'],
      'superseded',
      'c-9 has taken its place.',
    ],
  ])('%j', (states, state, sentence) => {
    expect(watchState(tiersWith(...states))).toBe(state);
    expect(said(state === 'superseded' ? 'c-9' : null, ...states)).toBe(sentence);
  });

  test('its lengths in words', () => {
    expect(guide.map(tierWords)).toEqual(['15 min', '1 h', '4 h', '24 h', '1 week']);
  });
});
