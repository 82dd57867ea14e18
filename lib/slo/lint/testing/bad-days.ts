/** Series of an hour, and whether the rule as it came and as it is corrected fires at its end. */
export type BadDay = {
  name: string;
  expr: string;
  /** Series and their values each minute, in promtool's notation. */
  series: Record<string, string>;
  fires: { original: boolean; corrected: boolean };
};

export const badDays: readonly BadDay[] = [
  {
    name: 'one request of a thousand fails',
    expr: 'rate(x_requests_total{status=~"5.."}[5m]) > 0.05',
    series: { 'x_requests_total{status="200"}': '0+59940x60', 'x_requests_total{status="500"}': '0+60x60' },
    fires: { original: true, corrected: false },
  },
  {
    name: 'one request of five fails, and few come',
    expr: 'rate(x_requests_total{status=~"5.."}[5m]) > 0.05',
    series: { 'x_requests_total{status="200"}': '0+8x60', 'x_requests_total{status="500"}': '0+2x60' },
    fires: { original: false, corrected: true },
  },
  {
    name: 'the one request of five minutes fails',
    expr: 'rate(x_requests_total{status=~"5.."}[5m]) > 0.001',
    series: { 'x_requests_total{status="500"}': '0x58 1 1' },
    fires: { original: true, corrected: false },
  },
  {
    name: 'every request takes long',
    expr: 'histogram_quantile(0.95, x_seconds) > 2',
    series: {
      'x_seconds_bucket{le="2"}': '0x60',
      'x_seconds_bucket{le="5"}': '0+60x60',
      'x_seconds_bucket{le="+Inf"}': '0+60x60',
    },
    fires: { original: false, corrected: true },
  },
  {
    name: 'a queue is filled and emptied, and holds no more than before',
    expr: 'increase(x_dlq_items_total[10m]) > 50',
    series: { x_dlq_items_total: `${'0 20 '.repeat(30)}0` },
    fires: { original: true, corrected: false },
  },
  {
    name: 'a large queue grows by a little',
    expr: 'increase(x_dlq_items_total[10m]) > 50',
    series: { x_dlq_items_total: '100000+10x60' },
    fires: { original: true, corrected: false },
  },
  {
    name: 'an empty queue fills',
    expr: 'rate(x_dlq_items_total[5m]) > 100',
    series: { x_dlq_items_total: '0x50 0+200x10' },
    fires: { original: false, corrected: true },
  },
  {
    name: 'everything fails for ten minutes, after a good week',
    expr: 'x_failed_total / x_done_total > 0.05',
    series: { x_failed_total: '10x50 10+60x10', x_done_total: '1000000+60x60' },
    fires: { original: false, corrected: true },
  },
  {
    name: 'something failed long ago',
    expr: 'x_failed_total / x_done_total > 0.05',
    series: { x_failed_total: '900x60', x_done_total: '1000+60x60' },
    fires: { original: true, corrected: false },
  },
  {
    name: 'the connections run out',
    expr: 'pg_stat_activity_count / pg_settings_max_connections > 0.8',
    series: {
      'pg_stat_activity_count{datname="a", state="active"}': '50x60',
      'pg_stat_activity_count{datname="a", state="idle"}': '45x60',
      pg_settings_max_connections: '100x60',
    },
    fires: { original: false, corrected: true },
  },
  {
    name: 'one request of a hundred fails, divided by itself',
    expr: 'rate(x_requests_total{status="500"}[5m]) / rate(x_requests_total[5m]) > 0.05',
    series: { 'x_requests_total{status="200"}': '0+99x60', 'x_requests_total{status="500"}': '0+1x60' },
    fires: { original: true, corrected: false },
  },
  {
    name: 'a pod takes one of its two cores',
    expr: 'rate(container_cpu_usage_seconds_total[5m]) > 0.85',
    series: {
      'container_cpu_usage_seconds_total{namespace="n", pod="p", container="c"}': '0+60x60',
      'kube_pod_container_resource_limits{namespace="n", pod="p", container="c", resource="cpu"}': '2x60',
    },
    fires: { original: true, corrected: false },
  },
  {
    name: 'a pod takes all of its half core',
    expr: 'rate(container_cpu_usage_seconds_total[5m]) > 0.85',
    series: {
      'container_cpu_usage_seconds_total{namespace="n", pod="p", container="c"}': '0+30x60',
      'kube_pod_container_resource_limits{namespace="n", pod="p", container="c", resource="cpu"}': '0.5x60',
    },
    fires: { original: false, corrected: true },
  },
  {
    name: 'a pod has no memory limit',
    expr: 'container_memory_usage_bytes / container_spec_memory_limit_bytes > 0.85',
    series: {
      container_memory_usage_bytes: '1000x60',
      container_memory_working_set_bytes: '900x60',
      container_spec_memory_limit_bytes: '0x60',
    },
    fires: { original: true, corrected: false },
  },
  {
    name: 'a pod reads files, and its cache is full of them',
    expr: 'container_memory_usage_bytes / container_spec_memory_limit_bytes > 0.85',
    series: {
      container_memory_usage_bytes: '990x60',
      container_memory_working_set_bytes: '200x60',
      container_spec_memory_limit_bytes: '1000x60',
    },
    fires: { original: true, corrected: false },
  },
  {
    name: 'a summary is slow',
    expr: 'histogram_quantile(0.99, sum by (quantile) (x_seconds)) > 1',
    series: { 'x_seconds{quantile="0.99"}': '5x60' },
    fires: { original: false, corrected: true },
  },
  {
    name: 'a pool of fifty is doubled',
    expr: 'db_connections{state="active"} > 45',
    series: { 'db_connections{state="active"}': '46x60', 'db_connections{state="idle"}': '54x60' },
    fires: { original: true, corrected: false },
  },
];
