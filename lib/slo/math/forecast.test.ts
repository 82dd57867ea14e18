import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Counts } from '../model';
import { budgetLeft } from './budget';
import { emptyTally, tallyBuckets, tallyOf } from './counts';
import { cumulate } from './cumulative';
import {
  type Exhaustion,
  exhaustionAtPace,
  exhaustionRange,
  forecastSeries,
  projectPeriod,
  rateOf,
  remaining,
  rollingExhaustion,
  rollingForecast,
} from './forecast';
import { objectiveOf } from './objective';
import { anyCounts, anyObjective, anyRow, bucketsOf, countsOf, day, holds } from './testing/cases';

const size = 300;
const objective = objectiveOf('99.9');
const keptOf = (row: readonly (Counts | null)[]) => {
  const bounds = { from: 0, to: row.length * size };
  return { bounds, kept: cumulate(bucketsOf(row, size), size, bounds) };
};

/** A row of counts, what comes per bucket from now on, and an objective. */
const anyCase = fc.tuple(anyRow(2, 40), anyCounts, anyObjective);

/** The window `steps` buckets later, made by dropping old buckets and adding new ones. */
const later = (row: readonly (Counts | null)[], coming: Counts, steps: number) =>
  tallyBuckets(bucketsOf([...row, ...Array.from({ length: steps }, () => coming)].slice(steps), size));

const paceOf = ({ bad, total }: Counts) => ({ bad: bad / size, total: total / size });

test('the forecast is what the window will hold when old buckets drop out and new ones come', () => {
  holds(anyCase, ([row, coming, text]) => {
    const parsed = objectiveOf(text);
    const { kept, bounds } = keptOf(row);
    for (let step = 0; step <= row.length + 3; step += 1) {
      const counts = later(row, coming, step).counts;
      const expected = counts === null ? null : budgetLeft(counts, parsed);
      const found = remaining(kept, bounds, parsed, paceOf(coming), step * size);
      if (expected === null) expect(found).toBeNull();
      else expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-6 / parsed.budget);
    }
  });
});

test('the budget runs out when the simulated window does, neither sooner nor later', () => {
  const seen = { in: 0, never: 0, spent: 0, unknown: 0 };
  holds(anyCase, ([row, coming, text]) => {
    const parsed = objectiveOf(text);
    const { kept, bounds } = keptOf(row);
    const found = rollingExhaustion(kept, bounds, parsed, paceOf(coming));
    seen[found.kind] += 1;
    const lefts = Array.from({ length: row.length + 1 }, (_, step) => {
      const counts = later(row, coming, step).counts;
      return counts === null ? null : budgetLeft(counts, parsed);
    });
    const [now = null] = lefts;
    // A window that is spent to the last event has a sign that rounding of the pace may turn.
    if (lefts.some((left) => left !== null && Math.abs(left) < 1e-9)) return;
    if (now === null) return expect(found.kind).toBe('unknown');
    const crossing = lefts.findIndex((left) => left !== null && left <= 0 !== now <= 0);
    if (now <= 0) {
      const recovers = found.kind === 'spent' ? found.recoversInSeconds : Number.NaN;
      if (crossing === -1) return expect(recovers).toBeNull();
      expect(Math.ceil((recovers ?? Number.NaN) / size)).toBe(crossing);
    } else if (crossing === -1) {
      expect(found).toEqual({ kind: 'never' });
    } else {
      const seconds = found.kind === 'in' ? found.seconds : Number.NaN;
      expect(Math.ceil(seconds / size)).toBe(crossing);
      const left = remaining(kept, bounds, parsed, paceOf(coming), seconds);
      expect(Math.abs(left ?? Number.NaN)).toBeLessThanOrEqual(1e-6 / parsed.budget);
    }
  });
  expect(seen.in).toBeGreaterThan(20);
  expect(seen.never).toBeGreaterThan(20);
  expect(seen.spent).toBeGreaterThan(20);
});

test('old errors roll off: the budget comes back while the rule of thumb sees it run out', () => {
  const row = Array.from({ length: 100 }, (_, index) => countsOf(1000, index < 50 ? 1 : 0));
  const { kept, bounds } = keptOf(row);
  const pace = { bad: 1.5 / size, total: 1000 / size };
  expect(remaining(kept, bounds, objective, pace, 0)).toBe(0.5);
  expect(remaining(kept, bounds, objective, pace, 50 * size)).toBeCloseTo(0.25, 10);
  // The first half loses 1 and gains 1.5 per bucket; after it 1.5 more per bucket against 25 left.
  const found = rollingExhaustion(kept, bounds, objective, pace);
  expect(found.kind === 'in' ? found.seconds / size : null).toBeCloseTo(50 + 25 / 1.5, 9);
  expect(exhaustionAtPace(0.5, 1.5, 100 * size)).toBeCloseTo((0.5 / 1.5) * 100 * size, 6);
  const slow = { bad: 0.9 / size, total: 1000 / size };
  expect(rollingExhaustion(kept, bounds, objective, slow)).toEqual({ kind: 'never' });
});

test('a spent budget says when it comes back, or that it does not', () => {
  const row = Array.from({ length: 10 }, (_, index) => countsOf(1000, index < 2 ? 10 : 0));
  const { kept, bounds } = keptOf(row);
  const clean = { bad: 0, total: 1000 / size };
  const found = rollingExhaustion(kept, bounds, objective, clean);
  // 20 of 10 allowed: after one whole bucket 10 of 10, still spent; from then on it returns.
  expect(found.kind === 'spent' ? found.recoversInSeconds : null).toBeCloseTo(size, 6);
  const failing = { bad: 1000 / size, total: 1000 / size };
  expect(rollingExhaustion(kept, bounds, objective, failing)).toEqual({
    kind: 'spent',
    recoversInSeconds: null,
  });
});

test('what cannot be known is not forecast', () => {
  const pace = { bad: 0, total: 1 };
  const good = keptOf([countsOf(10, 0)]);
  const wrong = keptOf([countsOf(10, 0), countsOf(1, 2)]);
  const empty = keptOf([null, null]);
  const quiet = keptOf([countsOf(0, 0)]);
  expect(rollingExhaustion(good.kept, good.bounds, objective, null)).toEqual({ kind: 'unknown' });
  for (const { kept, bounds } of [wrong, empty, quiet]) {
    expect(rollingExhaustion(kept, bounds, objective, pace)).toEqual({ kind: 'unknown' });
  }
  expect(remaining(wrong.kept, wrong.bounds, objective, pace, 0)).toBeNull();
  expect(rateOf(emptyTally(3), 60)).toBeNull();
  expect(rateOf(tallyOf(countsOf(1, 2)), 60)).toBeNull();
});

test('without traffic the window empties and the budget is neither spent nor kept', () => {
  const { kept, bounds } = keptOf([countsOf(1000, 0), countsOf(1000, 0)]);
  const silence = { bad: 0, total: 0 };
  expect(rollingExhaustion(kept, bounds, objective, silence)).toEqual({ kind: 'never' });
  expect(remaining(kept, bounds, objective, silence, 2 * size)).toBeNull();
  // Good events leave first, bad ones stay: the budget can run out in silence.
  const late = keptOf([...Array.from({ length: 19 }, () => countsOf(1000, 0)), countsOf(1000, 10)]);
  expect(rollingExhaustion(late.kept, late.bounds, objective, silence)).toMatchObject({ kind: 'in' });
});

test('a pace counts only the buckets that are known', () => {
  const tally = tallyBuckets(bucketsOf([countsOf(600, 6), null, countsOf(600, 0)], 60));
  expect(rateOf(tally, 60)).toEqual({ bad: 0.05, total: 10 });
});

test('the range of forecasts runs from the soonest to the latest, unknown ones left out', () => {
  const unknown: Exhaustion = { kind: 'unknown' };
  const never: Exhaustion = { kind: 'never' };
  const soon: Exhaustion = { kind: 'in', seconds: 10 };
  const late: Exhaustion = { kind: 'in', seconds: 20 };
  const spent: Exhaustion = { kind: 'spent', recoversInSeconds: null };
  expect(exhaustionRange([late, unknown, soon])).toEqual({ soonest: soon, latest: late });
  expect(exhaustionRange([never, soon])).toEqual({ soonest: soon, latest: never });
  expect(exhaustionRange([late, spent])).toEqual({ soonest: spent, latest: late });
  expect(exhaustionRange([unknown])).toEqual({ soonest: unknown, latest: unknown });
});

test('the three paces give the range: a burst of an hour looks worse than three days of calm', () => {
  const count = (7 * day) / size;
  const row = Array.from({ length: count }, (_, index) => countsOf(1000, index >= count - 12 ? 10 : 0));
  const { kept, bounds } = keptOf(row);
  const { paces, soonest, latest } = rollingForecast(kept, bounds, objective);
  expect(paces.map(({ spanSeconds }) => spanSeconds / 3600)).toEqual([1, 6, 72]);
  expect(paces.map(({ rate }) => ((rate?.bad ?? 0) * size).toFixed(6))).toEqual([
    '10.000000',
    '1.666667',
    '0.138889',
  ]);
  // 120 of 2016 are spent. Nothing rolls off for a week less an hour, so 1896 are left for 10 each 5 minutes.
  expect(soonest.kind === 'in' ? soonest.seconds / size : null).toBeCloseTo(189.6, 6);
  expect(latest).toEqual({ kind: 'never' });
});

test('the forecast line begins at now with what is left now', () => {
  const { kept, bounds } = keptOf(Array.from({ length: 10 }, () => countsOf(1000, 1)));
  const line = forecastSeries(kept, bounds, objective, { bad: 0, total: 1000 / size }, 10 * size, 5);
  expect(line.map(([at]) => at)).toEqual([3000, 3600, 4200, 4800, 5400, 6000]);
  expect(line.map(([, left]) => Number(left?.toFixed(9)))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test('a calendar period is projected to its end', () => {
  const bounds = { from: 0, to: 10 * day, end: 30 * day };
  const tally = tallyOf(countsOf(1_000_000, 500));
  const pace = { bad: 100 / day, total: 100_000 / day };
  const projected = projectPeriod(tally, bounds, objective, pace);
  expect(projected?.total).toBeCloseTo(3_000_000, 3);
  expect(projected?.bad).toBeCloseTo(2500, 6);
  expect(projected?.allowedFailures).toBeCloseTo(3000, 6);
  expect(projected?.budgetLeft).toBeCloseTo(1 / 6, 9);
  expect(projected?.exhaustion).toEqual({ kind: 'never' });
  const faster = projectPeriod(tally, bounds, objective, { ...pace, bad: 250 / day })?.exhaustion;
  expect(faster?.kind === 'in' ? faster.seconds / day : null).toBeCloseTo(10, 9);
  expect(projectPeriod(tally, bounds, objective, null)).toBeNull();
  expect(projectPeriod(tallyOf(countsOf(1, 2)), bounds, objective, pace)).toBeNull();
  expect(projectPeriod(tallyOf(countsOf(0, 0)), bounds, objective, { bad: 0, total: 0 })).toBeNull();
});

test('a period runs out before its end exactly when its projection is overspent', () => {
  const cases = fc.tuple(anyCounts, anyCounts, anyObjective, fc.integer({ min: 1, max: 89 }));
  holds(cases, ([soFar, coming, text, passed]) => {
    const bounds = { from: 0, to: passed * day, end: 90 * day };
    const pace = { bad: coming.bad / day, total: coming.total / day };
    const projected = projectPeriod(tallyOf(soFar), bounds, objectiveOf(text), pace);
    if (projected === null) return expect(soFar.total + coming.total).toBe(0);
    if (Math.abs(projected.budgetLeft) < 1e-9) return;
    expect(projected.exhaustion.kind === 'never').toBe(projected.budgetLeft > 0);
    if (projected.exhaustion.kind !== 'in') return;
    const spent = soFar.bad + pace.bad * projected.exhaustion.seconds;
    expect(spent).toBeCloseTo(projected.allowedFailures, 3);
  });
});

test('the rule of thumb is silent while the budget is not outspent', () => {
  expect(exhaustionAtPace(0.5, 10, 30 * day)).toBe(1.5 * day);
  expect(exhaustionAtPace(0.5, 1, 30 * day)).toBeNull();
  expect(exhaustionAtPace(-0.1, 5, 30 * day)).toBe(0);
  expect(exhaustionAtPace(null, 5, 30 * day)).toBeNull();
});
