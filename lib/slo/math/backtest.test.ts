import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bucket, Counts } from '../model';
import { backtest } from './backtest';
import { type BurnRule, judgeRule } from './burn';
import { tallyBuckets } from './counts';
import { objectiveOf } from './objective';
import { anyObjective, anyRow, bucketsOf, countsOf, day, holds } from './testing/cases';

const size = 300;
const objective = objectiveOf('99.9');
const window = 30 * day;

/** Six days of a thousand requests per bucket, with failures where `bad` says so. */
const sixDays = (bad: (index: number) => number): Bucket[] =>
  bucketsOf(
    Array.from({ length: (6 * day) / size }, (_, index): Counts => countsOf(1000, bad(index))),
    size,
  );
const firedOf = (buckets: readonly Bucket[], minFailures = 1) =>
  new Map(backtest(buckets, size, objective, window, minFailures).map(({ rule, fired }) => [rule.id, fired]));

test('a quarter of an hour of outage would have paged once', () => {
  const start = 4 * 288;
  const fired = firedOf(sixDays((index) => (index >= start && index < start + 3 ? 1000 : 0)));
  // The first bad bucket is 1000 of 12,000: a burn of 83. Five minutes after the last the short span is clean.
  const peak = (3000 / 12_000) * 1000;
  expect(fired.get('page-1h')).toEqual([{ from: (start + 1) * size, to: (start + 4) * size, peak }]);
  // 1000 of 72,000 is a burn of 13.9, above 6; its short span of 30 min is clean 30 min after the last failure.
  expect(fired.get('page-6h')?.map(({ from, to }) => [from, to])).toEqual([
    [(start + 1) * size, (start + 9) * size],
  ]);
  expect(fired.get('ticket-1d')?.map(({ from, to }) => [from, to])).toEqual([
    [(start + 1) * size, (start + 3 + 24) * size],
  ]);
});

test('calm days fire nothing, and a burn that goes on has no end', () => {
  expect([...firedOf(sixDays(() => 0)).values()]).toEqual([[], [], [], []]);
  const burning = firedOf(sixDays(() => 2));
  expect([...burning.keys()].map((id) => burning.get(id)?.length)).toEqual([0, 0, 0, 1]);
  expect(burning.get('ticket-3d')).toEqual([{ from: 3 * day, to: null, peak: 2 }]);
});

test('enough failures are asked for', () => {
  const buckets = sixDays((index) => (index === 1200 ? 500 : 0));
  expect(firedOf(buckets, 500).get('page-1h')).toHaveLength(1);
  expect(firedOf(buckets, 501).get('page-1h')).toEqual([]);
});

test('what cannot be judged is said', () => {
  const reasons = (found: ReturnType<typeof backtest>) => found.map(({ notJudged }) => notJudged);
  const buckets = sixDays(() => 0);
  expect(reasons(backtest([], size, objective, window, 1))).toEqual(Array(4).fill('too-short'));
  expect(reasons(backtest(buckets.slice(0, 288), size, objective, window, 1))).toEqual([
    null,
    null,
    null,
    'too-short',
  ]);
  const hours = bucketsOf(
    Array.from({ length: 24 * 6 }, () => countsOf(1, 0)),
    3600,
  );
  expect(reasons(backtest(hours, 3600, objective, window, 1))).toEqual([
    'too-coarse',
    'too-coarse',
    null,
    null,
  ]);
  expect(reasons(backtest(buckets, size, objectiveOf('90'), window, 1))[0]).toBe('rule-problem');
});

/** Short rules, so that random rows are long against them. */
const anyRule = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    fc.double({ min: 0.1, max: 3, noNaN: true }),
  )
  .map(
    ([short, times, factor]): BurnRule => ({
      id: 'made',
      severity: 'page',
      longSeconds: short * times * size,
      shortSeconds: short * size,
      spent: 0.02,
      factor,
      problem: null,
    }),
  );

test('it fires where judging every moment by hand does', () => {
  let firing = 0;
  const cases = fc.tuple(anyRow(1, 40), anyRule, anyObjective, fc.integer({ min: 1, max: 2000 }));
  holds(cases, ([row, rule, text, minFailures]) => {
    const parsed = objectiveOf(text);
    const origin = 1_795_000_200;
    const buckets = bucketsOf(row, size, origin);
    const [found] = backtest(buckets, size, parsed, window, minFailures, [rule]);
    const last = origin + row.length * size;
    const moments = buckets.map(({ end }) => end).filter((end) => end >= origin + rule.longSeconds);
    expect(found?.judgedFrom).toBe(moments[0] ?? null);
    for (const at of moments) {
      const spanOf = (seconds: number) =>
        tallyBuckets(
          buckets.filter(({ end }) => end > at - seconds && end <= at),
          seconds / size,
        );
      const byHand = judgeRule(rule, spanOf, parsed, minFailures);
      const inside = found?.fired.find(({ from, to }) => from <= at && at < (to ?? last + 1));
      expect(inside !== undefined).toBe(byHand.firing);
      if (inside === undefined) continue;
      firing += 1;
      expect(inside.peak).toBeGreaterThanOrEqual(byHand.long ?? 0);
    }
  });
  expect(firing).toBeGreaterThan(500);
});
