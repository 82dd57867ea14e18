import { formatDuration } from '@/lib/core/duration';
import type { Verdict } from '../model';
import { wilson } from './wilson';

/** Where all or nothing is wanted, this part of the requests may still go the other way: connections that end slowly. */
export const strayShare = 0.02;

export type ShareReading = {
  windowSeconds: number;
  /** Requests in the window; null: none are counted. */
  candidate: number | null;
  baseline: number | null;
  /** Of the other pods of the old version, where the baseline is pods of its own. */
  old?: number | null;
};

export type ShareProof = { proven: boolean; verdict: Verdict; share: number | null; detail: string };

/** Between which shares the wanted one counts as reached, 0 to 1 (change-engine.md 2.3). */
export function shareBounds(wanted: number, tolerance: number): { low: number; high: number } {
  if (wanted <= 0) return { low: 0, high: strayShare };
  if (wanted >= 1) return { low: 1 - strayShare, high: 1 };
  return { low: Math.max(0, wanted * (1 - tolerance)), high: Math.min(1, wanted * (1 + tolerance)) };
}

/** The fewest requests of which the wanted share itself would be a proof. */
export function requestsToProve(wanted: number, tolerance: number): number {
  const bounds = shareBounds(wanted, tolerance);
  const proves = (all: number) => isWithin(wilson(Math.round(wanted * all), all), bounds);
  // Beyond this no share is proven by requests: the bounds leave less room than a count of whole requests.
  const most = 1e9;
  let high = 1;
  while (high < most && !proves(high)) high *= 2;
  if (high >= most) return most;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (proves(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const isWithin = (inner: { low: number; high: number }, outer: { low: number; high: number }): boolean =>
  inner.low >= outer.low - 1e-12 && inner.high <= outer.high + 1e-12;

const percentWords = (ratio: number): string => `${(Math.round(ratio * 1000) / 10).toFixed(1)} %`;

/**
 * Whether the traffic follows the weights: the 95 % interval of the measured share lies within the bounds. FAIL: it
 * lies outside altogether. NODATA: too few requests to tell, with the time that it takes.
 */
export function judgeShare(reading: ShareReading, wanted: number, tolerance: number): ShareProof {
  const all = countOf(reading);
  return judgePart(reading.candidate, all, reading.windowSeconds, wanted, tolerance, 'the new version');
}

const countOf = ({ candidate, baseline, old = null }: ShareReading): number =>
  Math.round(candidate ?? 0) + Math.round(baseline ?? 0) + Math.round(old ?? 0);

const rank = { PASS: 0, NODATA: 1, ERROR: 2, FAIL: 3 } as const;

/**
 * The same of a canary beside a baseline: each of the three has its part, and the worst verdict of them counts. The
 * share is that of the new version.
 */
export function judgeShares(
  reading: ShareReading,
  wanted: { candidate: number; baseline: number },
  tolerance: number,
): ShareProof {
  const all = countOf(reading);
  const { candidate, baseline, old = null, windowSeconds } = reading;
  const judge = (count: number | null, share: number, name: string) =>
    judgePart(count, all, windowSeconds, share, tolerance, name);
  const own = judge(candidate, wanted.candidate, 'the new version');
  if (all === 0) return own;
  const rest = Math.max(0, 1 - wanted.candidate - wanted.baseline);
  const found = [
    own,
    judge(baseline, wanted.baseline, 'the baseline'),
    judge(old, rest, 'the other pods of the old version'),
  ];
  const [worst = own] = found.toSorted((a, b) => rank[b.verdict] - rank[a.verdict]);
  const detail = worst.verdict === 'PASS' ? found.map((one) => one.detail).join(' ') : worst.detail;
  return { ...worst, share: own.share, detail };
}

function judgePart(
  count: number | null,
  all: number,
  windowSeconds: number,
  wanted: number,
  tolerance: number,
  name: string,
): ShareProof {
  const candidate = Math.round(count ?? 0);
  const say = (verdict: Verdict, share: number | null, detail: string): ShareProof => ({
    proven: verdict === 'PASS',
    verdict,
    share,
    detail,
  });
  const window = formatDuration(windowSeconds);
  if (all === 0) return say('NODATA', null, `No requests of either version in the last ${window}.`);
  const share = candidate / all;
  const bounds = shareBounds(wanted, tolerance);
  const interval = wilson(candidate, all);
  const measured = `${candidate} of ${all} requests in the last ${window} went to ${name} (${percentWords(share)}, wanted ${percentWords(wanted)})`;
  if (isWithin(interval, bounds)) return say('PASS', share, `${measured}.`);
  if (interval.low > bounds.high || interval.high < bounds.low) {
    return say(
      'FAIL',
      share,
      `${measured}: outside ${percentWords(bounds.low)} to ${percentWords(bounds.high)}.`,
    );
  }
  const needed = requestsToProve(wanted, tolerance);
  const takes = formatDuration(Math.ceil((needed * windowSeconds) / all));
  const detail =
    all < needed
      ? `${measured}: too few to tell. ${needed} are needed, about ${takes} of traffic.`
      : `${measured}: at the edge of ${percentWords(bounds.low)} to ${percentWords(bounds.high)}, so not certain.`;
  return say('NODATA', share, detail);
}
