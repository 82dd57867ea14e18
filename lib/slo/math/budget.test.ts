import fc from 'fast-check';
import { expect, test } from 'vitest';
import { budgetLeft, budgetSeconds, figuresOf, outageShare, spentShare } from './budget';
import { emptyTally, tallyBuckets, tallyOf } from './counts';
import { allowedFailures, objectiveOf } from './objective';
import { sliceTargetOf, toSlices } from './slices';
import { anyCounts, anyObjective, bucketsOf, countsOf, day, holds } from './testing/cases';

const objective = objectiveOf('99.95');

/** SLO-08: what 99.95 % allows. */
test.each([
  [30, 21.6],
  [31, 22.32],
  [28, 20.16],
  [90, 64.8],
])('0.05 %% of %i days is %f min', (days, minutes) => {
  expect(budgetSeconds(objective, days * day) / 60).toBe(minutes);
});

test('the mean month is 21.9 min and the year 4.38 h', () => {
  expect(budgetSeconds(objective, 365 * day) / 3600).toBe(4.38);
  expect(budgetSeconds(objective, (365 * day) / 12) / 60).toBe(21.9);
});

test('the budget in failed requests is total x 0.0005', () => {
  expect(allowedFailures(objective, 1_000_000)).toBe(500);
});

/** SLO-09, three ways: by the formula, by events at constant traffic, and by slices of a minute. */
test.each([
  ['15 min of full outage', 15, 1, '69.4'],
  ['10 min of full outage', 10, 1, '46.3'],
  ['5 %% errors for 10 min', 10, 0.05, '2.3'],
])('%s costs what SLO-09 says', (_what, minutes, ratio, percent) => {
  const window = 30 * day;
  expect((outageShare(objective, window, minutes * 60, ratio) * 100).toFixed(1)).toBe(percent);
  const perMinute = 1000;
  const row = Array.from({ length: window / 60 }, (_, minute) =>
    countsOf(perMinute, minute >= 20_000 && minute < 20_000 + minutes ? perMinute * ratio : 0),
  );
  const buckets = bucketsOf(row, 60);
  const events = figuresOf(tallyBuckets(buckets), objective, window);
  expect(((1 - (events.budgetLeft ?? 9)) * 100).toFixed(1)).toBe(percent);
  if (ratio === 1) {
    const slices = toSlices(buckets, 60, 60, sliceTargetOf('99.5'));
    const figures = figuresOf(tallyBuckets(slices), objective, window);
    expect(((1 - (figures.budgetLeft ?? 9)) * 100).toFixed(1)).toBe(percent);
    expect(figures.secondsLeft).toBeCloseTo(21.6 * 60 - minutes * 60, 9);
  }
});

test('an overspent budget is said, not clamped', () => {
  const figures = figuresOf(tallyOf(countsOf(1000, 30)), objectiveOf('99.9'), day);
  expect(figures.budgetLeft).toBe(-29);
  expect(figures.failuresLeft).toBe(-29);
  expect(figures.secondsLeft).toBeCloseTo(-29 * 86.4, 9);
  expect(figures.isMet).toBe(false);
});

test('no data and no traffic have no figure', () => {
  for (const [tally, state] of [
    [emptyTally(3), 'no-data'],
    [tallyOf(countsOf(0, 0)), 'no-traffic'],
  ] as const) {
    const figures = figuresOf(tally, objective, day);
    expect(figures.state).toBe(state);
    expect([figures.sli, figures.budgetLeft, figures.failureCosts, figures.isMet]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  }
  expect(spentShare(1, objective, 0)).toBeNull();
});

test('at 10 requests an hour one failure of a 99.9 % objective costs 13.9 % of 30 days', () => {
  const figures = figuresOf(tallyOf(countsOf(7200, 0)), objectiveOf('99.9'), 30 * day);
  expect(((figures.failureCosts ?? 0) * 100).toFixed(1)).toBe('13.9');
  expect(figures.state).toBe('no-errors');
  expect(figures.sli).toBe(1);
});

const window = fc.tuple(anyObjective, anyCounts).filter(([, { total }]) => total > 0);

test('what is left and what is spent agree, and the sign is exact', () => {
  holds(window, ([text, counts]) => {
    const parsed = objectiveOf(text);
    const left = budgetLeft(counts, parsed) ?? Number.NaN;
    const exact = BigInt(counts.total) * BigInt(parsed.failures) - BigInt(counts.bad) * BigInt(parsed.per);
    expect(Math.sign(left)).toBe(exact > 0n ? 1 : exact < 0n ? -1 : 0);
    expect(left).toBeLessThanOrEqual(1);
    expect(left === 1).toBe(counts.bad === 0);
    const spent = spentShare(counts.bad, parsed, counts.total) ?? Number.NaN;
    expect(Math.abs(left + spent - 1)).toBeLessThanOrEqual(1e-12 * Math.max(1, spent));
  });
});

test('budget left equals (SLI - T) / (1 - T), and a failure more costs its share', () => {
  const cases = window.filter(([, { good }]) => good > 0);
  holds(cases, ([text, counts]) => {
    const parsed = objectiveOf(text);
    const figures = figuresOf(tallyOf(counts), parsed, 30 * day);
    const left = figures.budgetLeft ?? Number.NaN;
    const bySli = ((figures.sli ?? Number.NaN) - parsed.target) / parsed.budget;
    expect(Math.abs(left - bySli)).toBeLessThanOrEqual(1e-9 / parsed.budget);
    const next = budgetLeft({ ...counts, good: counts.good - 1, bad: counts.bad + 1 }, parsed) ?? Number.NaN;
    const step = left - next - (figures.failureCosts ?? Number.NaN);
    expect(Math.abs(step)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(left), Math.abs(next)));
    expect(figures.isMet).toBe(left >= 0);
  });
});
