import 'server-only';
import type { PrometheusSource } from '@/lib/config/sources';
import { messageOf } from '@/lib/core/errors';
import { queryInstant, type Vector } from '@/lib/sources/prometheus/client';
import { addLabel, type Expr, either } from '@/lib/sources/prometheus/queries';
import type { Analysis } from '../staged/contract';
import type { Json } from '../template';
import { judgeAnalysis } from './judge';
import type { Judged, Readings, ReadyPods } from './model';

/** A judgement with its evidence: what was asked, and what was answered. */
export type Measured = Judged & { query: string; answer: Json };

const partLabel = 'signalbox_part';

/** Several questions in one, so that all figures are of one moment by the clock of Prometheus. */
export const togetherOf = (parts: Readonly<Record<string, string>>): Expr =>
  either(Object.entries(parts).map(([name, text]) => addLabel({ kind: 'expr', text }, partLabel, name)));

export type Together =
  | { ok: false; problem: string }
  | { ok: true; at: number | null; warnings: readonly string[]; values: ReadonlyMap<string, number> };

/** Asks them all at once, as of now or of `at`; a part without series is no member of `values`. Never throws. */
export async function askTogether(
  source: PrometheusSource | null,
  parts: Readonly<Record<string, string>>,
  at?: Date,
): Promise<Together> {
  if (source === null) {
    return { ok: false, problem: 'No Prometheus is configured for this environment and region.' };
  }
  try {
    return takeParts(await queryInstant(source, togetherOf(parts), at === undefined ? {} : { at }));
  } catch (error) {
    return { ok: false, problem: messageOf(error) };
  }
}

function takeParts({ series, warnings }: Vector): Together {
  const values = new Map<string, number>();
  for (const { labels, value } of series) {
    const part = labels[partLabel] ?? '';
    if (values.has(part))
      return { ok: false, problem: 'A query of the analysis gives more than one figure.' };
    values.set(part, value);
  }
  return { ok: true, at: series[0]?.at ?? null, warnings, values };
}

const textOf = (value: number | undefined): string | null => (value === undefined ? null : String(value));

/** What is kept of an answer: figures as texts, because NaN is none in JSON. */
export function answerOf(given: Together, parts: Readonly<Record<string, string>>): Json {
  if (!given.ok) return { problem: given.problem };
  return {
    at: given.at === null ? null : new Date(given.at * 1000).toISOString(),
    warnings: given.warnings.slice(0, 5).map((text) => text.slice(0, 300)),
    values: Object.fromEntries(Object.keys(parts).map((name) => [name, textOf(given.values.get(name))])),
  };
}

/**
 * Measures one region: asks once and judges. `expected`: pods that are ready, for the self-test.
 * Never throws: what cannot be read is an ERROR.
 */
export async function measureRegion(
  source: PrometheusSource | null,
  analysis: Analysis,
  expected: ReadyPods = { pods: null },
): Promise<Measured> {
  const { queries } = analysis;
  const parts: Record<string, string> = {
    total: queries.candidate.total,
    failed: queries.candidate.failed,
    baselineTotal: queries.baseline.total,
    baselineFailed: queries.baseline.failed,
    ...(queries.old === undefined ? {} : { oldTotal: queries.old.total, oldFailed: queries.old.failed }),
    all: queries.all,
    sampleAge: queries.sampleAge,
    ...(queries.pods === undefined ? {} : { pods: queries.pods }),
    ...(queries.baselinePods === undefined ? {} : { baselinePods: queries.baselinePods }),
  };
  const given = await askTogether(source, parts);
  const judged = judgeAnalysis(readingsOf(given, queries.old !== undefined), analysis, expected);
  return { ...judged, query: togetherOf(parts).text, answer: answerOf(given, parts) };
}

function readingsOf(given: Together, isBeside: boolean): Readings {
  if (!given.ok) return given;
  const value = (name: string): number | null => given.values.get(name) ?? null;
  return {
    ok: true,
    at: given.at ?? 0,
    warnings: given.warnings,
    total: value('total'),
    failed: value('failed'),
    baselineTotal: value('baselineTotal'),
    baselineFailed: value('baselineFailed'),
    old: isBeside ? { total: value('oldTotal'), failed: value('oldFailed') } : null,
    all: value('all'),
    sampleAge: value('sampleAge'),
    pods: value('pods'),
    baselinePods: value('baselinePods'),
  };
}
