import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordedOf } from '../fleet/tallies';
import { objectiveOf } from '../math/objective';
import { anyObjective, anyRow, bucketsOf, countsOf, holds } from '../math/testing/cases';
import type { Bucket, Counts } from '../model';
import { spanCost } from './cost';

const size = 300;
const objective = objectiveOf('99.9');
const origin = 1_795_000_200;

const windowOf = (total: number, bad: number, from = 0, to = 1e12) => ({
  counts: countsOf(total, bad),
  known: 1,
  expected: 1,
  invalid: 0,
  method: 'counted' as const,
  from,
  to,
});
const group = (buckets: Bucket[], region = 'us-east-1') => ({
  key: `region=${region}`,
  labels: { region },
  recorded: recordedOf([{ size, buckets }]),
});
const costOf = (rows: readonly (readonly (Counts | null)[])[], more: { from?: number; to?: number } = {}) => {
  const length = rows[0]?.length ?? 0;
  return spanCost({
    span: { from: more.from ?? origin, to: more.to ?? origin + length * size },
    size,
    objective,
    window: windowOf(1_000_000, 700),
    groups: rows.map((row, index) => group(bucketsOf(row, size, origin), `r${index}`)),
  });
};

test('a span costs its failures over what the window allows', () => {
  const cost = costOf([
    [countsOf(1000, 50), countsOf(1000, 10)],
    [countsOf(1000, 0), countsOf(1000, 13)],
  ]);
  // 73 of 0.1 % of a million.
  expect(cost).toMatchObject({
    total: 4000,
    bad: 73,
    share: 0.073,
    state: 'ok',
    coverage: 1,
    method: 'counted',
  });
  expect(cost.burn).toBeCloseTo(73 / 4000 / 0.001, 9);
  expect(cost.remarks).toEqual([]);
  expect(cost.groups.map(({ key, bad, part }) => [key, bad, part])).toEqual([
    ['region=r0', 60, 60 / 73],
    ['region=r1', 13, 13 / 73],
  ]);
  expect(cost.steps.map(([, burn]) => Number(burn?.toFixed(6)))).toEqual([25, 11.5]);
});

test('the five states are never taken for one another', () => {
  const row = [countsOf(100, 1), null, null, null];
  expect(costOf([[null, null]])).toMatchObject({ state: 'no-data', bad: null, share: null, burn: null });
  expect(costOf([[countsOf(0, 0)]])).toMatchObject({ state: 'no-traffic', bad: 0, share: 0, burn: null });
  expect(costOf([[countsOf(10, 0)]])).toMatchObject({ state: 'no-errors', bad: 0, share: 0, burn: 0 });
  expect(costOf([row])).toMatchObject({ state: 'partial', bad: 1, coverage: 0.25 });
  expect(costOf([[{ good: 1, bad: 5, total: 3 }, countsOf(10, 1)]])).toMatchObject({
    state: 'invalid',
    bad: null,
    share: null,
  });
});

test('what weakens a figure is said', () => {
  expect(costOf([[null]]).remarks).toEqual(['Nothing was recorded in it: that is no data, not no failures.']);
  expect(costOf([[countsOf(10, 1), null]]).remarks).toEqual([
    '50.0 % of the span is not known: it counts neither as good nor as bad.',
  ]);
  const estimated = bucketsOf([countsOf(10, 1)], size, origin).map((one) => ({
    ...one,
    method: 'estimated' as const,
  }));
  const mixed = spanCost({
    span: { from: origin, to: origin + 2 * size },
    size,
    objective,
    window: windowOf(1000, 1),
    groups: [group([...estimated, ...bucketsOf([countsOf(10, 1)], size, origin + size)])],
  });
  expect(mixed.method).toBe('mixed');
  expect(mixed.remarks[0]).toMatch(
    /^Method mixed: 50\.0 % of the span is counted .*; 50\.0 % of the span is estimated/,
  );
});

test('a span outside the window that counts now says so', () => {
  const at = (from: number, to: number) =>
    spanCost({
      span: { from: origin, to: origin + 4 * size },
      size,
      objective,
      window: windowOf(1000, 1, from, to),
      groups: [group(bucketsOf(Array(4).fill(countsOf(10, 1)), size, origin))],
    }).remarks;
  const end = origin + 90 * size;
  expect(at(origin, end)).toEqual([]);
  expect(at(origin + size, end)[0]).toMatch(/^Its first 5 min lie before the window/);
  expect(at(origin + 4 * size, end)[0]).toMatch(/^It lies before the window/);
});

test('spans that follow one another cost together what all of it costs', () => {
  let cut = 0;
  const cases = fc.tuple(anyRow(2, 60), anyObjective, fc.array(fc.nat(1000), { maxLength: 6 }));
  holds(cases, ([row, text, cuts]) => {
    const parsed = objectiveOf(text);
    const groups = [group(bucketsOf(row, size, origin))];
    const cost = (from: number, to: number) =>
      spanCost({
        span: { from: origin + from * size, to: origin + to * size },
        size,
        objective: parsed,
        window: windowOf(5_000_000, 10),
        groups,
      });
    const places = [...new Set([0, ...cuts.map((one) => one % row.length), row.length])].sort(
      (a, b) => a - b,
    );
    cut += places.length - 2;
    const parts = places.slice(1).map((to, index) => cost(places[index] ?? 0, to));
    const whole = cost(0, row.length);
    const sum = (of: (one: (typeof parts)[number]) => number | null) =>
      parts.reduce((so, one) => so + (of(one) ?? 0), 0);
    expect(sum(({ bad }) => bad)).toBe(whole.bad ?? 0);
    expect(sum(({ total }) => total)).toBe(whole.total ?? 0);
    expect(sum(({ share }) => share)).toBeCloseTo(whole.share ?? 0, 9);
    expect(whole.share === null).toBe(row.every((one) => one === null));
  });
  expect(cut).toBeGreaterThan(1000);
});
