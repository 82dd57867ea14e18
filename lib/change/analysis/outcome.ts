import { formatDuration } from '@/lib/core/duration';
import type { Verdict } from '../model';
import type { Analysis } from '../staged/contract';
import type { Measurement } from './model';

export type Hold = {
  /** When the weights were proven: the hold begins. */
  sinceMs: number;
  /** When the requests were steered so: a window from before it has requests of the share before in it. */
  steeredMs: number;
  nowMs: number;
  seconds: number;
  minRequests: number;
  /** Requests of the new version since they were steered so; null: not counted. */
  requests: number | null;
};

export type Outcome = {
  kind: 'wait' | 'pass' | 'fail' | 'unclear';
  detail: string;
  /** Seconds since the hold began of which a readable measurement tells. */
  goodSeconds: number;
};

const isReadable = ({ verdict }: Measurement): boolean => verdict === 'PASS' || verdict === 'FAIL';

/**
 * What the measurements of a hold come to (change-engine.md 1.1, 2.7), in this order: fail, unclear, pass, wait.
 *
 * - fail: on the `failsInRow`-th FAIL in a row (a window that could not be judged does not break the row, a PASS does)
 *   or the `failsInAll`-th in all. Once so, always so.
 * - unclear: on the `errorsInRow`-th ERROR since the last verdict, with more than `noDataMax` NODATA since it, or
 *   without one for `graceSeconds`. It ends by itself with the next verdict.
 * - pass: `seconds` of time told of, `minRequests` counted, and a PASS that is new.
 *
 * Nothing measured before the settle time is over counts, and nothing measured is never a pass.
 */
export function outcomeOf(measurements: readonly Measurement[], analysis: Analysis, hold: Hold): Outcome {
  const settledMs = Math.max(hold.sinceMs, hold.steeredMs + analysis.settleSeconds * 1000);
  const counted = measurements
    .filter(({ atMs }) => atMs >= settledMs && atMs <= hold.nowMs)
    .toSorted((a, b) => a.atMs - b.atMs);
  const goodSeconds = toldSeconds(counted, analysis, hold);
  const say = (kind: Outcome['kind'], detail: string): Outcome => ({ kind, detail, goodSeconds });
  const failure = failureOf(counted, analysis);
  if (failure !== null) return say('fail', failure);
  const blind = blindness(counted, analysis, settledMs, hold.nowMs);
  if (blind !== null) return say('unclear', blind);
  const missing = missingOf(counted, analysis, hold, goodSeconds, settledMs);
  if (missing !== null) return say('wait', missing);
  const told = `${formatDuration(goodSeconds)} of figures, ${count(hold.requests ?? 0)}`;
  return say('pass', `${told}; ${counted.at(-1)?.detail ?? ''}`);
}

const count = (requests: number): string =>
  `${Math.round(requests)} request${Math.round(requests) === 1 ? '' : 's'}`;

/** The union of the windows that could be judged: an outage of the figures adds nothing, however long it takes. */
function toldSeconds(counted: readonly Measurement[], analysis: Analysis, hold: Hold): number {
  const reach = Math.max(analysis.windowSeconds, analysis.intervalSeconds) * 1000;
  let told = 0;
  let toldUntil = hold.sinceMs;
  for (const { atMs } of counted.filter(isReadable)) {
    told += Math.max(0, atMs - Math.max(toldUntil, atMs - reach));
    toldUntil = Math.max(toldUntil, atMs);
  }
  return told / 1000;
}

function failureOf(counted: readonly Measurement[], { failsInRow, failsInAll }: Analysis): string | null {
  let inRow = 0;
  let inAll = 0;
  for (const { verdict, detail } of counted) {
    if (verdict === 'PASS') inRow = 0;
    if (verdict !== 'FAIL') continue;
    inRow += 1;
    inAll += 1;
    if (inRow >= failsInRow) return `Failed ${times(failsInRow)} in a row: ${detail}`;
    if (inAll >= failsInAll) return `Failed ${times(failsInAll)} in all: ${detail}`;
  }
  return null;
}

const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`);

function blindness(
  counted: readonly Measurement[],
  { errorsInRow, noDataMax, graceSeconds }: Analysis,
  settledMs: number,
  nowMs: number,
): string | null {
  const last = counted.findLastIndex(isReadable);
  const since = counted.slice(last + 1);
  const of = (verdict: Verdict) => since.filter((one) => one.verdict === verdict);
  const [errors, empty] = [of('ERROR'), of('NODATA')];
  const why = since.at(-1)?.detail;
  if (errors.length >= errorsInRow) {
    return `The figures could not be read ${times(errors.length)} in a row: ${errors.at(-1)?.detail ?? ''}`;
  }
  if (empty.length > noDataMax) return `Too little to judge ${times(empty.length)} in a row: ${why ?? ''}`;
  const blindMs = nowMs - Math.max(settledMs, counted[last]?.atMs ?? settledMs);
  if (blindMs <= graceSeconds * 1000) return null;
  return `No verdict for ${formatDuration(blindMs / 1000)}${why === undefined ? '.' : `: ${why}`}`;
}

/** What a pass still lacks; null when nothing. */
function missingOf(
  counted: readonly Measurement[],
  analysis: Analysis,
  hold: Hold,
  goodSeconds: number,
  settledMs: number,
): string | null {
  const latest = counted.at(-1);
  if (latest === undefined) {
    return hold.nowMs < settledMs
      ? `The figures settle for another ${formatDuration(Math.ceil((settledMs - hold.nowMs) / 1000))}.`
      : 'The first measurement is due.';
  }
  if (latest.verdict !== 'PASS') return latest.detail;
  if (goodSeconds < hold.seconds) {
    return `${formatDuration(goodSeconds)} of ${formatDuration(hold.seconds)} are told of. ${latest.detail}`;
  }
  if (hold.requests === null) return `The requests of this hold are not counted. ${latest.detail}`;
  if (hold.requests < hold.minRequests) {
    return `${count(hold.requests)} of ${hold.minRequests} that the hold needs. ${latest.detail}`;
  }
  const freshMs = 2 * Math.max(analysis.intervalSeconds, analysis.scrapeSeconds) * 1000;
  return hold.nowMs - latest.atMs > freshMs ? 'The latest verdict is old; the next one is due.' : null;
}

/** Requests of windows after `sinceMs` that do not overlap: each is counted once, at the share of this step. Null: none yet. */
export function requestsSince(
  measurements: readonly { atMs: number; total: number | null }[],
  windowSeconds: number,
  sinceMs: number,
): number | null {
  let counted: number | null = null;
  let untilMs = sinceMs;
  for (const { atMs, total } of measurements) {
    if (total === null || atMs - windowSeconds * 1000 < untilMs) continue;
    counted = (counted ?? 0) + total;
    untilMs = atMs;
  }
  return counted;
}
