import type { Point } from '@/lib/service/contract';
import { highest, type Line, niceTicks } from './series';

/** The y axis of a chart: what it spans, its ticks (null: the library's own), and the lines worth drawing on it. */
export type Scale<T> = { domain: [number, number]; ticks: number[] | null; thresholds: T[] };
type Limit = { value: number };

/** Under this a burn rate is drawn on the foot of a logarithmic axis, which has no zero. */
export const logFoot = 0.05;
const logTicks = [0.1, 1, 3, 14.4, 100, 1000];

/** From zero to the data; a threshold far above it would flatten it and is left out. */
export function linearScale<T extends Limit>(
  lines: Line[],
  thresholds: T[],
  domain?: [number, number],
): Scale<T> {
  const top = highest(lines);
  const near = thresholds.filter((threshold) => threshold.value <= top * 2.5);
  if (domain) return { domain, ticks: null, thresholds };
  const ticks = niceTicks(Math.max(top, ...near.map((threshold) => threshold.value)) * 1.05);
  return { domain: [0, ticks.at(-1) ?? 1], ticks, thresholds: near };
}

/** Decades from the foot to the data, at least to the highest threshold. */
export function logScale<T extends Limit>(lines: Line[], thresholds: T[]): Scale<T> {
  const top = Math.max(highest(lines), ...thresholds.map((threshold) => threshold.value)) * 1.4;
  return { domain: [logFoot, top], ticks: logTicks.filter((tick) => tick <= top), thresholds };
}

export const liftToFoot = (points: Point[]): Point[] =>
  points.map(([at, value]) => [at, value === null ? null : Math.max(value, logFoot)]);

const labelHeight = 14;

/**
 * At which end of its line each threshold is named: at the right, at the left when its name would lie on another
 * one there, and not at all when it would at both. `height` is the plot's, in pixels.
 */
export function labelSides(
  thresholds: readonly Limit[],
  [low, high]: readonly [number, number],
  height: number,
): ('right' | 'left' | null)[] {
  const y = (value: number) => ((value - low) / (high - low)) * height;
  const taken: Record<'right' | 'left', number[]> = { right: [], left: [] };
  const sides = new Map<Limit, 'right' | 'left'>();
  for (const threshold of [...thresholds].sort((a, b) => b.value - a.value)) {
    const here = y(threshold.value);
    const isFree = (side: 'right' | 'left') =>
      taken[side].every((other) => Math.abs(other - here) >= labelHeight);
    const side = (['right', 'left'] as const).find(isFree);
    if (side === undefined) continue;
    taken[side].push(here);
    sides.set(threshold, side);
  }
  return thresholds.map((threshold) => sides.get(threshold) ?? null);
}
