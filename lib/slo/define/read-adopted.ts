import 'server-only';
import type { HttpSource } from '@/lib/config/sources';
import { queryInstant } from '@/lib/sources/prometheus/client';
import { type RecordingRule, recordingRules } from '@/lib/sources/prometheus/metadata';
import type { Expr } from '@/lib/sources/prometheus/queries';
import { SourceError } from '@/lib/sources/source-error';
import type { Adopted } from './adopt';
import { adoptPyrra } from './adopt-pyrra';
import { type AdoptedRule, adoptedRuleNames, rulesOf } from './adopt-rule';
import { adoptSloth } from './adopt-sloth';

/** Two queries whatever the number of objectives: everything that the tools record about them now, and what fires. */
export const slothQuery: Expr = {
  kind: 'expr',
  text: '{__name__=~"sloth_slo_info|slo:(objective|period_error_budget_remaining):ratio|slo:time_period:days|slo:sli_error:ratio_rate5m",sloth_id!=""} or ALERTS{alertstate="firing",sloth_id!=""}',
};
export const pyrraQuery: Expr = {
  kind: 'expr',
  text: '{__name__=~"pyrra_(objective|window|availability)|pyrra_(requests|errors):rate5m|.+:burnrate5m",slo!=""} or ALERTS{alertstate="firing",alertname="ErrorBudgetBurn",slo!=""}',
};
/** Requests of one reading at most: two queries and the rules. */
export const requestsOfReading = 3;

/** An objective of another tool with the rules that make its figures. */
export type Found = Adopted & { rules: AdoptedRule[] };
export type Reading = { found: Found[]; warnings: string[] };

/** Objectives of Sloth and Pyrra in a Prometheus; an empty list where neither is used. Throws SourceError. */
export async function readAdopted(source: HttpSource, signal?: AbortSignal): Promise<Reading> {
  const [sloth, pyrra] = await Promise.all([
    queryInstant(source, slothQuery, { signal }),
    queryInstant(source, pyrraQuery, { signal }),
  ]);
  const adopted = [...adoptSloth(sloth.series), ...adoptPyrra(pyrra.series)];
  const rules = adopted.length === 0 ? [] : await rulesIn(source, signal);
  return {
    found: adopted.map((one) => ({ ...one, rules: rulesOf(one, rules) })),
    warnings: [...sloth.warnings, ...pyrra.warnings],
  };
}

/** A server that only answers queries (Thanos, Mimir, a proxy) has no list of rules: the figures are as good. */
async function rulesIn(source: HttpSource, signal: AbortSignal | undefined): Promise<RecordingRule[]> {
  try {
    return await recordingRules(source, adoptedRuleNames, signal);
  } catch (error) {
    if (error instanceof SourceError) return [];
    throw error;
  }
}
