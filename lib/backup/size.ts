import type { Evidence } from './contract';

/** A size so far off the median of the copies before it is said; it fails nothing: data may come and go. */
export const unusualShare = 0.3;
/** Fewer copies than this have no usual size. */
const comparable = 3;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

/** How a size compares with the copies before it; null when there are too few. */
export function sizeEvidence(
  bytes: number,
  before: readonly number[],
): (Evidence & { isUnusual: boolean }) | null {
  if (before.length < comparable) return null;
  const usual = median(before);
  const off = bytes - usual;
  const isUnusual = Math.abs(off) > unusualShare * usual;
  const percent = usual === 0 ? 0 : Math.ceil((Math.abs(off) * 100) / usual);
  return {
    what: `Size against the median of the last ${before.length}`,
    expected: `within 30 % of ${Math.round(usual)} bytes`,
    found: `${off < 0 ? '−' : '+'}${percent} %`,
    isRight: null,
    isUnusual,
  };
}
