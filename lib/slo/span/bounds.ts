import { formatDuration } from '@/lib/core/duration';
import { OpsError } from '@/lib/core/errors';
import type { Span } from '../ledger/spans';

const day = 86_400;
/** A longer span is a report, not something that happened. */
export const longestSeconds = 100 * day;
/** 5-minute buckets are kept for 40 days (retention.sloBuckets); a margin keeps clear of what is being removed. */
const fineSeconds = 39 * day;

const down = (time: number, size: number): number => Math.floor(time / size) * size;
const up = (time: number, size: number): number => Math.ceil(time / size) * size;

/** Where hours end and 5-minute buckets begin. */
export const fineFrom = (now: number): number => down(now - fineSeconds, 3600);

function refuse(path: 'from' | 'to', message: string, next: string): never {
  throw new OpsError('invalid', `The span cannot be priced: ${message}`, {
    next,
    fields: [{ path, message }],
  });
}

/** What is known of time: the moment it is, and how long counts by the hour are kept. */
export type Clock = { now: number; hoursKeptSeconds: number };

/**
 * A span taken to whole buckets, outwards: of 5 minutes, of an hour where the finer ones are gone. Throws OpsError
 * `invalid` for one that is empty, too long, in the future or older than what is kept.
 */
export function snapSpan({ from, to }: Span, { now, hoursKeptSeconds }: Clock): Span & { size: number } {
  if (to <= from) refuse('to', 'it ends before it begins.', 'Choose an end after the beginning.');
  if (from >= now) refuse('from', 'it lies in the future.', 'Choose a span that has begun.');
  if (to - from > longestSeconds) {
    refuse('to', `it is longer than ${formatDuration(longestSeconds)}.`, 'Choose a shorter one.');
  }
  if (from < now - hoursKeptSeconds) {
    refuse(
      'from',
      `it begins more than ${formatDuration(hoursKeptSeconds)} ago, and single hours are kept no longer.`,
      'Choose a later one.',
    );
  }
  const fine = fineFrom(now);
  const sizeAt = (time: number) => (time < fine ? 3600 : 300);
  const begin = down(from, sizeAt(from));
  return { from: begin, to: Math.max(up(to, sizeAt(to)), begin + sizeAt(from)), size: sizeAt(from) };
}
