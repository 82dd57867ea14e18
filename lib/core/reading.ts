import * as z from 'zod/mini';

/**
 * A value that came from outside (Prometheus, Alertmanager, Loki, Kubernetes): known now, known from
 * earlier, or not known. One dead source degrades one panel because every figure crosses the code as this.
 */
export const readingReasons = [
  'unreachable',
  'timeout',
  'unauthorised',
  'bad-response',
  'no-series',
  'too-late',
  'not-configured',
] as const;
export type ReadingReason = (typeof readingReasons)[number];

/** `detail` is a sentence for people: what was asked, what went wrong. Never a secret, never a stack. */
export type Reading<T> =
  | { state: 'fresh'; value: T; observedAt: string }
  | { state: 'stale'; value: T; observedAt: string; reason: ReadingReason; detail?: string | undefined }
  | { state: 'missing'; reason: ReadingReason; detail?: string | undefined };

export const fresh = <T>(value: T, observedAt: Date): Reading<T> => ({
  state: 'fresh',
  value,
  observedAt: observedAt.toISOString(),
});

export const stale = <T>(
  value: T,
  observedAt: string,
  reason: ReadingReason,
  detail?: string,
): Reading<T> => ({ state: 'stale', value, observedAt, reason, detail });

export const missing = (reason: ReadingReason, detail?: string): Reading<never> => ({
  state: 'missing',
  reason,
  detail,
});

/** Applies a pure function to the value, keeping age and reason. */
export function mapReading<T, U>(reading: Reading<T>, map: (value: T) => U): Reading<U> {
  return reading.state === 'missing' ? reading : { ...reading, value: map(reading.value) };
}

export const readingValue = <T>(reading: Reading<T>): T | null =>
  reading.state === 'missing' ? null : reading.value;

/** Wire schema of a reading of `value`. */
export function readingOf<T extends z.core.$ZodType>(value: T) {
  const detail = z.optional(z.string());
  const reason = z.enum(readingReasons);
  return z.discriminatedUnion('state', [
    z.object({ state: z.literal('fresh'), value, observedAt: z.iso.datetime() }),
    z.object({ state: z.literal('stale'), value, observedAt: z.iso.datetime(), reason, detail }),
    z.object({ state: z.literal('missing'), reason, detail }),
  ]);
}
