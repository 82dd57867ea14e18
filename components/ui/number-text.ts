/** Figures as people read them; a thin space before the unit keeps both on one line. */
const nb = '\u00a0';

/** Ratio 0-1 as per cent with as many digits as its size deserves: 1.81 %, 0.012 %, 36.3 %. Truncates at 100 %. */
export function formatRatio(ratio: number, digits?: number): string {
  const percent = ratio * 100;
  const size = Math.abs(percent);
  const places = digits ?? (size === 0 ? 0 : size < 0.1 ? 3 : size < 10 ? 2 : 1);
  const shown = size < 100 && Number(size.toFixed(places)) >= 100 ? 99.9 : size;
  return `${percent < 0 ? '−' : ''}${shown.toFixed(places)}${nb}%`;
}

/** Requests per second. */
export function formatRate(perSecond: number): string {
  const digits = perSecond >= 100 ? 0 : perSecond >= 10 ? 1 : 2;
  return `${perSecond.toFixed(digits)}${nb}/s`;
}

/** Seconds as milliseconds under one second. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)}${nb}ms`;
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)}${nb}s`;
}

export { formatBytes } from '@/lib/core/bytes';

/** Counts with thin groups: 48,000. */
export const formatCount = (count: number): string =>
  new Intl.NumberFormat('en-GB', {
    maximumFractionDigits: count < 10 && !Number.isInteger(count) ? 1 : 0,
  }).format(count);

/** A figure as the label of an axis, where the digits after the point only tell the ticks apart: 40 /s, 0.05 %. */
export const forAxis = (text: string): string =>
  text.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '');

/** Burn rate: 14.9×. */
export const formatBurn = (burn: number): string => `${burn.toFixed(burn >= 100 ? 0 : 1)}×`;
