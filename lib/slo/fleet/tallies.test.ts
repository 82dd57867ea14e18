import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { burnRate } from '../math/burn';
import { between, cumulate } from '../math/cumulative';
import { rollingExhaustion } from '../math/forecast';
import { objectiveOf } from '../math/objective';
import { sliceTargetOf } from '../math/slices';
import type { Bucket, Counts } from '../model';
import { keptOf, rollingPaces } from './kept';
import { joinGroups, methodSeconds, recordedOf, tallyBetween, throughLens } from './tallies';

const [hour, day] = [3600, 86_400];
/** A 5-minute mark that is no whole hour. */
const to = 1_795_256_100 - (1_795_256_100 % 300);
const counts = (total: number, bad: number): Counts => ({ good: total - bad, bad, total });
const bucket = (end: number, of: Counts | null): Bucket => ({
  end,
  counts: of,
  method: of === null ? null : 'counted',
});

describe('spans of recorded buckets', () => {
  const size = fc.constantFrom(60 as const, 300 as const);
  const some = fc.array(fc.option(fc.tuple(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }))), {
    minLength: 1,
    maxLength: 60,
  });

  test('any span is the sum of its buckets, whatever their sizes', () => {
    fc.assert(
      fc.property(size, some, some, fc.nat(80), fc.nat(80), (first, before, after, a, b) => {
        const of = (list: typeof before, from: number, step: number) =>
          list.map((one, index) =>
            bucket(
              from + (index + 1) * step,
              one === null ? null : counts(one[0], Math.floor(one[0] * one[1])),
            ),
          );
        const coarse = of(before, 0, first);
        const end = before.length * first;
        const fine = of(after, end, 60);
        const recorded = recordedOf([
          { size: first, buckets: coarse },
          { size: 60, buckets: fine },
        ]);
        const [from, until] = [Math.min(a, b) * 60, Math.max(a, b) * 60];
        const inside = [...coarse, ...fine].filter((one) => one.end > from && one.end <= until);
        const known = inside.flatMap((one) => one.counts ?? []);
        const tally = tallyBetween(recorded, from, until);
        expect(tally.counts?.total ?? null).toBe(
          known.length === 0 ? null : known.reduce((sum, one) => sum + one.total, 0),
        );
        expect(tally.counts?.bad ?? null).toBe(
          known.length === 0 ? null : known.reduce((sum, one) => sum + one.bad, 0),
        );
        expect(tally.known).toBe(
          inside.reduce((sum, one) => sum + (one.counts === null ? 0 : one.end > end ? 60 : first), 0),
        );
        expect(tally.expected).toBe(until - from);
      }),
    );
  });

  test('impossible buckets are in no sum and are told', () => {
    const recorded = recordedOf([
      {
        size: 300,
        buckets: [
          bucket(300, counts(10, 1)),
          bucket(600, { good: 0, bad: 5, total: 1 }),
          bucket(900, { good: Number.NaN, bad: Number.NaN, total: Number.NaN }),
          { ...bucket(1200, counts(10, 0)), method: 'estimated' },
        ],
      },
    ]);
    expect(tallyBetween(recorded, 0, 1200)).toEqual({
      counts: counts(20, 1),
      known: 600,
      expected: 1200,
      invalid: 2,
      method: 'mixed',
    });
    expect(methodSeconds(recorded, 0, 1200)).toEqual([
      ['counted', 300],
      ['estimated', 300],
    ]);
  });

  test('groups add up, and what is known of the span is their mean', () => {
    const known = tallyBetween(recordedOf([{ size: 300, buckets: [bucket(300, counts(10, 1))] }]), 0, 300);
    const unknown = tallyBetween(recordedOf([]), 0, 300);
    expect(joinGroups([known, unknown], 300)).toMatchObject({
      counts: counts(10, 1),
      known: 150,
      expected: 300,
    });
    expect(joinGroups([], 300)).toMatchObject({ counts: null, known: 0, expected: 300 });
  });

  test('excluded buckets count nothing and are still known', () => {
    const run = { size: 300, buckets: [bucket(300, counts(10, 9)), bucket(600, counts(10, 1))] };
    const seen = throughLens(run, { excluded: [{ from: 10, to: 20 }], slices: null });
    expect(tallyBetween(recordedOf([seen]), 0, 600)).toMatchObject({
      counts: counts(10, 1),
      known: 600,
      invalid: 0,
    });
  });

  test('slices finer than what is left are judged as one, as an estimate', () => {
    const slices = { seconds: 60, target: sliceTargetOf('99') };
    const coarse = { size: 300, buckets: [bucket(300, counts(100, 2)), bucket(600, counts(100, 1))] };
    const seen = throughLens(coarse, { excluded: [], slices });
    expect(seen.buckets.map((one) => [one.counts, one.method])).toEqual([
      [counts(5, 5), 'estimated'],
      [counts(5, 0), 'estimated'],
    ]);
    const fine = { size: 60, buckets: [bucket(60, counts(20, 1)), bucket(120, counts(20, 0))] };
    expect(throughLens(fine, { excluded: [], slices }).buckets.map((one) => one.counts)).toEqual([
      counts(1, 1),
      counts(1, 0),
    ]);
  });
});

describe('the forecast on a grid that ends now', () => {
  const objective = objectiveOf('99.9');

  test('keeps every event, and at a whole hour it is that of the buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 168, maxLength: 168 }), fc.nat(3599), (bads, late) => {
        const start = Math.floor(to / hour) * hour - 168 * hour;
        const end = start + 168 * hour + late;
        const hours = bads.map((bad, index) => bucket(start + (index + 1) * hour, counts(1000, bad)));
        const tail = { counts: counts(late, 0), known: late, expected: late, invalid: 0, method: null };
        const kept = keptOf({ hours, tail }, end, 168 * hour);
        const whole = between(kept.sums, kept.bounds.from, kept.bounds.to).counts;
        const firstBad = bads[0] ?? 0;
        const sum = bads.reduce((a, b) => a + b, 0) - firstBad * (late / hour);
        expect(whole?.bad).toBeCloseTo(sum, 6);
        expect(kept.bounds.to + kept.shift).toBe(end);
        if (late !== 0) return;
        const sums = cumulate(hours, hour, { from: start, to: end });
        const rate = { bad: 0.001, total: 0.3 };
        const [ours, theirs] = [
          rollingExhaustion(kept.sums, kept.bounds, objective, rate),
          rollingExhaustion(sums, { from: start, to: end }, objective, rate),
        ];
        expect(ours.kind).toBe(theirs.kind);
        if (ours.kind === 'in' && theirs.kind === 'in') expect(ours.seconds).toBeCloseTo(theirs.seconds, 6);
      }),
      { numRuns: 30 },
    );
  });

  test('a window with impossible counts has no forecast', () => {
    const tally = { counts: counts(100, 1), known: hour, expected: hour, invalid: 1, method: null };
    const kept = keptOf({ hours: [], tail: tally }, to, day);
    const { soonest } = rollingPaces(
      kept,
      tally,
      () => tally,
      objective,
      (one) => burnRate(one, objective),
    );
    expect(soonest).toEqual({ kind: 'unknown' });
  });
});
