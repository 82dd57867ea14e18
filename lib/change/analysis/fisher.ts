import { logGamma } from '@/lib/slo/ledger/distribution';

export type Counted = { total: number; failed: number };

const logFactorial = (n: number): number => logGamma(n + 1);
const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/**
 * How likely the new version has at least so many of the failures by chance alone, when both versions fail equally
 * often: Fisher's exact test, one-sided (Fisher 1935, "The logic of inductive inference"; Agresti, Categorical Data
 * Analysis, 3.5). Exact and not a normal approximation of two proportions, because a canary has few requests and a
 * handful of failures, where that one is wrong (Cochran 1954: expected counts below 5). It keeps its level whatever
 * the true ratio is and errs to the side of chance; the own limit of the new version does not depend on it.
 * Counts are whole, `failed` at most `total`. 1 where either version was asked nothing.
 */
export function chanceOfExcess(candidate: Counted, baseline: Counted): number {
  const failures = candidate.failed + baseline.failed;
  const all = candidate.total + baseline.total;
  if (candidate.failed <= Math.max(0, failures - baseline.total)) return 1;
  // From the nearer end: the terms of the farther one are too small to begin with.
  return candidate.failed * all > candidate.total * failures
    ? Math.min(1, tailFrom(candidate.failed, 1))
    : Math.max(0, 1 - tailFrom(candidate.failed - 1, -1));

  /** The chances of `from` failures of the new version and of all counts farther in this direction. */
  function tailFrom(from: number, direction: 1 | -1): number {
    const most = Math.min(candidate.total, failures);
    const least = Math.max(0, failures - baseline.total);
    let term = Math.exp(
      logChoose(candidate.total, from) +
        logChoose(baseline.total, failures - from) -
        logChoose(all, failures),
    );
    let sum = 0;
    for (let k = from; k >= least && k <= most && term > sum * 1e-15; k += direction) {
      sum += term;
      const up = (candidate.total - k) * (failures - k);
      const down = k * (baseline.total - failures + k);
      term *=
        direction === 1
          ? up / ((k + 1) * (baseline.total - failures + k + 1))
          : down / ((candidate.total - k + 1) * (failures - k + 1));
    }
    return sum;
  }
}
