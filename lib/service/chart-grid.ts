import { parseDuration } from '@/lib/core/duration';
import { stepFor } from '@/lib/sources/prometheus/queries';
import type { Point, Range } from './contract';

/** Times of a chart in unix seconds, all multiples of the step: equal questions get equal answers. */
export type Grid = { from: number; to: number; step: number };

export function gridOf(range: Range, nowSeconds: number): Grid {
  const seconds = parseDuration(range) ?? 7200;
  const step = stepFor(seconds);
  const to = Math.floor(nowSeconds / step) * step;
  return { from: to - Math.floor(seconds / step) * step, to, step };
}

/** One point per step; what is absent, NaN or infinite is null, so that the line breaks there. */
export function onGrid(points: readonly [number, number][], { from, to, step }: Grid): Point[] {
  const known = new Map(points);
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index): Point => {
    const at = from + index * step;
    const value = known.get(at);
    return [at, value === undefined || !Number.isFinite(value) ? null : value];
  });
}
