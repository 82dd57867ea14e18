import type { Check, Scope, Spot } from '../model';
import { bare, comparisonOf, constantOf, type Node, selectorsOf, walk } from '../promql/tree';

type Band = { name: string; id: string; warning: number; critical: number; lower?: true };

/** The SLI table of the guides, SLI-01 to SLI-08: seconds and shares. */
const bands = {
  p95: { name: 'latency P95', id: 'SLI-01', warning: 0.15, critical: 0.3 },
  p99: { name: 'latency P99', id: 'SLI-02', warning: 0.5, critical: 1 },
  errors: { name: 'error rate', id: 'SLI-03', warning: 0.0005, critical: 0.001 },
  cpu: { name: 'CPU usage', id: 'SLI-04', warning: 0.7, critical: 0.85 },
  memory: { name: 'memory usage', id: 'SLI-05', warning: 0.8, critical: 0.9 },
  connections: { name: 'database connections', id: 'SLI-07', warning: 0.8, critical: 0.9 },
  cache: { name: 'cache hit ratio', id: 'SLI-08', warning: 0.9, critical: 0.85, lower: true },
} as const satisfies Record<string, Band>;

const ranks = ['info', 'warning', 'critical'];

/**
 * one table says what is critical and what a warning; a rule of another severity wakes people for what the table
 * calls a warning, or leaves them asleep. Asked only when a table counts (`--sli-table`).
 */
export const severityOfTable: Check = (scope) => {
  const label = scope.rule.labels.find((one) => one.key === 'severity')?.field.value;
  if (label === undefined || !ranks.includes(label)) return [];
  for (const [node] of walk(scope.root)) {
    const compared = comparisonOf(node);
    const band = compared === null ? null : bandOf(scope, compared.series);
    if (compared === null || band === null) continue;
    const reaches = (limit: number): boolean =>
      band.lower === true
        ? compared.op.startsWith('<') && compared.limit <= limit
        : compared.op.startsWith('>') && compared.limit >= limit;
    const wanted = reaches(band.critical) ? 'critical' : reaches(band.warning) ? 'warning' : null;
    if (wanted === null || wanted === label) return [];
    return [spot(node, band, label, wanted, compared.limit)];
  }
  return [];
};

function spot(node: Node, band: Band, label: string, wanted: string, limit: number): Spot {
  const sign = band.lower === true ? 'below' : 'above';
  return {
    id: 'X-11',
    severity: 'warning',
    span: { from: node.from, to: node.to },
    says: `The rule is ${label}, and the SLI table calls ${band.name} ${sign} ${limit} ${wanted}.`,
    why: `The table (${band.id}) warns ${sign} ${band.warning} and is critical ${sign} ${band.critical}. One table gives the severity; a rule that shall differ needs another limit.`,
    edits: null,
    labels: { severity: wanted },
  };
}

/** Which row of the table an expression is about; null where none can be told. */
function bandOf(scope: Scope, series: Node): Band | null {
  const inner = bare(series);
  if (inner.kind === 'call' && inner.name === 'histogram_quantile') {
    const rank = inner.args[0] === undefined ? null : constantOf(inner.args[0]);
    return rank === 0.95 ? bands.p95 : rank === 0.99 ? bands.p99 : null;
  }
  const names = selectorsOf(inner).map((one) => one.name ?? '');
  const of = (pattern: RegExp): boolean => names.length > 0 && pattern.test(names[0] ?? '');
  if (of(/^container_cpu_usage_seconds_total$/)) return bands.cpu;
  if (of(/^container_memory_(usage|working_set)_bytes$/) && isShare(inner)) return bands.memory;
  if (of(/(^|_)connections?(_|$)|^pg_stat_activity_count$/) && isShare(inner)) return bands.connections;
  if (of(/cache_hit_(ratio|rate)$/)) return bands.cache;
  const failures = selectorsOf(inner)[0]?.matchers.some(
    (one) => /status|code/.test(one.label) && /5/.test(one.value),
  );
  return failures === true && scope.text.includes('rate') ? bands.errors : null;
}

const isShare = (node: Node): boolean => node.kind === 'binary' && node.op === '/';
