import type { DeployPlan } from '../contract';
import type { Verdict } from '../model';
import type { Json, JsonObject } from '../template';

/** What Prometheus answered: a number as of `at` (unix seconds), nothing (null), or no answer at all. */
export type GuardSample = { ok: true; value: number | null; at?: number } | { ok: false; problem: string };
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

/** Unix seconds of the last moment that a Date can name. */
const LAST_MOMENT = 8_640_000_000_000;

/** What is kept of the answers: figures as texts, because NaN is none in JSON. */
export function answerOf({ total, failed }: GuardReading): JsonObject {
  const at = [total, failed].flatMap((one) => (one.ok && one.at !== undefined ? [one.at] : []))[0];
  return {
    at: at === undefined || !(Math.abs(at) <= LAST_MOMENT) ? null : new Date(at * 1000).toISOString(),
    values: { total: textOf(total), failed: textOf(failed) },
  };
}

const textOf = (sample: GuardSample): Json => {
  if (!sample.ok) return { problem: sample.problem };
  return sample.value === null ? null : String(sample.value);
};

const problemOf = (sample: GuardSample): string | null => (sample.ok ? null : sample.problem);

const countOf = (sample: GuardSample): number | null =>
  sample.ok && sample.value !== null && Number.isFinite(sample.value) && sample.value >= 0
    ? sample.value
    : null;
