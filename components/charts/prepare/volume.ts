import type { Point } from '@/lib/service/contract';

export type VolumeBand = { key: string; points: Point[] };
export type VolumeBar = { at: number; total: number; parts: { key: string; from: number; count: number }[] };

/** Bars from the baseline up in the order of the bands; a step without lines is a bar of zero. */
export function stackBars(bands: readonly VolumeBand[], from: number, to: number, step: number): VolumeBar[] {
  const counts = new Map<number, Map<string, number>>();
  for (const band of bands) {
    for (const [at, count] of band.points) {
      const slot = Math.floor(at / step) * step;
      if (count === null || slot + step <= from || slot > to) continue;
      const known = counts.get(slot) ?? new Map<string, number>();
      known.set(band.key, (known.get(band.key) ?? 0) + count);
      counts.set(slot, known);
    }
  }
  const bars: VolumeBar[] = [];
  for (let at = Math.floor(from / step) * step; at <= to; at += step) {
    const here = counts.get(at);
    const parts: VolumeBar['parts'] = [];
    let total = 0;
    for (const { key } of bands) {
      const count = here?.get(key) ?? 0;
      if (count > 0) parts.push({ key, from: total, count });
      total += count;
    }
    bars.push({ at, total, parts });
  }
  return bars;
}

/** All lines of a band in the range. */
export const countOf = (bars: readonly VolumeBar[], key: string): number =>
  bars.reduce((sum, bar) => sum + (bar.parts.find((part) => part.key === key)?.count ?? 0), 0);

const window = 3;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * The clearest rise of some bands: three steps after a point against the three before it. Null when the rise
 * is less than threefold or smaller than five lines a step: that much is noise.
 */
export function riseOf(
  bars: readonly VolumeBar[],
  keys: readonly string[],
): { at: number; before: number; after: number } | null {
  const counts = bars.map((bar) =>
    bar.parts.reduce((sum, part) => sum + (keys.includes(part.key) ? part.count : 0), 0),
  );
  let best: { at: number; before: number; after: number } | null = null;
  // The last bar is still filling and the first may be cut, so neither counts.
  for (let index = window + 1; index + window < bars.length; index += 1) {
    const before = median(counts.slice(index - window, index));
    const after = median(counts.slice(index, index + window));
    const bar = bars[index];
    const here = counts[index] ?? 0;
    if (bar === undefined || Math.min(here, after) - before < 5 || Math.min(here, after) < before * 3)
      continue;
    if (best === null || after - before > best.after - best.before) best = { at: bar.at, before, after };
  }
  return best;
}
