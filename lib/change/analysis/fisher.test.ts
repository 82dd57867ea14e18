import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceOfExcess } from './fisher';

const choose = (n: number, k: number): bigint => {
  if (k < 0 || k > n) return 0n;
  let result = 1n;
  for (let i = 1; i <= k; i += 1) result = (result * BigInt(n - k + i)) / BigInt(i);
  return result;
};

/** The same tail in whole numbers, with fractions only at the end. */
function exactly(candidate: { total: number; failed: number }, baseline: typeof candidate): number {
  const failures = candidate.failed + baseline.failed;
  let tail = 0n;
  for (let k = candidate.failed; k <= Math.min(candidate.total, failures); k += 1) {
    tail += choose(candidate.total, k) * choose(baseline.total, failures - k);
  }
  const scale = 10n ** 15n;
  return Number((tail * scale) / choose(candidate.total + baseline.total, failures)) / 1e15;
}

const anyCounted = (most: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most }))
    .map(([a, b]) => ({ total: Math.max(a, b), failed: Math.min(a, b) }));

describe("Fisher's exact test, one-sided", () => {
  test.each([
    ['the tea of 1935: three of four against one of four', 4, 3, 4, 1, 17 / 70],
    ['all four against none', 4, 4, 4, 0, 1 / 70],
    ['far fewer than the old version', 4000, 1, 4000, 3900, 1],
    ['nothing failed in either', 50, 0, 60, 0, 1],
    ['the new version was not asked', 0, 0, 60, 6, 1],
    ['the old version was not asked', 60, 6, 0, 0, 1],
  ])('%s', (_, total, failed, oldTotal, oldFailed, expected) => {
    const chance = chanceOfExcess({ total, failed }, { total: oldTotal, failed: oldFailed });
    expect(chance).toBeCloseTo(expected, 12);
  });

  test('is what whole numbers give', () => {
    let cases = 0;
    fc.assert(
      fc.property(anyCounted(60), anyCounted(60), (candidate, baseline) => {
        cases += 1;
        expect(chanceOfExcess(candidate, baseline)).toBeCloseTo(exactly(candidate, baseline), 9);
      }),
      { seed: 41, numRuns: 500 },
    );
    expect(cases).toBe(500);
  });

  test('keeps its level: two equal versions differ by chance in at most one of a hundred windows', () => {
    const logChoose = (n: number, k: number) => Math.log(Number(choose(n, k)));
    const chanceOf = (n: number, k: number, p: number) =>
      Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
    const [few, many] = [30, 90];
    for (const ratio of [0.01, 0.05, 0.2, 0.5]) {
      let wrong = 0;
      for (let a = 0; a <= few; a += 1) {
        for (let b = 0; b <= many; b += 1) {
          if (chanceOfExcess({ total: few, failed: a }, { total: many, failed: b }) >= 0.01) continue;
          wrong += chanceOf(few, a, ratio) * chanceOf(many, b, ratio);
        }
      }
      expect(wrong).toBeLessThanOrEqual(0.01);
    }
  });

  test('one more failure of the new version is never explained better by chance', () => {
    let cases = 0;
    fc.assert(
      fc.property(anyCounted(2000), anyCounted(40_000), (candidate, baseline) => {
        cases += 1;
        if (candidate.failed === candidate.total) return;
        const more = chanceOfExcess({ ...candidate, failed: candidate.failed + 1 }, baseline);
        expect(more).toBeLessThanOrEqual(chanceOfExcess(candidate, baseline) + 1e-9);
      }),
      { seed: 42, numRuns: 300 },
    );
    expect(cases).toBe(300);
  });

  test('counts of a busy service', () => {
    const chance = chanceOfExcess({ total: 600_000, failed: 900 }, { total: 11_400_000, failed: 11_400 });
    expect(chance).toBeGreaterThan(0);
    expect(chance).toBeLessThan(1e-20);
    const equal = chanceOfExcess({ total: 600_000, failed: 600 }, { total: 11_400_000, failed: 11_400 });
    expect(equal).toBeGreaterThan(0.45);
    expect(equal).toBeLessThan(0.55);
  });
});
