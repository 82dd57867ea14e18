import { parseDuration } from '@/lib/core/duration';
import { OpsError } from '@/lib/core/errors';

/** Loki's own limit of one query (721 h) rounded down: 30 days. */
const longestSeconds = 30 * 86_400;

/** Milliseconds since 1970 of `now`, `now-15m` or an ISO time. Throws OpsError `invalid` naming the field. */
export function parseTime(text: string, field: 'from' | 'to', now: Date): number {
  const wanted = text.trim();
  if (wanted === 'now') return now.getTime();
  const back = /^now-(.+)$/.exec(wanted)?.[1];
  const seconds = back === undefined ? null : parseDuration(back);
  if (seconds !== null) return now.getTime() - seconds * 1000;
  const at = /^\d{4}-\d{2}-\d{2}/.test(wanted) ? Date.parse(wanted) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new OpsError('invalid', `${JSON.stringify(text)} is not a time.`, {
    next: 'Use now, now-15m, now-1h or an ISO time such as 2026-11-21T09:00:00Z.',
    fields: [{ path: field, message: 'must be now, now-<duration> or an ISO time' }],
  });
}

/** Both ends in milliseconds. Throws OpsError `invalid` for an empty, reversed, too long or too early range. */
export function parseRange(range: { from: string; to: string }, now: Date): { from: number; to: number } {
  const from = parseTime(range.from, 'from', now);
  const to = Math.min(parseTime(range.to, 'to', now), now.getTime());
  if (from < 0) {
    throw new OpsError('invalid', 'The range begins before 1970.', {
      next: 'Choose a later start.',
      fields: [{ path: 'from', message: 'must be 1970-01-01 or later' }],
    });
  }
  if (from >= to) {
    throw new OpsError('invalid', 'The range ends before it begins.', {
      next: 'Choose an earlier start or a later end.',
      fields: [{ path: 'from', message: 'must be before the end' }],
    });
  }
  if (to - from > longestSeconds * 1000) {
    throw new OpsError('invalid', 'The range is longer than 30 days, which Loki refuses.', {
      next: 'Choose a shorter range.',
      fields: [{ path: 'from', message: 'must be at most 30 days before the end' }],
    });
  }
  return { from, to };
}

export const toNs = (ms: number): bigint => BigInt(Math.floor(ms)) * 1_000_000n;

/** Step of the volume chart: about 60 bars, of a length that people count in. */
export function volumeStep(rangeSeconds: number): number {
  const nice = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  ];
  return nice.find((step) => rangeSeconds / step <= 60) ?? 86_400;
}
