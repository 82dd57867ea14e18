import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectiveOf } from '../math/objective';
import { anyRow, bucketsOf, countsOf, day, holds } from '../math/testing/cases';
import type { Bucket, Counts } from '../model';
import { burnOverTime, type JudgedInput, joinBuckets, judgedBacktest, rulesOf } from './judged';

const size = 300;
const objective = objectiveOf('99.9');

/** A week of a window behind three days of lead-in, a thousand requests a bucket. */
const week = (bad: (index: number) => number | null): Bucket[] =>
  bucketsOf(
    Array.from({ length: (10 * day) / size }, (_, index): Counts | null => {
      const failed = bad(index);
      return failed === null ? null : countsOf(1000, failed);
    }),
    size,
  );
const inputOf = (buckets: Bucket[], more: Partial<JudgedInput> = {}): JudgedInput => ({
  buckets,
  window: { from: 3 * day, to: 10 * day },
  objective,
  windowSeconds: 30 * day,
  minFailures: 1,
  isExcluded: false,
  isCut: false,
  ...more,
});
const outage = (start: number) => (index: number) => (index >= start && index < start + 3 ? 1000 : 0);

test('rules that fire together are one page, and each says when and for how long', () => {
  const start = 5 * 288;
  const found = judgedBacktest(inputOf(week(outage(start))));
  expect([found.pages, found.tickets]).toEqual([1, 1]);
  expect(found.sentence).toBe(
    'These settings would have paged once, for 40 min altogether in 7 d, and opened 1 ticket.',
  );
  const byId = new Map(found.rules.map((rule) => [rule.id, rule]));
  expect(byId.get('page-1h')?.fired).toEqual([
    { from: (start + 1) * size, to: (start + 4) * size, peak: 250 },
  ]);
  expect(byId.get('page-1h')?.firedSeconds).toBe(900);
  expect(byId.get('page-6h')?.firedSeconds).toBe(2400);
  expect([...byId.keys()]).toEqual(['page-1h', 'page-6h', 'ticket-1d', 'ticket-3d', 'guide-1h', 'guide-4h']);
});

test('what fired before the window is not of the window', () => {
  const found = judgedBacktest(inputOf(week(outage(2 * 288))));
  expect([found.pages, found.sentence]).toEqual([
    0,
    'These settings would not have paged in 7 d, and opened no tickets.',
  ]);
  const late = judgedBacktest(inputOf(week((index) => (index > 10 * 288 - 3 ? 1000 : 0))));
  expect(late.rules[0]?.fired[0]?.to).toBeNull();
  expect(late.pages).toBe(1);
});

test('what the counts cannot tell is said', () => {
  const limits = judgedBacktest(
    inputOf(
      week((index) => (index % 4 === 0 ? null : 0)).map((one) => ({
        ...one,
        method: one.counts === null ? null : 'estimated',
      })),
      { isExcluded: true, isCut: true },
    ),
  ).limits;
  expect(limits).toHaveLength(6);
  expect(limits[0]).toMatch(/^Judged at the end of every 5 min/);
  expect(limits[2]).toMatch(/before 1970-01-04 00:00 UTC is not judged\.$/);
  expect(limits[3]).toBe('25.0 % of the time is not known: nothing fires in it.');
  expect(limits[4]).toMatch(/^100\.0 % of what is known is estimated/);
  const none = judgedBacktest(inputOf([]));
  expect(none.sentence).toBe('Over 7 d none of these settings can be judged from what is recorded.');
});

test('the line of a rule keeps its peaks, and is above the threshold where the rule fires', () => {
  const start = 5 * 288;
  const input = inputOf(week(outage(start)));
  const [rule] = rulesOf(input);
  if (rule === undefined) throw new Error('no rule');
  const { long, short, stepSeconds } = burnOverTime(input, rule);
  expect(stepSeconds).toBe(1800);
  expect(long).toHaveLength((7 * day) / 1800);
  expect(Math.max(...long.map(([, burn]) => burn ?? 0))).toBe(250);
  expect(Math.max(...(short ?? []).map(([, burn]) => burn ?? 0))).toBe(1000);
  const [fired] = judgedBacktest(input).rules[0]?.fired ?? [];
  const inside = long.filter(([at]) => fired !== undefined && at >= fired.from && at < (fired.to ?? at));
  expect(inside.every(([, burn]) => (burn ?? 0) > rule.factor)).toBe(true);
});

test('groups on one grid add up, whatever is missing of them', () => {
  let known = 0;
  const rows = fc
    .integer({ min: 1, max: 20 })
    .chain((length) => fc.array(anyRow(length, length), { minLength: 1, maxLength: 4 }));
  holds(rows, (all) => {
    const joined = joinBuckets(all.map((row) => bucketsOf(row, size)));
    joined.forEach(({ counts, end }, index) => {
      const parts = all.flatMap((row) => row[index] ?? []);
      expect(end).toBe((index + 1) * size);
      expect(counts === null).toBe(parts.length === 0);
      expect(counts?.bad ?? 0).toBe(parts.reduce((sum, { bad }) => sum + bad, 0));
      if (counts !== null) known += 1;
    });
  });
  expect(known).toBeGreaterThan(5000);
});
