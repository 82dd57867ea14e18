/** A size at a time: unix seconds, bytes. */
export type SizeSample = readonly [at: number, bytes: number];

export type Growth = {
  /** The span asked for. */
  days: number;
  /** The span that the samples tell of, in seconds: shorter where they do not reach back. */
  seconds: number;
  /** Bytes gained; negative after something was removed. */
  bytes: number;
  bytesPerDay: number;
};

const day = 86_400;

/**
 * Growth over the last `days`: the newest sample against the newest one that is at least so old, or the oldest there
 * is. Null where samples tell of less than half of the span: a week is not said from an hour.
 */
export function growthOver(samples: readonly SizeSample[], days: number): Growth | null {
  const sorted = samples.toSorted(([a], [b]) => a - b);
  const last = sorted.at(-1);
  if (last === undefined) return null;
  const first = sorted.findLast(([at]) => at <= last[0] - days * day) ?? sorted[0];
  if (first === undefined) return null;
  const seconds = last[0] - first[0];
  if (seconds < (days * day) / 2) return null;
  const bytes = last[1] - first[1];
  return { days, seconds, bytes, bytesPerDay: (bytes / seconds) * day };
}

/** At most `most` samples, the newest among them, evenly taken. */
export function thinned(samples: readonly SizeSample[], most: number): SizeSample[] {
  const sorted = samples.toSorted(([a], [b]) => a - b);
  const step = Math.ceil(sorted.length / most);
  return step <= 1 ? sorted : sorted.filter((_, index) => (sorted.length - 1 - index) % step === 0);
}
