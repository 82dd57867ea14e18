import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeShare, judgeShares, requestsToProve, shareBounds } from './judge-share';
import { shareWindows } from './queries';
import { proofDelaySeconds, proofQuery } from './share';
import { analysis } from './testing/analysis';
import { wilson } from './wilson';

const reading = (candidate: number | null, baseline: number | null) => ({
  windowSeconds: 20,
  candidate,
  baseline,
});
const judged = (candidate: number | null, baseline: number | null, wanted: number) =>
  judgeShare(reading(candidate, baseline), wanted, 0.5);

test('the interval of Wilson as published: 1 of 10 is 1.79 % to 40.4 %', () => {
  const { low, high } = wilson(1, 10);
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.0179', '0.4042']);
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});

describe('a proof of the share', () => {
  test.each([
    ['as wanted', 200, 3800, 0.05, 'PASS'],
    ['a little beside, within the tolerance', 260, 3740, 0.05, 'PASS'],
    ['as wanted, of too few', 2, 38, 0.05, 'NODATA'],
    ['all of it, wanted 5 %', 4000, 0, 0.05, 'FAIL'],
    ['none of it, wanted 5 %', 0, 4000, 0.05, 'FAIL'],
    ['the old weight still', 200, 3800, 0.25, 'FAIL'],
    ['at the edge', 300, 3700, 0.05, 'NODATA'],
    ['all of it as wanted', 4000, 0, 1, 'PASS'],
    ['all of it, with a connection that ends slowly', 3960, 40, 1, 'PASS'],
    ['nearly all, wanted all', 3800, 200, 1, 'FAIL'],
    ['none as wanted', 0, 4000, 0, 'PASS'],
    ['still some, wanted none', 200, 3800, 0, 'FAIL'],
    ['none of too few', 0, 20, 0, 'NODATA'],
    ['no requests', 0, 0, 0.05, 'NODATA'],
    ['nothing found', null, null, 1, 'NODATA'],
    ['the old version is gone altogether', 4000, null, 1, 'PASS'],
  ])('%s', (_, candidate, baseline, wanted, verdict) => {
    const proof = judged(candidate, baseline, wanted);
    expect([proof.verdict, proof.proven]).toEqual([verdict, verdict === 'PASS']);
  });

  test('says what was measured, and how long it takes', () => {
    expect(judged(200, 3800, 0.05).detail).toBe(
      '200 of 4000 requests in the last 20 s went to the new version (5.0 %, wanted 5.0 %).',
    );
    expect(judged(2, 38, 0.05).detail).toMatch(
      /too few to tell\. \d{3} are needed, about \d+ min( \d+ s)? of traffic\.$/,
    );
    expect(judged(0, 4000, 0.25).detail).toMatch(/: outside 12\.5 % to 37\.5 %\.$/);
  });

  test('as many requests as are said to be needed prove the wanted share', () => {
    for (const wanted of [0, 0.05, 0.1, 0.25, 0.5, 0.75, 1]) {
      const all = requestsToProve(wanted, 0.5);
      const candidate = Math.round(all * wanted);
      expect(judged(candidate, all - candidate, wanted).proven).toBe(true);
      expect(all).toBeLessThan(700);
    }
  });

  test('never proven when the measured share lies outside of what is tolerated', () => {
    let proven = 0;
    const count = fc.oneof(fc.nat(50), fc.nat(20_000));
    const wantedShare = fc.constantFrom(0, 0.05, 0.25, 0.5, 1);
    fc.assert(
      fc.property(count, count, wantedShare, (candidate, baseline, wanted) => {
        const proof = judged(candidate, baseline, wanted);
        if (!proof.proven) return;
        proven += 1;
        const { low, high } = shareBounds(wanted, 0.5);
        expect(proof.share).toBeGreaterThanOrEqual(low);
        expect(proof.share).toBeLessThanOrEqual(high);
      }),
      { seed: 48, numRuns: 3000 },
    );
    expect(proven).toBeGreaterThan(100);
  });
});

describe('its window', () => {
  test.each([
    [5, 100, [20, 30, 45, 68]],
    [15, 110, [45, 68, 102]],
    [60, 100, [180]],
  ])('scraped every %i s, at most %i s', (scrape, longest, windows) => {
    expect(shareWindows(scrape, longest, 20)).toEqual(windows);
  });

  test('never reaches behind the change of weights', () => {
    const window = (since: number | null) => proofQuery(analysis, since).windowSeconds;
    expect([null, 0, 30, 39, 40, 54, 55, 1e6].map(window)).toEqual([20, 20, 20, 20, 30, 30, 45, 230]);
    expect(proofDelaySeconds(analysis)).toBe(30);
  });
});

describe('a proof of three shares', () => {
  const proof = (candidate: number, baseline: number, old: number, part: number) =>
    judgeShares({ windowSeconds: 20, candidate, baseline, old }, { candidate: part, baseline: part }, 0.5);

  test.each([
    ['as wanted', 200, 200, 3600, 0.05, 'PASS'],
    ['without requests for the baseline', 200, 0, 3800, 0.05, 'FAIL'],
    ['without requests for the new version', 0, 200, 3800, 0.05, 'FAIL'],
    ['one half each, and the old pods still asked', 2000, 1700, 300, 0.5, 'FAIL'],
    ['one half each', 2000, 2000, 0, 0.5, 'PASS'],
    ['too few', 3, 2, 60, 0.05, 'NODATA'],
    ['none', 0, 0, 0, 0.05, 'NODATA'],
  ])('%s', (_, candidate, baseline, old, part, verdict) => {
    expect(proof(candidate, baseline, old, part).verdict).toBe(verdict);
  });

  test('the share is that of the new version, and the detail names whose part is wrong', () => {
    expect(proof(200, 200, 3600, 0.05).share).toBeCloseTo(0.05);
    expect(proof(200, 0, 3800, 0.05).detail).toContain('went to the baseline (0.0 %, wanted 5.0 %)');
  });

  test('in the end all go to the new version and none to the baseline', () => {
    const end = (candidate: number, baseline: number) =>
      judgeShares({ windowSeconds: 20, candidate, baseline, old: 0 }, { candidate: 1, baseline: 0 }, 0.5);
    expect(end(4000, 0).verdict).toBe('PASS');
    expect(end(3600, 400).verdict).toBe('FAIL');
  });
});
