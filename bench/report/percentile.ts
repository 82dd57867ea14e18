/**
 * The nearest-rank percentile: the smallest sample that at least `share` (0-1) of all samples do not exceed.
 * Throws RangeError without samples, or with a share outside (0, 1].
 */
export function percentile(samples: readonly number[], share: number): number {
  if (!(share > 0 && share <= 1)) throw new RangeError(`A share lies in (0, 1]; ${share} does not.`);
  const value = samples.toSorted((a, b) => a - b)[Math.ceil(share * samples.length) - 1];
  if (value === undefined) throw new RangeError('There is no percentile of no samples.');
  return value;
}
