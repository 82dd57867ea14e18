import type { FindingId } from '../model';

/** An expression, what is found in it, and the correction as one line where it is worth reading. */
export type Mistake = { expr: string; ids: FindingId[]; corrected?: string };

/** One mistake of each form that the checks know, and some in one another. */
export const mistakes: readonly Mistake[] = [
  {
    expr: 'rate(http_requests_total{status=~"5..", job="api"}[10m] offset 1h) > 0.01',
    ids: ['X-01'],
    corrected:
      'sum by (job) (rate(http_requests_total{status=~"5..", job="api"}[10m] offset 1h)) / sum by (job) (rate(http_requests_total{job="api"}[10m] offset 1h)) > 0.01 and sum by (job) (increase(http_requests_total{job="api"}[10m] offset 1h)) >= 100',
  },
  {
    expr: 'sum(rate(http_requests_total{code!~"2.."}[5m])) by (code, route) * 100 >= 5',
    ids: ['X-01'],
    corrected:
      '100 * sum by (route) (rate(http_requests_total{code!~"2.."}[5m])) / sum by (route) (rate(http_requests_total[5m])) >= 5 and sum by (route) (increase(http_requests_total[5m])) >= 20',
  },
  {
    expr: '0.02 < sum(irate(grpc_requests_total{grpc_code="Unavailable"}[5m]))',
    ids: ['X-01'],
    corrected:
      'sum(rate(grpc_requests_total{grpc_code="Unavailable"}[5m])) / sum(rate(grpc_requests_total[5m])) > 0.02 and sum(increase(grpc_requests_total[5m])) >= 50',
  },
  {
    expr: 'up == 1 and on (job) (max without (pod) (rate(x_requests_total{status="500"}[5m])) > 0.5)',
    ids: ['X-01'],
    corrected:
      'up == 1 and on (job) (sum without (pod, status) (rate(x_requests_total{status="500"}[5m])) / sum without (pod, status) (rate(x_requests_total[5m])) > 0.5 and sum without (pod, status) (increase(x_requests_total[5m])) >= 2)',
  },
  { expr: 'rate(x_requests_total{status="500"}[5m]) > 0.5 and up == 1', ids: ['X-01'] },
  {
    expr: 'histogram_quantile(0.9, request_seconds{route="/a"}) > 1',
    ids: ['X-02'],
    corrected: 'histogram_quantile(0.9, sum by (job, le) (rate(request_seconds_bucket{route="/a"}[5m]))) > 1',
  },
  {
    expr: 'histogram_quantile(0.9, sum by (le, route) (request_seconds_bucket)) > 1',
    ids: ['X-02'],
    corrected: 'histogram_quantile(0.9, sum by (route, le) (rate(request_seconds_bucket[5m]))) > 1',
  },
  {
    expr: 'histogram_quantile(0.9, sum by (route) (rate(request_seconds_bucket[5m]))) > 1',
    ids: ['X-02'],
    corrected: 'histogram_quantile(0.9, sum by (route, le) (rate(request_seconds_bucket[5m]))) > 1',
  },
  {
    expr: 'histogram_quantile(0.9, sum(rate(request_seconds_bucket[5m]))) > 1',
    ids: ['X-02'],
    corrected: 'histogram_quantile(0.9, sum by (le) (rate(request_seconds_bucket[5m]))) > 1',
  },
  {
    expr: 'histogram_quantile(0.9, sum without (le, pod) (rate(request_seconds_bucket[5m]))) > 1',
    ids: ['X-02'],
    corrected: 'histogram_quantile(0.9, sum without (pod) (rate(request_seconds_bucket[5m]))) > 1',
  },
  {
    expr: 'histogram_quantile(0.9, sum by (le) (rate(request_seconds[5m]))) > 1',
    ids: ['X-02'],
    corrected: 'histogram_quantile(0.9, sum by (le) (rate(request_seconds_bucket[5m]))) > 1',
  },
  {
    expr: 'rate(process_resident_memory_bytes[1h]) > 0',
    ids: ['X-03'],
    corrected: 'deriv(process_resident_memory_bytes[1h]) > 0',
  },
  {
    expr: 'increase(orders_dlq_items_total[10m]) > 50',
    ids: ['X-03'],
    corrected:
      'delta(orders_dlq_items_total[10m]) > 50 and delta(orders_dlq_items_total[10m]) > 0.1 * (orders_dlq_items_total offset 10m)',
  },
  {
    expr: 'sum by (job) (rate(worker_queue_length[5m]))',
    ids: ['X-03'],
    corrected: 'sum by (job) (deriv(worker_queue_length[5m]))',
  },
  {
    expr: 'jobs_failed_total / (jobs_failed_total + jobs_done_total) * 1',
    ids: ['X-04'],
    corrected:
      'sum by (job) (rate(jobs_failed_total[5m])) / (sum by (job) (rate(jobs_failed_total[5m])) + sum by (job) (rate(jobs_done_total[5m]))) * 1',
  },
  {
    expr: 'sum by (pool) (hits_total) / sum by (pool) (lookups_total offset 1h) < 0.9',
    ids: ['X-04'],
    corrected:
      'sum by (pool) (rate(hits_total[5m])) / sum by (pool) (rate(lookups_total[5m] offset 1h)) < 0.9 and sum by (pool) (increase(lookups_total[5m] offset 1h)) >= 10',
  },
  { expr: 'request_seconds_sum / request_seconds_count > 2', ids: ['X-04'] },
  {
    expr: 'pg_stat_activity_count / pg_settings_max_connections > 0.8',
    ids: ['X-05'],
    corrected: 'sum by (job) (pg_stat_activity_count) / sum by (job) (pg_settings_max_connections) > 0.8',
  },
  {
    expr: 'rate(http_requests_total{status=~"5.."}[5m]) / rate(http_requests_total[5m]) > 0.05',
    ids: ['X-05'],
    corrected:
      'sum by (job) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m])) > 0.05',
  },
  {
    expr: 'rate(request_seconds_bucket{le="0.3"}[5m]) / rate(request_seconds_count[5m]) < 0.9',
    ids: ['X-05'],
    corrected:
      'sum by (job) (rate(request_seconds_bucket{le="0.3"}[5m])) / sum by (job) (rate(request_seconds_count[5m])) < 0.9',
  },
  {
    expr: 'sum by (pod) (rate(errors_total[5m])) / sum(rate(requests_total[5m]))',
    ids: ['X-05'],
    corrected: 'sum by (pod) (rate(errors_total[5m])) / on () group_left () sum(rate(requests_total[5m]))',
  },
  {
    expr: 'sum by (job) (rate(errors_total[5m])) / rate(requests_total[5m])',
    ids: ['X-05'],
    corrected: 'sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m]))',
  },
  {
    expr: 'sum by (job, pod) (a_bytes) / sum by (job, node) (b_bytes)',
    ids: ['X-05'],
    corrected: 'sum by (job) (a_bytes) / sum by (job) (b_bytes)',
  },
  {
    expr: 'up == 0 unless sum by (job) (up) == 0',
    ids: ['X-05'],
    corrected: 'up == 0 unless on (job) sum by (job) (up) == 0',
  },
  {
    expr: '(sum (pg_locks_count) / (pg_settings_max_locks_per_transaction * pg_settings_max_connections)) > 0.20',
    ids: ['X-05'],
    corrected:
      '(sum (pg_locks_count) / on () group_right () (pg_settings_max_locks_per_transaction * pg_settings_max_connections)) > 0.20',
  },
  { expr: 'sum by (a) (x_bytes) > bool sum(y_bytes)', ids: ['X-05'] },
  {
    expr: 'sum by (pod) (rate(container_cpu_usage_seconds_total{pod=~"api.*"}[5m])) * 100 > 80',
    ids: ['X-36'],
    corrected:
      '100 * sum by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{pod=~"api.*"}[5m])) / sum by (namespace, pod, container) (kube_pod_container_resource_limits{resource="cpu"}) > 80',
  },
  {
    expr: 'container_memory_working_set_bytes / container_spec_memory_limit_bytes > 0.9',
    ids: ['X-36'],
    corrected: 'container_memory_working_set_bytes / (container_spec_memory_limit_bytes > 0) > 0.9',
  },
  {
    expr: 'sum by (pod) (container_memory_usage_bytes) / sum by (pod) (container_spec_memory_limit_bytes) > 0.9',
    ids: ['X-36', 'X-36'],
    corrected:
      'sum by (pod) (container_memory_working_set_bytes) / sum by (pod) ((container_spec_memory_limit_bytes > 0)) > 0.9',
  },
  {
    expr: 'db_pool_connections{state="in_use", pool="a"} > 40',
    ids: ['X-34'],
    corrected:
      'sum by (job) (db_pool_connections{state="in_use", pool="a"}) / sum by (job) (db_pool_connections{pool="a"}) > 0.8',
  },
  {
    expr: 'histogram_quantile(0.99, sum by (quantile) (rpc_seconds)) > 1',
    ids: ['X-45'],
    corrected: 'max by (job) (rpc_seconds{quantile="0.99"}) > 1',
  },
  {
    expr: 'histogram_quantile(0.5, rate(rpc_seconds{quantile="0.5", a="b"}[5m])) > 1',
    ids: ['X-45'],
    corrected: 'max by (job) (rpc_seconds{a="b", quantile="0.5"}) > 1',
  },
  {
    expr: 'node_memory_bytes{job="node"} > 1e9',
    ids: ['X-45'],
    corrected: '(node_memory_MemTotal_bytes{job="node"} - node_memory_MemAvailable_bytes{job="node"}) > 1e9',
  },
  {
    expr: 'rate(node_network_bytes_total[5m]) > 1e8',
    ids: ['X-45'],
    corrected:
      '(rate(node_network_receive_bytes_total[5m]) + rate(node_network_transmit_bytes_total[5m])) > 1e8',
  },
  {
    expr: 'rate(a_requests_total{code="500"}[5m]) > 0.05 or histogram_quantile(0.9, b_seconds) > 1',
    ids: ['X-01', 'X-02'],
    corrected:
      'sum by (job) (rate(a_requests_total{code="500"}[5m])) / sum by (job) (rate(a_requests_total[5m])) > 0.05 and sum by (job) (increase(a_requests_total[5m])) >= 20 or histogram_quantile(0.9, sum by (job, le) (rate(b_seconds_bucket[5m]))) > 1',
  },
  {
    expr: 'sum(a_failed_total) / b_total > 0.1',
    ids: ['X-04', 'X-05'],
  },
];
