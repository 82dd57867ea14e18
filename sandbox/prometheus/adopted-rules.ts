import { families } from '../workload/families';

/** A recording rule, before it is written as YAML. */
export type RecordingRule = { record: string; expr: string; labels: Record<string, string> };

const ids = {
  sloth_id: 'fraiseql-api-answers-within-300ms',
  sloth_service: 'fraiseql-api',
  sloth_slo: 'answers-within-300ms',
};
const objective = 99;
const window = { days: 30, text: '30d' };

/**
 * Recording rules as Sloth writes them for one objective of latency, so that the production has one that nobody
 * configured in the console. Its alerts are left out: they would fire beside the production's own.
 */
export function adoptedRuleGroups(): { name: string; rules: RecordingRule[] }[] {
  const { duration } = families['fraiseql-api'];
  const where = '{environment="production"}';
  const sum = (series: string) => `sum by (region) (rate(${series}[5m]))`;
  const total = sum(`${duration}_count${where}`);
  const good = sum(`${duration}_bucket{environment="production",le="0.3"}`);
  const own = `{sloth_id="${ids.sloth_id}", sloth_service="${ids.sloth_service}", sloth_slo="${ids.sloth_slo}"}`;
  const of = (record: string, expr: string, more: Record<string, string> = {}): RecordingRule => ({
    record,
    expr,
    labels: { ...ids, ...more },
  });
  const ratio5m = `slo:sli_error:ratio_rate5m${own}`;
  return [
    {
      name: `sloth-slo-sli-recordings-${ids.sloth_id}`,
      rules: [
        of('slo:sli_error:ratio_rate5m', `(${total} - ${good})\n/\n(${total})\n`, { sloth_window: '5m' }),
        of(
          `slo:sli_error:ratio_rate${window.text}`,
          `sum_over_time(${ratio5m}[${window.text}])\n/ ignoring (sloth_window)\ncount_over_time(${ratio5m}[${window.text}])\n`,
          { sloth_window: window.text },
        ),
      ],
    },
    {
      name: `sloth-slo-meta-recordings-${ids.sloth_id}`,
      rules: [
        of('slo:objective:ratio', `vector(${objective / 100})`),
        of('slo:error_budget:ratio', `vector(1-${objective / 100})`),
        of('slo:time_period:days', `vector(${window.days})`),
        of(
          'slo:period_error_budget_remaining:ratio',
          `1 - slo:sli_error:ratio_rate${window.text}${own}\n/ on(sloth_id, sloth_slo, sloth_service) group_left\nslo:error_budget:ratio${own}\n`,
        ),
        of('sloth_slo_info', 'vector(1)', {
          sloth_mode: 'cli-gen-prom',
          sloth_objective: String(objective),
          sloth_spec: 'prometheus/v1',
          sloth_version: 'v0.16.0',
        }),
      ],
    },
  ];
}
