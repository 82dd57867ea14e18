import { stringify } from 'yaml';

/** Rule files in the shapes that Sloth 0.16 (examples/_gen/getting-started.yml) and Pyrra write. */

type SlothSlo = {
  service: string;
  slo: string;
  objective: string;
  errors: string;
  total: string;
  by?: string;
};
const durations = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

export function slothRules({ service, slo, objective, errors, total, by = '' }: SlothSlo): object[] {
  const id = `${service}-${slo}`;
  const labels = { sloth_id: id, sloth_service: service, sloth_slo: slo };
  const where = `{sloth_id="${id}", sloth_service="${service}", sloth_slo="${slo}"}`;
  const ratio = Number(objective) / 100;
  const sum = (query: string, window: string) => `(sum${by}(rate(${query}[${window}])))`;
  const record = (name: string, expr: string, more: object = {}) => ({
    record: name,
    expr,
    labels: { ...labels, ...more },
  });
  return [
    {
      name: `sloth-slo-sli-recordings-${id}`,
      rules: [
        ...durations.map((window) =>
          record(`slo:sli_error:ratio_rate${window}`, `${sum(errors, window)}\n/\n${sum(total, window)}\n`, {
            sloth_window: window,
            tier: '2',
          }),
        ),
        record(
          'slo:sli_error:ratio_rate30d',
          `sum_over_time(slo:sli_error:ratio_rate5m${where}[30d])\n/ ignoring (sloth_window)\ncount_over_time(slo:sli_error:ratio_rate5m${where}[30d])\n`,
          { sloth_window: '30d', tier: '2' },
        ),
      ],
    },
    {
      name: `sloth-slo-meta-recordings-${id}`,
      rules: [
        record('slo:objective:ratio', `vector(${ratio})`, { tier: '2' }),
        record('slo:error_budget:ratio', `vector(1-${ratio})`, { tier: '2' }),
        record('slo:time_period:days', 'vector(30)', { tier: '2' }),
        record(
          'slo:period_burn_rate:ratio',
          `slo:sli_error:ratio_rate30d${where}\n/ on(sloth_id, sloth_slo, sloth_service) group_left\nslo:error_budget:ratio${where}\n`,
          { tier: '2' },
        ),
        record('slo:period_error_budget_remaining:ratio', `1 - slo:period_burn_rate:ratio${where}`, {
          tier: '2',
        }),
        record('sloth_slo_info', 'vector(1)', {
          tier: '2',
          sloth_mode: 'cli-gen-prom',
          sloth_objective: objective,
          sloth_spec: 'prometheus/v1',
          sloth_version: 'v0.16.0',
        }),
      ],
    },
    {
      name: `sloth-slo-alerts-${id}`,
      rules: [
        {
          alert: 'HighErrorRate',
          expr: `slo:sli_error:ratio_rate5m${where} > (14.4 * ${1 - ratio})`,
          labels: { ...labels, sloth_severity: 'page' },
        },
      ],
    },
  ];
}

type PyrraSlo = { slo: string; metric: string; job: string; errors: string; objective: string };

/** With --generic-rules, an objective of 4 weeks. */
export function pyrraRules({ slo, metric, job, errors, objective }: PyrraSlo): object[] {
  const matchers = `job="${job}"`;
  const labels = { slo, job };
  const increase = metric.replace(/_total$/, '');
  const target = Number(objective) / 100;
  const all = `${increase}:increase4w{${matchers},slo="${slo}"}`;
  return [
    {
      name: `${slo}-increase`,
      rules: [
        {
          record: `${increase}:increase4w`,
          expr: `sum by (code) (increase(${metric}{${matchers}}[4w]))`,
          labels,
        },
      ],
    },
    {
      name: slo,
      rules: [
        {
          record: `${increase}:burnrate5m`,
          expr: `sum(rate(${metric}{${errors},${matchers}}[5m])) / sum(rate(${metric}{${matchers}}[5m]))`,
          labels,
        },
      ],
    },
    {
      name: `${slo}-generic`,
      rules: [
        { record: 'pyrra_objective', expr: String(target), labels },
        { record: 'pyrra_window', expr: '2419200', labels },
        {
          record: 'pyrra_availability',
          expr: `1 - sum(${increase}:increase4w{${errors},${matchers},slo="${slo}"} or vector(0)) / sum(${all})`,
          labels,
        },
        { record: 'pyrra_requests:rate5m', expr: `sum(rate(${metric}{${matchers}}[5m]))`, labels },
        {
          record: 'pyrra_errors:rate5m',
          expr: `sum(rate(${metric}{${errors},${matchers}}[5m])) or vector(0)`,
          labels,
        },
      ],
    },
  ];
}

export const ruleFile = (groups: readonly object[]): string => stringify({ groups }, { lineWidth: 0 });
