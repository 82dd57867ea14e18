import { percent } from '../guard/verdict';
import type { Verdict } from '../model';
import type { Analysis } from '../staged/contract';
import { type Counted, chanceOfExcess } from './fisher';
import { ingestLagOf, type Judged, type Readings, type ReadyPods } from './model';

type Answered = Extract<Readings, { ok: true }>;

/** The chance below which a difference counts as real: one in a hundred windows of two equal versions. */
export const chanceLimit = 0.01;

/** Parts of a sum and the sum are read at one moment, so they may differ by requests of a version just gone only. */
const sumTolerance = 0.02;
const sumToleranceRequests = 2;

/**
 * The verdict on one window (change-engine.md 1.2, 2.7; faults 20 to 22).
 * ERROR: no answer, or one that the self-test does not believe. NODATA: nothing, NaN, or too few requests.
 * FAIL: over the new version's own limit, or above the old version by more than is allowed and than chance explains.
 * PASS: all else; only ever with enough requests. `expected`: pods that are ready.
 */
export function judgeAnalysis(
  readings: Readings,
  analysis: Analysis,
  expected: ReadyPods = { pods: null },
): Judged {
  if (!readings.ok) return { ...unknown, verdict: 'ERROR', detail: readings.problem };
  const counts = {
    total: finite(readings.total),
    failed: finite(readings.failed),
    ...comparedIn(readings),
  };
  const { total, failed } = counts;
  const all = finite(readings.all);
  const share = total === null || all === null || all <= 0 ? null : Math.min(1, total / all);
  const say = (verdict: Verdict, detail: string): Judged => ({ ...counts, share, verdict, detail });
  const doubt = problemOf(readings, analysis, expected);
  if (doubt !== null) return say('ERROR', doubt);
  if (total === null || failed === null) {
    return say('NODATA', 'No requests of the new version are counted yet.');
  }
  const candidate = rounded(total, failed);
  if (total < analysis.minRequests) {
    const window = `${plural(candidate.total, 'request')} of the new version in ${analysis.windowSeconds} s`;
    return say('NODATA', `${window}; a verdict needs ${analysis.minRequests}.`);
  }
  const old =
    counts.baselineTotal === null || counts.baselineFailed === null
      ? null
      : rounded(counts.baselineTotal, counts.baselineFailed);
  return {
    ...say('PASS', ''),
    ...compare(candidate, old === null || old.total === 0 ? null : old, analysis, nameIn(readings)),
  };
}

/** The pods beside the canary have their part while there are any; after that the old version is what is left. */
const isBeside = ({ baselineTotal, old }: Answered): boolean =>
  old != null && (finite(baselineTotal) ?? 0) > 0;

function comparedIn(readings: Answered): { baselineTotal: number | null; baselineFailed: number | null } {
  const { old } = readings;
  return old == null || isBeside(readings)
    ? {
        baselineTotal: finite(readings.baselineTotal),
        baselineFailed: finite(readings.baselineFailed),
      }
    : { baselineTotal: finite(old.total), baselineFailed: finite(old.failed) };
}

const nameIn = (readings: Answered): string => (isBeside(readings) ? 'the baseline' : 'the old version');

/** Failed requests in one window without which nothing is a FAIL. */
export const minFailures = 3;

const unknown = { total: null, failed: null, baselineTotal: null, baselineFailed: null, share: null };

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) && value >= 0 ? value : null;

/** `increase()` extrapolates to the edges of the window: its counts are seldom whole. */
const rounded = (total: number, failed: number): Counted => {
  const whole = Math.round(total);
  return { total: whole, failed: Math.min(whole, Math.round(failed)) };
};

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function compare(
  candidate: Counted,
  old: Counted | null,
  { maxErrorRatio, maxExcessRatio }: Analysis,
  name: string,
): Pick<Judged, 'verdict' | 'detail'> {
  const ratio = candidate.failed / candidate.total;
  const counted = `${candidate.failed} of ${plural(candidate.total, 'request')} failed`;
  const oldRatio = old === null ? null : old.failed / old.total;
  const beside =
    oldRatio === null ? `; ${name} had no requests to compare with` : `, of ${name} ${percent(oldRatio)}`;
  const own = `${counted} (${percent(ratio)}, limit ${percent(maxErrorRatio)})${beside}`;
  if (ratio > maxErrorRatio) {
    // One stray failure of a canary's few requests is over any limit, and stays in the window for all its readings.
    return candidate.failed < minFailures
      ? { verdict: 'NODATA', detail: `${own}: too few failures to tell; ${minFailures} are needed.` }
      : { verdict: 'FAIL', detail: `${own}.` };
  }
  const excess = oldRatio === null ? 0 : ratio - oldRatio;
  if (old === null || excess <= maxExcessRatio) return { verdict: 'PASS', detail: `${own}.` };
  const chance = chanceOfExcess(candidate, old);
  const more = `${points(excess)} points more, where ${points(maxExcessRatio)} are allowed`;
  return chance < chanceLimit
    ? {
        verdict: 'FAIL',
        detail: `${counted} (${percent(ratio)})${beside}: ${more}; not chance (p ${chanceWords(chance)}).`,
      }
    : { verdict: 'PASS', detail: `${own}: ${more}, but it may be chance (p ${chanceWords(chance)}).` };
}

const points = (ratio: number): string => (Math.floor(ratio * 1000) / 10).toFixed(1);
const chanceWords = (chance: number): string => (chance < 0.001 ? 'under 0.001' : chance.toFixed(3));

/** Why the answer cannot be believed; null when it can (fault 22). */
function problemOf(readings: Answered, analysis: Analysis, expected: ReadyPods): string | null {
  const { queries, scrapeSeconds } = analysis;
  const warning = readings.warnings[0];
  if (warning !== undefined) return `Prometheus warns of its own answer: ${warning}`;
  if (queries.candidate.total === queries.baseline.total) {
    return 'The new and the old version cannot be told apart: the query of both is the same.';
  }
  const values = [
    readings.total,
    readings.failed,
    readings.baselineTotal,
    readings.baselineFailed,
    readings.old?.total ?? null,
    readings.old?.failed ?? null,
    readings.all,
  ];
  if (values.some((value) => value !== null && (value < 0 || Math.abs(value) === Number.POSITIVE_INFINITY))) {
    return 'Prometheus counts less than none or infinitely many requests.';
  }
  const total = finite(readings.total);
  if (total === null) return null;
  const limit = 2 * scrapeSeconds + ingestLagOf(analysis);
  const age = finite(readings.sampleAge);
  if (age === null) return 'The new version has requests in the window, but no sample of it is current.';
  if (age > limit) {
    return `The newest sample of the new version is ${Math.round(age)} s old; at most ${limit} s count as current.`;
  }
  const half = unscraped(readings.pods, expected.pods, 'the new version');
  if (half !== null) return half;
  // Without a part of the requests it is compared with nothing.
  const beside = isBeside(readings)
    ? unscraped(readings.baselinePods ?? null, expected.baselinePods ?? null, 'the baseline')
    : null;
  if (beside !== null) return beside;
  const failed = finite(readings.failed);
  if (failed !== null && exceeds(failed, total))
    return 'More requests of the new version failed than there were.';
  const others = (finite(readings.baselineTotal) ?? 0) + (finite(readings.old?.total ?? null) ?? 0);
  return sumProblem(total, others, finite(readings.all));
}

function unscraped(found: number | null, ready: number | null, name: string): string | null {
  if (found === null || ready === null || found >= ready) return null;
  return `Only ${found} of ${plural(ready, 'pod')} of ${name} ${found === 1 ? 'is' : 'are'} scraped.`;
}

const exceeds = (more: number, than: number): boolean =>
  more - than > Math.max(sumToleranceRequests, than * sumTolerance);

function sumProblem(candidate: number, baseline: number, all: number | null): string | null {
  if (all === null) return 'The requests of both versions together cannot be counted.';
  const [of, sum] = [Math.round(all), Math.round(candidate + baseline)];
  if (exceeds(candidate + baseline, all)) {
    return `The versions have ${sum} requests together, but only ${of} arrived: some are counted for both.`;
  }
  return exceeds(all, candidate + baseline)
    ? `Of ${of} requests only ${sum} belong to the new or the old version: another one answers too.`
    : null;
}
