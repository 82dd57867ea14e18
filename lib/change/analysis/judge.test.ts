import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeAnalysis } from './judge';
import type { Readings } from './model';
import { analysis, answered } from './testing/analysis';

type Answered = Extract<Readings, { ok: true }>;
const verdictOf = (given: Partial<Answered>) => judgeAnalysis(answered(given), analysis).verdict;

describe('the verdict', () => {
  test.each<[string, Partial<Answered>, string]>([
    ['under both limits', { failed: 2 }, 'PASS'],
    ['nothing failed', { failed: 0, baselineFailed: 0 }, 'PASS'],
    [
      'exactly at the own limit, like the old version',
      { total: 200, failed: 10, baselineFailed: 200 },
      'PASS',
    ],
    ['over the own limit', { total: 200, failed: 11, baselineFailed: 220 }, 'FAIL'],
    [
      'above the old version by more than is allowed, and not by chance',
      { failed: 9, baselineFailed: 8 },
      'FAIL',
    ],
    [
      'above it by more than is allowed, but it may be chance',
      { total: 60, failed: 2, baselineFailed: 60 },
      'PASS',
    ],
    [
      'above it by no more than is allowed, however certain',
      { total: 4000, failed: 38, baselineFailed: 0 },
      'PASS',
    ],
    [
      'no old version: its own limit alone',
      { failed: 9, baselineTotal: null, baselineFailed: null, all: 212 },
      'PASS',
    ],
    [
      'no old version, over the own limit',
      { failed: 15, baselineTotal: 0, baselineFailed: 0, all: 212 },
      'FAIL',
    ],
    ['one request too few, all of them failed', { total: 49, failed: 49 }, 'NODATA'],
    ['no traffic', { total: 0, failed: 0 }, 'NODATA'],
    ['nothing found', { total: null, failed: null, sampleAge: null }, 'NODATA'],
    ['not a number', { total: Number.NaN, failed: 0 }, 'NODATA'],
    ['failures are not a number', { failed: Number.NaN }, 'NODATA'],
    ['failures are not found', { failed: null }, 'NODATA'],
  ])('%s', (_, given, verdict) => {
    expect(verdictOf(given)).toBe(verdict);
  });

  test.each<[string, Partial<Answered>, RegExp]>([
    ['a warning', { warnings: ['quantile out of range'] }, /warns of its own answer: quantile out of range/],
    ['infinitely many', { total: Number.POSITIVE_INFINITY }, /infinitely many/],
    ['less than none', { baselineTotal: -3 }, /less than none/],
    [
      'samples that grew old',
      { sampleAge: 15.2 },
      /newest sample of the new version is 15 s old; at most 15 s/,
    ],
    ['requests without a current sample', { sampleAge: null }, /no sample of it is current/],
    ['more failed than there were', { failed: 230 }, /More requests of the new version failed/],
    [
      'the new version counted with the old one',
      { baselineTotal: 4212, all: 4212 },
      /some are counted for both/,
    ],
    ['a third version', { all: 5000 }, /Of 5000 requests only 4212 belong to the new or the old version/],
    ['no sum to compare with', { all: null }, /cannot be counted/],
  ])('%s is an ERROR', (_, given, detail) => {
    const judged = judgeAnalysis(answered(given), analysis);
    expect(judged.verdict).toBe('ERROR');
    expect(judged.detail).toMatch(detail);
  });

  test('no answer is an ERROR, and says why', () => {
    const judged = judgeAnalysis({ ok: false, problem: 'Prometheus main cannot be reached.' }, analysis);
    expect(judged).toMatchObject({
      verdict: 'ERROR',
      total: null,
      detail: 'Prometheus main cannot be reached.',
    });
  });

  test('a query that is the same for both versions is an ERROR', () => {
    const { candidate } = analysis.queries;
    const same = { ...analysis, queries: { ...analysis.queries, baseline: candidate } };
    expect(judgeAnalysis(answered(), same)).toMatchObject({
      verdict: 'ERROR',
      detail: 'The new and the old version cannot be told apart: the query of both is the same.',
    });
  });

  test('of few requests one stray failure is over any limit, and tells nothing', () => {
    const few = { ...analysis, minRequests: 10 };
    const judged = (failed: number) => judgeAnalysis(answered({ total: 12, failed }), few);
    expect([1, 2, 3].map((failed) => judged(failed).verdict)).toEqual(['NODATA', 'NODATA', 'FAIL']);
    expect(judged(2).detail).toMatch(/too few failures to tell; 3 are needed\.$/);
  });

  test('half of the pods scraped is an ERROR, and more than are ready is none', () => {
    const seen = (pods: number) => judgeAnalysis(answered({ pods }), analysis, { pods: 4 });
    expect(seen(2)).toMatchObject({
      verdict: 'ERROR',
      detail: 'Only 2 of 4 pods of the new version are scraped.',
    });
    expect([seen(4).verdict, seen(5).verdict]).toEqual(['PASS', 'PASS']);
  });

  test.each<[Partial<Answered>, string]>([
    [
      { failed: 4 },
      '4 of 212 requests failed (1.8 %), of the old version 0.2 %: 1.6 points more, where 1.0 are allowed; not chance (p 0.002).',
    ],
    [{ failed: 0 }, '0 of 212 requests failed (0.0 %, limit 5.0 %), of the old version 0.2 %.'],
    [{ failed: 14 }, '14 of 212 requests failed (6.6 %, limit 5.0 %), of the old version 0.2 %.'],
    [
      { failed: 2, baselineTotal: 0, baselineFailed: 0, all: 212 },
      '2 of 212 requests failed (0.9 %, limit 5.0 %); the old version had no requests to compare with.',
    ],
    [{ total: 12, failed: 0 }, '12 requests of the new version in 60 s; a verdict needs 50.'],
  ])('says what was counted: %j', (given, detail) => {
    expect(judgeAnalysis(answered(given), analysis).detail).toBe(detail);
  });

  test('the share is that of the new version among all', () => {
    expect(judgeAnalysis(answered({ total: 200, baselineTotal: 3800 }), analysis).share).toBe(0.05);
  });
});

test('one or two stray failures of few requests are no verdict, three are', () => {
  const few = { ...analysis, minRequests: 10 };
  const told = (failed: number) => judgeAnalysis(answered({ total: 15, failed, baselineFailed: 0 }), few);
  expect(told(0).verdict).toBe('PASS');
  expect(told(2)).toMatchObject({ verdict: 'NODATA', detail: expect.stringContaining('3 are needed') });
  expect(told(3).verdict).toBe('FAIL');
});

describe('properties', () => {
  const anyValue = fc.oneof(
    fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0),
    fc.double({ min: 0, max: 5000, noNaN: true }),
  );
  const anyReading = fc.record({
    total: anyValue,
    failed: anyValue,
    baselineTotal: anyValue,
    baselineFailed: anyValue,
    all: anyValue,
    sampleAge: anyValue,
  });

  test('whatever is answered, a PASS or FAIL has enough requests, a current sample and a sum that is right', () => {
    const seen = { PASS: 0, FAIL: 0, NODATA: 0, ERROR: 0 };
    const judged = (given: Partial<Answered>) => {
      const { verdict, detail } = judgeAnalysis(answered(given), analysis);
      seen[verdict] += 1;
      expect(detail).toMatch(/\.$/);
      if (verdict !== 'PASS' && verdict !== 'FAIL') return;
      expect(given.total).toBeGreaterThanOrEqual(analysis.minRequests);
      expect(given.sampleAge ?? 4).toBeLessThanOrEqual(15);
      const sum =
        (given.total ?? 0) + (Number.isFinite(given.baselineTotal) ? (given.baselineTotal ?? 0) : 0);
      expect(Math.abs((given.all ?? Number.NaN) - sum)).toBeLessThanOrEqual(Math.max(2, sum * 0.021));
    };
    fc.assert(fc.property(anyReading, judged), { seed: 43, numRuns: 2000 });
    const count = (most: number) => fc.integer({ min: 0, max: most });
    const counts = fc.record({
      total: count(400),
      failed: count(40),
      baselineTotal: count(4000),
      baselineFailed: count(40),
    });
    const likely = counts.map((given) => ({
      ...given,
      failed: Math.min(given.total, given.failed),
      all: given.total + given.baselineTotal,
      sampleAge: 3,
    }));
    fc.assert(fc.property(likely, judged), { seed: 44, numRuns: 2000 });
    expect(Object.values(seen).every((count) => count > 50)).toBe(true);
    expect(Object.values(seen).reduce((sum, count) => sum + count, 0)).toBe(4000);
  });

  test('more failures never turn a FAIL into a PASS', () => {
    let cases = 0;
    const counts = fc.record({
      total: fc.integer({ min: 50, max: 3000 }),
      failed: fc.integer({ min: 0, max: 2999 }),
      baselineTotal: fc.integer({ min: 0, max: 3000 }),
      baselineFailed: fc.integer({ min: 0, max: 3000 }),
    });
    fc.assert(
      fc.property(counts, (given) => {
        cases += 1;
        const failed = Math.min(given.failed, given.total - 1);
        const baselineFailed = Math.min(given.baselineFailed, given.baselineTotal);
        if (verdictOf({ ...given, failed, baselineFailed }) !== 'FAIL') return;
        expect(verdictOf({ ...given, failed: failed + 1, baselineFailed })).toBe('FAIL');
      }),
      { seed: 45, numRuns: 1000 },
    );
    expect(cases).toBe(1000);
  });
});

describe('beside a baseline', () => {
  const beside = { total: 400, failed: 4, baselineTotal: 400, baselineFailed: 4, all: 8000 };

  test('the pods of the baseline are compared with, whatever the old ones do', () => {
    const bad = answered({ ...beside, failed: 16, old: { total: 7200, failed: 300 } });
    expect(judgeAnalysis(bad, analysis)).toMatchObject({
      verdict: 'FAIL',
      baselineTotal: 400,
      detail: expect.stringContaining('of the baseline 1.0 %'),
    });
    // Of the old pods alone nobody would have seen a difference; nor do they make one.
    const well = answered({ ...beside, old: { total: 7200, failed: 0 } });
    expect(judgeAnalysis(well, analysis).verdict).toBe('PASS');
  });

  test('where it has no part any more the old pods are what is left', () => {
    const given = { ...beside, baselineTotal: 0, baselineFailed: 0, old: { total: 7600, failed: 76 } };
    expect(judgeAnalysis(answered(given), analysis)).toMatchObject({
      verdict: 'PASS',
      baselineTotal: 7600,
      detail: expect.stringContaining('of the old version 1.0 %'),
    });
  });

  test('a baseline of which half is scraped is compared with nothing', () => {
    const given = answered({ ...beside, old: { total: 7200, failed: 0 }, pods: 2, baselinePods: 1 });
    expect(judgeAnalysis(given, analysis, { pods: 2, baselinePods: 2 })).toMatchObject({
      verdict: 'ERROR',
      detail: 'Only 1 of 2 pods of the baseline is scraped.',
    });
    expect(judgeAnalysis(given, analysis, { pods: 2, baselinePods: 1 }).verdict).toBe('PASS');
    // Its pods are stopped where it has no part any more.
    const over = { ...beside, baselineTotal: 0, baselineFailed: 0, old: { total: 7600, failed: 0 } };
    const stopped = answered({ ...over, baselinePods: 0 });
    expect(judgeAnalysis(stopped, analysis, { pods: 2, baselinePods: 2 }).verdict).toBe('PASS');
  });

  test('all three together are all requests', () => {
    const lost = answered({ ...beside, old: { total: 4000, failed: 0 } });
    expect(judgeAnalysis(lost, analysis)).toMatchObject({
      verdict: 'ERROR',
      detail: expect.stringContaining('only 4800 belong'),
    });
  });
});
