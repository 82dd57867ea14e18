import type { DeployPlan } from '../contract';
import type { Verdict } from '../model';

/** What Prometheus answered: a number, nothing (null), or no answer at all. */
export type GuardSample = { ok: true; value: number | null } | { ok: false; problem: string };
export type GuardReading = { total: GuardSample; failed: GuardSample };

export type Judgement = { verdict: Verdict; total: number | null; failed: number | null; detail: string };

/** `6.3 %`: one decimal, truncated, so that a ratio over the limit is never shown as at the limit. */
export const percent = (ratio: number): string => `${(Math.floor(ratio * 1000) / 10).toFixed(1)} %`;

/**
 * PASS, FAIL, NODATA or ERROR of one reading (architecture.md 7). NaN, an empty answer and too few requests
 * are NODATA, never a pass; FAIL needs the minimum of requests and a share strictly over the limit (RBK-01).
 */
export function judge(reading: GuardReading, guard: DeployPlan['guard']): Judgement {
  const problem = problemOf(reading.total) ?? problemOf(reading.failed);
  if (problem !== null) return { verdict: 'ERROR', total: null, failed: null, detail: problem };
  const [total, failed] = [countOf(reading.total), countOf(reading.failed)];
  if (total === null || failed === null) {
    return { verdict: 'NODATA', total, failed, detail: 'No requests of the new version are counted yet.' };
  }
  const counted = `${Math.round(failed)} of ${Math.round(total)} requests failed`;
  if (total < guard.minRequests) {
    const detail = `${Math.round(total)} requests in ${guard.windowSeconds} s; a verdict needs ${guard.minRequests}.`;
    return { verdict: 'NODATA', total, failed, detail };
  }
  const ratio = failed / total;
  const verdict = ratio > guard.maxErrorRatio ? 'FAIL' : 'PASS';
  const limit = percent(guard.maxErrorRatio);
  return { verdict, total, failed, detail: `${counted} (${percent(ratio)}, limit ${limit}).` };
}

const problemOf = (sample: GuardSample): string | null => (sample.ok ? null : sample.problem);

const countOf = (sample: GuardSample): number | null =>
  sample.ok && sample.value !== null && Number.isFinite(sample.value) && sample.value >= 0
    ? sample.value
    : null;
