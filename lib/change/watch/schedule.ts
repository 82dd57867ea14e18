/** One tier of the watch, in seconds after the end of the change: (starts, ends]. */
export type Tier = { starts: number; ends: number };

/** For so long the looks are close to one another. */
export const denseSeconds = 3600;

/** The tiers of a watch, each from the end of the one before. `lengths` rise. */
export const tiersOf = (lengths: readonly number[]): Tier[] =>
  lengths.map((ends, index) => ({ starts: lengths[index - 1] ?? 0, ends }));

/**
 * When a tier is looked at next, in seconds after the end of the change; `after` is the look before, or the start of
 * the tier. In the first hour each `cadence`, later at the end of the tier alone. A look at the end that could not be
 * made is tried again after the cadence.
 */
export function nextLook({ starts, ends }: Tier, after: number, cadence: number): number {
  const from = Math.max(starts, after);
  if (from >= ends) return from + cadence;
  const next = from + cadence;
  return next <= denseSeconds && next < ends ? next : ends;
}
