import { expect, test } from 'vitest';
import { lintRules } from '../lint';

const found = (expr: string, severity: string, sliTable = true) =>
  lintRules(
    [
      {
        file: 'rules.yaml',
        text: `groups: [{ rules: [{ alert: A, expr: ${JSON.stringify(expr)}, labels: { severity: ${severity} } }] }]`,
      },
    ],
    { sliTable },
  ).findings;

const p95 = 'histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m])))';
const failures = 'sum by (job) (rate(a_total{status=~"5.."}[5m])) / sum by (job) (rate(a_total[5m]))';
const memory = 'container_memory_working_set_bytes / (container_spec_memory_limit_bytes > 0)';

test.each([
  [`${p95} > 0.3`, 'critical'],
  [`${p95} > 0.15`, 'warning'],
  [`0.299 < ${p95}`, 'warning'],
  [`${p95.replace('0.95', '0.99')} >= 1`, 'critical'],
  [`${failures} > 0.001`, 'critical'],
  [`${failures} > 0.0005`, 'warning'],
  [`${memory} > 0.9`, 'critical'],
  [`${memory} > 0.85`, 'warning'],
  ['a_cache_hit_ratio < 0.85', 'critical'],
  ['a_cache_hit_ratio < 0.9', 'warning'],
  ['a_connections_active / a_connections_limit > 0.9', 'critical'],
])('%s is %s, and nothing else', (expr, severity) => {
  expect(found(expr, severity)).toEqual([]);
  const other = severity === 'critical' ? 'warning' : 'critical';
  expect(found(expr, other)).toMatchObject([
    { id: 'X-11', severity: 'warning', corrected: { labels: { severity } } },
  ]);
  expect(found(expr, other, false)).toEqual([]);
});

test.each([
  `${p95} > 0.1`,
  `${p95} < 0.3`,
  'up == 0',
  'a_cache_hit_ratio < 0.95',
  'a_connections_active > 900',
])('%s is none of the table', (expr) => {
  expect([found(expr, 'warning'), found(expr, 'critical'), found(expr, 'page')]).toEqual([[], [], []]);
});
