import type { Counts } from '../model';

/**
 * Counting events from the raw samples of counters. Pure: no clock, no source. Times are unix seconds; a bucket with
 * end e holds the samples of (e - size, e].
 */

export type Sample = readonly [at: number, value: number];

/** Two samples further apart do not say that the series was there in between (Prometheus's look-back). */
export const staleAfter = 300;

export type Span = { from: number; to: number; size: number };

/**
 * What a series says of its past: the last value before the first sample given, `born` when there was none, and
 * `unknown` when that cannot be told; then its first value is where counting begins.
 */
export type Before = number | 'born' | 'unknown';

/** Events of one series, by end of bucket. A bucket is known without events too; a refused one is in `invalid`. */
export type SeriesCounts = { events: Map<number, number>; known: Set<number>; invalid: Set<number> };

const endOf = (at: number, size: number): number => Math.ceil(at / size) * size;

/** Samples that are numbers, in order of time, each time once; the list itself where it is so already. */
function clean(samples: readonly Sample[]): readonly Sample[] {
  let before = Number.NEGATIVE_INFINITY;
  for (const [at, value] of samples) {
    if (at <= before || !Number.isFinite(value)) return tidied(samples);
    before = at;
  }
  return samples;
}

function tidied(samples: readonly Sample[]): Sample[] {
  const finite = samples.filter(([, value]) => Number.isFinite(value));
  return [...new Map(finite.toSorted((a, b) => a[0] - b[0]).map((one) => [one[0], one])).values()];
}

/** True when the samples themselves do not tell where counting begins: none of them is at `from` or before. */
export function needsBefore(samples: readonly Sample[], from: number): boolean {
  const first = clean(samples).find(([, value]) => value >= 0);
  return first !== undefined && first[0] > from;
}

/**
 * Increments of a counter in (from, to]. Each belongs to the bucket of its later sample; a value below the one before
 * is a reset and counts whole, as does the first value of a series that was born. NaN and infinite samples are passed
 * over; a negative one is no count, and its bucket is refused.
 */
export function countSeries(samples: readonly Sample[], span: Span, before: Before): SeriesCounts {
  const { from, to, size } = span;
  const counts: SeriesCounts = { events: new Map(), known: new Set(), invalid: new Set() };
  let last: number | null = before === 'unknown' ? null : before === 'born' ? 0 : before;
  let lastAt: number | null = null;
  for (const [at, value] of clean(samples)) {
    if (at > to) break;
    const end = endOf(at, size);
    if (value < 0) {
      if (at > from) counts.invalid.add(end);
      continue;
    }
    if (at > from) {
      const added = last === null ? 0 : value < last ? value : value - last;
      counts.events.set(end, (counts.events.get(end) ?? 0) + added);
      // Between two neighbours the series was there, though a slow scrape left a bucket without a sample.
      const since = lastAt !== null && at - lastAt <= staleAfter ? endOf(lastAt, size) : end;
      for (let known = Math.max(since, endOf(from, size) + size); known < end; known += size) {
        if (known > from) counts.known.add(known);
      }
      counts.known.add(end);
    }
    last = value;
    lastAt = at;
  }
  return counts;
}

/** Events of several series of one group and role, by end of bucket; NaN where one of them was refused. */
export type RoleCounts = Map<number, number>;

export function addSeries(into: RoleCounts, { events, known, invalid }: SeriesCounts): void {
  for (const end of known) into.set(end, (into.get(end) ?? 0) + (events.get(end) ?? 0));
  for (const end of invalid) into.set(end, Number.NaN);
}

/**
 * Good, bad and total of each bucket. Without a series of failures nothing failed; without one of good events nothing
 * was good, unless they are the buckets of a histogram: those are there whenever its count is, so that their absence
 * is a gap. Contradictions stay visible: more bad events than events is kept as it was counted.
 */
export function joinRoles(
  total: RoleCounts,
  other: { role: 'good' | 'bad'; counts: RoleCounts; alwaysThere: boolean },
): Map<number, Counts> {
  const joined = new Map<number, Counts>();
  const add = (end: number, all: number, part: number | undefined) => {
    if (part === undefined && other.alwaysThere) return;
    if (Number.isNaN(all) || Number.isNaN(part)) {
      joined.set(end, { good: Number.NaN, bad: Number.NaN, total: Number.NaN });
      return;
    }
    const counted = part ?? 0;
    const rest = Math.max(0, all - counted);
    joined.set(
      end,
      other.role === 'bad'
        ? { good: rest, bad: counted, total: all }
        : { good: counted, bad: rest, total: all },
    );
  };
  for (const [end, all] of total) add(end, all, other.counts.get(end));
  for (const [end, part] of other.counts) {
    if (part !== 0 && !total.has(end)) add(end, 0, part);
  }
  return joined;
}

/** Buckets added up to coarser ones of `size` seconds. */
export function coarser(buckets: ReadonlyMap<number, Counts>, size: number): Map<number, Counts> {
  const sums = new Map<number, Counts>();
  for (const [end, { good, bad, total }] of buckets) {
    const at = endOf(end, size);
    const sum = sums.get(at) ?? { good: 0, bad: 0, total: 0 };
    sums.set(at, { good: sum.good + good, bad: sum.bad + bad, total: sum.total + total });
  }
  return sums;
}
