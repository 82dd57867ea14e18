import { appServices, type ServiceId } from '../topology';
import { families } from '../workload/families';

/** One alerting rule, before it is written as YAML. */
export type AlertRule = {
  alert: string;
  expr: string;
  for: string;
  severity: 'critical' | 'warning';
  /** Set for rules that exist once for each service: promtool takes equal names and labels for a mistake. */
  service?: ServiceId;
  summary: string;
  description: string;
  runbook: string;
};

/** Kept on every alert, so that it can be joined with what the console shows. */
const BY = 'service, region, environment';

/** P95 in seconds above which a service is slow (ALT-22; observers run actions, not pages). */
const slowAbove: Record<ServiceId, number> = {
  'fraiseql-api': 0.3,
  'fraiseql-observers': 1,
  'architect-api': 0.3,
};

/** The failed share of a service's requests: ALT-01 and ALT-20 compare a rate with a share, this divides. */
function errorRatio(service: ServiceId, window: string): string {
  const { requests, failed } = families[service];
  const bad = failed ? `${failed}[${window}]` : `${requests}{status=~"5.."}[${window}]`;
  return `sum by (${BY}) (rate(${bad})) / sum by (${BY}) (rate(${requests}[${window}]))`;
}

/** Failures over five minutes, below which a share says little: one in the night must not wake anybody. */
function enoughFailures(service: ServiceId): string {
  const { requests, failed } = families[service];
  const bad = failed ? `${failed}[5m]` : `${requests}{status=~"5.."}[5m]`;
  return `sum by (${BY}) (increase(${bad})) > 4`;
}

function serviceRules(service: ServiceId): AlertRule[] {
  const slow = slowAbove[service];
  const where = '{{ $labels.service }} in {{ $labels.region }} ({{ $labels.environment }})';
  return [
    {
      alert: 'HighErrorRate',
      expr: `${errorRatio(service, '1m')} > 0.05 and ${enoughFailures(service)}`,
      for: '30s',
      severity: 'critical',
      summary: `${where} fails {{ $value | humanizePercentage }} of its requests`,
      description: 'More than 5 % of the requests of the last minute failed.',
      runbook: 'high-error-rate',
    },
    {
      alert: 'ElevatedErrorRate',
      expr: `${errorRatio(service, '5m')} > 0.001 and ${enoughFailures(service)}`,
      for: '2m',
      severity: 'warning',
      summary: `${where} fails {{ $value | humanizePercentage }} of its requests`,
      description: 'More than twice the share that the objective of 99.95 % allows, over five minutes.',
      runbook: 'high-error-rate',
    },
    {
      alert: 'HighLatency',
      expr: `histogram_quantile(0.95, sum by (le, ${BY}) (rate(${families[service].duration}_bucket[5m]))) > ${slow}`,
      for: '5m',
      severity: 'warning',
      summary: `${where}: P95 is {{ $value | humanizeDuration }}`,
      description: `95 % of the requests should be answered within ${slow} s.`,
      runbook: 'high-latency',
    },
    {
      alert: 'PodUnreachable',
      expr: `count by (${BY}) (up{job="${service}"} == 0) > 0`,
      for: '1m',
      severity: 'critical',
      summary: `{{ $value }} pods of ${where} do not answer the scrape`,
      description: 'A running pod that cannot be scraped is usually crashed or frozen.',
      runbook: 'service-down',
    },
  ];
}

const sharedRules: AlertRule[] = [
  {
    alert: 'RequestsRefused',
    expr: `sum by (${BY}) (rate(nginx_ingress_controller_requests_total{upstream="none"}[1m])) > 0.5`,
    for: '15s',
    severity: 'critical',
    summary: '{{ $labels.service }} in {{ $labels.region }} has nobody to answer',
    description: 'The entry proxy answers 502 or 503 because no ready pod took the request.',
    runbook: 'service-down',
  },
  {
    alert: 'DatabasePoolExhausted',
    expr: `sum by (${BY}) (fraiseql_db_connections_active) / sum by (${BY}) (fraiseql_db_connections_active + fraiseql_db_connections_idle) > 0.9`,
    for: '5m',
    severity: 'warning',
    summary:
      '{{ $labels.service }} in {{ $labels.region }} uses {{ $value | humanizePercentage }} of its pool',
    description: 'Requests wait for a connection when the pool is used up.',
    runbook: 'pool-exhausted',
  },
  {
    alert: 'HighMemoryUsage',
    expr: `max by (${BY}) (container_memory_working_set_bytes / on (cluster, namespace, pod, container) group_left kube_pod_container_resource_limits{resource="memory"}) > 0.85`,
    for: '10m',
    severity: 'warning',
    summary:
      '{{ $labels.service }} in {{ $labels.region }}: a pod uses {{ $value | humanizePercentage }} of its memory',
    description: 'At the limit the container is killed and started again.',
    runbook: 'memory-leak',
  },
  {
    alert: 'ListenerDown',
    expr: `min by (${BY}) (observer_listener_health) == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'A listener of {{ $labels.service }} in {{ $labels.region }} is unhealthy',
    description: 'Events wait until a listener is healthy again.',
    runbook: 'service-down',
  },
  {
    alert: 'DeadLettersGrow',
    expr: `sum by (${BY}) (increase(observer_dlq_items_total[5m])) > 20`,
    for: '1m',
    severity: 'warning',
    summary:
      '{{ $value | humanize }} events of {{ $labels.service }} went to the dead-letter queue in 5 minutes',
    description: 'Actions that failed for good are kept for a later replay.',
    runbook: 'dead-letters',
  },
  {
    alert: 'DatabaseDown',
    expr: `max by (${BY}) (pg_up) == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'The database of {{ $labels.service }} in {{ $labels.region }} does not answer',
    description: 'The exporter cannot connect to PostgreSQL.',
    runbook: 'database-unavailable',
  },
  {
    alert: 'ReplicationLag',
    expr: `max by (${BY}) (pg_replication_lag_seconds) > 30`,
    for: '5m',
    severity: 'warning',
    summary:
      'Replicas of {{ $labels.service }} in {{ $labels.region }} are {{ $value | humanizeDuration }} behind',
    description: 'Reads from replicas show old data.',
    runbook: 'replication-lag',
  },
];

/** Every rule, by group: one group for each service and one for what they share. */
export function ruleGroups(): { name: string; rules: AlertRule[] }[] {
  return [
    ...appServices.map(({ id: service }) => ({
      name: service,
      rules: serviceRules(service).map((rule) => ({ ...rule, service })),
    })),
    { name: 'infrastructure', rules: sharedRules },
  ];
}
