import type { Cell } from '../cells';

/** Cells of `size` seconds from `from` on, with `bad` of `total` in each; null is a hole. */
export function row(
  pairs: readonly ([bad: number, total: number] | null)[],
  { from = 0, size = 300 } = {},
): Cell[] {
  return pairs.map((pair, index) => ({
    from: from + index * size,
    to: from + (index + 1) * size,
    counts: pair === null ? null : { bad: pair[0], total: pair[1], good: pair[1] - pair[0] },
  }));
}

export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** A small generator with a seed (mulberry32), so that a simulation is the same on every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A Poisson number of small mean (Knuth), or the sum of several for a large one. */
export function poisson(mean: number, random: () => number): number {
  let left = mean;
  let count = 0;
  for (; left > 30; left -= 30) count += poisson(30, random);
  const limit = Math.exp(-left);
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}
