import { formatCount, formatRatio } from '@/components/ui/number-text';
import { formatDuration } from '@/lib/core/duration';
import type { SloNumbers } from '@/lib/slo/contract';

const nb = '\u00a0';
const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;

/**
 * A service level with one digit more than its target, cut off instead of rounded: 99.9496 % is not shown as a met
 * 99.95 %, and only a window without failures is 100 %.
 */
export function formatSli(sli: number, objective: string): string {
  const places = Math.max(3, decimalsOf(objective) + 1);
  const scale = 10 ** places;
  // Binary fractions lie a little beside decimal ones: 0.9995 x 100 must not become 99.949.
  const cut = Math.floor(sli * 100 * scale + 1e-6) / scale;
  return `${(sli < 1 && cut >= 100 ? (100 * scale - 1) / scale : cut).toFixed(places)}${nb}%`;
}

/** Share of a budget: small costs keep their digits, and what is spent beyond it has its sign. */
export function formatShare(share: number): string {
  const size = Math.abs(share);
  if (size === 0) return `0${nb}%`;
  if (size < 0.00005) return `${share < 0 ? '−' : ''}<${nb}0.01${nb}%`;
  return formatRatio(share, size >= 0.1 ? 1 : 2);
}

/** Points between two shares, for "1.6 points above the perfect line". */
export const formatPoints = (difference: number): string => (Math.abs(difference) * 100).toFixed(1);

/** How many of the failures allowed may still come, or how many were too many. */
export function failuresText({ failuresLeft, allowedFailures }: SloNumbers): string | null {
  if (failuresLeft === null || allowedFailures === null) return null;
  const allowed = formatCount(Math.floor(allowedFailures));
  return failuresLeft < 0
    ? `${formatCount(Math.ceil(-failuresLeft))} over the ${allowed} allowed`
    : `${formatCount(Math.floor(failuresLeft))} of ${allowed} failures`;
}

/** Bad slices of time and how long they are; parts of a slice come of lines that share it. */
export const sliceText = ({ slices, seconds }: { slices: number; seconds: number }): string =>
  `${formatCount(Math.round(slices * 10) / 10)} bad ${slices === 1 ? 'slice' : 'slices'}, ${formatDuration(Math.round(seconds))}`;
