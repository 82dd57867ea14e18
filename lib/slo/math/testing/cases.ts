import fc from 'fast-check';
import { expect } from 'vitest';
import type { Bucket, Counts } from '../../model';

export const day = 86_400;

/** Holds `claim` over `runs` generated cases, and asserts that so many were made. */
export function holds<T>(cases: fc.Arbitrary<T>, claim: (one: T) => void, runs = 1000): void {
  let made = 0;
  fc.assert(
    fc.property(cases, (one) => {
      made += 1;
      claim(one);
    }),
    { numRuns: runs },
  );
  expect(made).toBe(runs);
}

export const countsOf = (total: number, bad: number): Counts => ({ good: total - bad, bad, total });

/** Valid whole counts; no traffic and no errors among them. */
export const anyCounts = fc
  .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 1000 }), fc.boolean())
  .map(([total, share, isClean]) => countsOf(total, isClean ? 0 : Math.floor((total * share) / 1000)));

/** Counts that cannot be true, each for its own reason. */
export const impossible: readonly Counts[] = [
  { good: Number.NaN, bad: 0, total: 10 },
  { good: 1, bad: Number.POSITIVE_INFINITY, total: 10 },
  { good: 10, bad: 0, total: Number.NEGATIVE_INFINITY },
  { good: -1, bad: 1, total: 0 },
  { good: 11, bad: -1, total: 10 },
  { good: 0, bad: 11, total: 10 },
  { good: 11, bad: 0, total: 10 },
  { good: 5, bad: 4, total: 10 },
  { good: 5, bad: 6, total: 10 },
];

/** Objectives as decimal text between 0 and 100, with up to six decimals. */
export const anyObjective = fc
  .tuple(
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 0, max: 999_999 }),
    fc.integer({ min: 0, max: 6 }),
  )
  .map(([whole, fraction, decimals]) => {
    const digits = String(fraction).padStart(6, '0').slice(0, decimals);
    return decimals === 0 ? String(whole) : `${whole}.${digits}`;
  })
  .filter((text) => Number(text) > 0);

/** Buckets of `size` seconds from the first one after `from`; null counts are gaps. */
export const bucketsOf = (all: readonly (Counts | null)[], size: number, from = 0): Bucket[] =>
  all.map((counts, index) => ({
    end: from + (index + 1) * size,
    counts,
    method: counts === null ? null : 'counted',
  }));

/** Lists of counts with gaps. */
export const anyRow = (minLength: number, maxLength: number) =>
  fc.array(fc.option(anyCounts, { freq: 5 }), { minLength, maxLength });
