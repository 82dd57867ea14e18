import type { Bucket, Counts } from '../model';
import { countsProblem, coverage, joinMethods, tallyBuckets } from './counts';
import { isMet, type Objective, parseObjective } from './objective';
import { partialBelow } from './state';

/** The share of good events that makes a slice good. Unlike an objective it may be 100 %. */
export type SliceTarget = Pick<Objective, 'text' | 'failures' | 'per'>;

/** Reads a slice target in per cent, up to and with 100. Throws RangeError for other text. */
export function sliceTargetOf(text: string): SliceTarget {
  if (/^100(\.0+)?$/.test(text)) return { text, failures: 0, per: 1 };
  const parsed = parseObjective(text);
  if ('problem' in parsed) throw new RangeError(parsed.problem);
  return parsed.objective;
}

/** What becomes of a slice that nobody measured, or in which nothing was asked. Tools differ: it must be said. */
export const sliceOutcomes = ['good', 'bad', 'ignored'] as const;
export type SliceOutcome = (typeof sliceOutcomes)[number];
export type SlicePolicy = { missing: SliceOutcome; noTraffic: SliceOutcome };

/** Nothing is invented: what was not measured is neither up nor down. */
export const defaultSlicePolicy: SlicePolicy = { missing: 'ignored', noTraffic: 'ignored' };

const goodSlice: Counts = { good: 1, bad: 0, total: 1 };
const badSlice: Counts = { good: 0, bad: 1, total: 1 };
const noSlice: Counts = { good: 0, bad: 0, total: 0 };

function outcome(of: SliceOutcome, ignored: Counts | null): Counts | null {
  if (of === 'ignored') return ignored;
  return of === 'good' ? goodSlice : badSlice;
}

/**
 * One slice as counts of slices, so that budget, burn and forecast work on them as on events. Null is a slice that
 * stays unknown; an ignored one without traffic is known and counts nothing. Impossible counts pass through as
 * they are and make the span invalid.
 */
export function judgeSlice(
  counts: Counts | null,
  target: SliceTarget,
  policy: SlicePolicy = defaultSlicePolicy,
): Counts | null {
  if (counts === null) return outcome(policy.missing, null);
  if (countsProblem(counts) !== null) return counts;
  if (counts.total === 0) return outcome(policy.noTraffic, noSlice);
  return isMet(target, counts) ? goodSlice : badSlice;
}

/**
 * Slices of `sliceSeconds` from buckets of `size`, over the span that the buckets cover. A slice of which less than
 * half is known is missing. Throws RangeError when the buckets do not fill slices: an hour cannot be cut into
 * minutes again, so slices are judged before buckets are rolled up.
 */
export function toSlices(
  buckets: readonly Bucket[],
  size: number,
  sliceSeconds: number,
  target: SliceTarget,
  policy: SlicePolicy = defaultSlicePolicy,
): Bucket[] {
  if (sliceSeconds % size !== 0) {
    throw new RangeError(`Slices of ${sliceSeconds} s cannot be made of buckets of ${size} s.`);
  }
  const parts = new Map<number, Bucket[]>();
  for (const bucket of buckets) {
    const end = Math.ceil(bucket.end / sliceSeconds) * sliceSeconds;
    const part = parts.get(end);
    if (part === undefined) parts.set(end, [bucket]);
    else part.push(bucket);
  }
  const ends = [...parts.keys()];
  const first = ends.reduce((least, end) => Math.min(least, end), Number.POSITIVE_INFINITY);
  const last = ends.reduce((most, end) => Math.max(most, end), Number.NEGATIVE_INFINITY);
  const slices: Bucket[] = [];
  for (let end = first; end <= last; end += sliceSeconds) {
    const part = parts.get(end) ?? [];
    const counts = judgeSlice(sliceCounts(part, sliceSeconds / size), target, policy);
    slices.push({ end, counts, method: counts === null ? null : joinMethods(part.map((one) => one.method)) });
  }
  return slices;
}

function sliceCounts(part: readonly Bucket[], expected: number): Counts | null {
  const impossible = part.find(({ counts }) => counts !== null && countsProblem(counts) !== null);
  if (impossible !== undefined) return impossible.counts;
  const tally = tallyBuckets(part, expected);
  return coverage(tally) < partialBelow ? null : tally.counts;
}
