import { parseDuration } from '@/lib/core/duration';

const shift: Record<string, number> = { ms: -3, s: 0 };

/**
 * A latency bound in seconds, by moving the point in its text: `700ms` is 0.7 and not 0.7000000000000001, as a
 * product would be. NaN for a text that the configuration refuses.
 */
export function boundSeconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text.trim());
  const moved = match?.[2] === undefined ? undefined : shift[match[2]];
  if (match?.[1] !== undefined && moved !== undefined) return Number(`${match[1]}e${moved}`);
  return parseDuration(text) ?? Number.NaN;
}

/** A label value of `le` as a number; null when it is none. */
export function bucketBound(le: string): number | null {
  if (/^\+?Inf$/i.test(le)) return Number.POSITIVE_INFINITY;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(le) ? Number(le) : null;
}

/** Digits and exponent of the shortest text that reads back as the number: 0.3 is ['3', -1], 1500 is ['15', 3]. */
function decimal(value: number): [digits: string, exponent: number] {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return [mantissa.replace('.', ''), Number(exponent)];
}

function plain(value: number): string {
  const [digits, exponent] = decimal(value);
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function scientific(value: number): string {
  const [digits, exponent] = decimal(value);
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/**
 * The texts under which client libraries and Prometheus write a bound: `1` before 3.0 and `1.0` since (it
 * normalises `le`), `1e+06` from Go, `1000000.0` from Python. One number, so a pattern matches all of them.
 */
export function boundTexts(seconds: number): string[] {
  const fixed = plain(seconds);
  const texts = [fixed, ...(fixed.includes('.') ? [] : [`${fixed}.0`])];
  if (Math.abs(Math.log10(seconds)) >= 4) texts.push(scientific(seconds));
  return texts;
}

/** A regular expression (RE2, anchored by Prometheus) for every text of a bound. */
export const boundPattern = (below: string): string =>
  boundTexts(boundSeconds(below))
    .map((text) => text.replaceAll(/[.+]/g, '\\$&'))
    .join('|');

export type BoundMatch = { exists: boolean; lower: number | null; upper: number | null };

/** Whether a bound is among the buckets, compared as numbers, and the finite ones next to it. */
export function findBound(seconds: number, les: readonly string[]): BoundMatch {
  const bounds = les.map(bucketBound).filter((bound) => bound !== null && Number.isFinite(bound));
  const known = [...new Set(bounds)].sort((left, right) => (left ?? 0) - (right ?? 0));
  return {
    exists: known.includes(seconds),
    lower: known.findLast((bound) => bound !== null && bound < seconds) ?? null,
    upper: known.find((bound) => bound !== null && bound > seconds) ?? null,
  };
}

/** A bound as the configuration writes it: below a second in milliseconds. */
export const boundText = (seconds: number): string =>
  seconds < 1 ? `${plain(Number(`${seconds}e3`))}ms` : `${plain(seconds)}s`;
