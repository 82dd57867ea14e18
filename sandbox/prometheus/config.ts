import { stringify } from 'yaml';
import { adoptedRuleGroups } from './adopted-rules';
import { ruleGroups } from './rules';

/** prometheus.yml: everything is scraped and evaluated every 5 seconds. */
export function prometheusConfig(options: {
  metricsAddress: string;
  alertmanagerAddress: string;
  rulesFile: string;
}): string {
  const { metricsAddress, alertmanagerAddress, rulesFile } = options;
  const discovery = (path: string) => [
    { url: `http://${metricsAddress}/sd/${path}`, refresh_interval: '5s' },
  ];
  return stringify({
    global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '5s' },
    rule_files: [rulesFile],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanagerAddress] }] }] },
    scrape_configs: [
      { job_name: 'pods', http_sd_configs: discovery('pods') },
      { job_name: 'exporters', honor_labels: true, http_sd_configs: discovery('exporters') },
    ],
  });
}

/**
 * The rule file: alerts (W-21) with severity label, summary, description and runbook_url annotations, and an objective
 * of Sloth.
 */
export function rulesConfig(): string {
  return stringify(
    {
      groups: [
        ...ruleGroups().map(({ name, rules }) => ({
          name,
          rules: rules.map((rule) => ({
            alert: rule.alert,
            expr: rule.expr,
            for: rule.for,
            labels: { severity: rule.severity, ...(rule.service ? { service: rule.service } : {}) },
            annotations: {
              summary: rule.summary,
              description: rule.description,
              runbook_url: `https://runbooks.example.com/${rule.runbook}`,
            },
          })),
        })),
        ...adoptedRuleGroups(),
      ],
    },
    { lineWidth: 0 },
  );
}

/** alertmanager.yml: groups alerts and tells nobody. */
export function alertmanagerConfig(): string {
  return stringify({
    route: {
      receiver: 'null',
      group_by: ['alertname', 'service', 'region'],
      group_wait: '5s',
      group_interval: '30s',
      repeat_interval: '4h',
    },
    receivers: [{ name: 'null' }],
    inhibit_rules: [
      {
        source_matchers: ['alertname = HighErrorRate'],
        target_matchers: ['alertname = ElevatedErrorRate'],
        equal: ['service', 'region', 'environment'],
      },
    ],
  });
}
