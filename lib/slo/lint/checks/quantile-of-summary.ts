import type { Check, Scope, Spot } from '../model';
import { bare, type CallNode, constantOf, type SelectorNode, selectorsOf, walk } from '../promql/tree';
import { numberText, selectorText, writtenMatchers } from '../rewrite';

/**
 * a label `quantile` means a summary: its quantiles were computed by the program, and histogram_quantile() of
 * it is empty. They are read as they are, and no sum or average of them means anything.
 */
export const quantileOfSummary: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node]) =>
    node.kind === 'call' && node.name === 'histogram_quantile' && isSummary(scope, node)
      ? (spotOf(scope, node) ?? [])
      : [],
  );

/** Whether what a histogram_quantile() is taken of is declared a summary, or asked for by its label. */
export function isSummary(scope: Scope, call: CallNode): boolean {
  const [, of] = call.args;
  if (of === undefined) return false;
  const grouped = [...walk(of)].some(
    ([node]) =>
      node.kind === 'aggregate' && node.grouping?.mode === 'by' && node.grouping.labels.includes('quantile'),
  );
  return (
    grouped ||
    selectorsOf(of).some(
      (selector) =>
        selector.matchers.some((matcher) => matcher.label === 'quantile') ||
        scope.series.find(selector.name ?? '')?.kind === 'summary',
    )
  );
}

function spotOf(scope: Scope, call: CallNode): Spot | null {
  const [rank, of] = call.args;
  const [selector, ...others] = of === undefined ? [] : selectorsOf(of);
  if (rank === undefined || selector === undefined) return null;
  const quantile = constantOf(rank);
  const isPlain = others.length === 0 && quantile !== null && bare(rank).kind === 'number';
  return {
    id: 'X-45',
    severity: 'error',
    span: { from: call.from, to: call.to },
    says: `${selector.name ?? 'This series'} is a summary (it has a label quantile): histogram_quantile() of it is empty.`,
    why: 'A summary has no buckets: each process has computed its quantiles itself. Ask for the quantile by its label; the worst process is their max, and no average of them means anything. The program has to offer that quantile.',
    edits: isPlain ? [{ from: call.from, to: call.to, text: reading(scope, selector, quantile) }] : null,
  };
}

function reading(scope: Scope, selector: SelectorNode, quantile: number): string {
  const matchers = selector.matchers.filter((one) => one.label !== 'quantile').map((one) => one.written);
  const name = (selector.name ?? '').replace(/_bucket$/, '');
  const wanted = selectorText(name, [...matchers, `quantile="${numberText(quantile)}"`]);
  return `max by (${scope.keep(['quantile', 'le']).join(', ')}) (${wanted})`;
}

/** What stands for a wrong name, as it is or as a rate over a window; null where neither fits. */
type Rename = (matchers: readonly string[], window: string | null) => string | null;

/** Names that no exporter has, and what node_exporter calls it. */
const misnamed = new Map<string, Rename>([
  [
    'node_memory_bytes',
    (matchers, window) =>
      window === null
        ? `(${selectorText('node_memory_MemTotal_bytes', matchers)} - ${selectorText('node_memory_MemAvailable_bytes', matchers)})`
        : null,
  ],
  [
    'node_network_bytes_total',
    pairOf('node_network_receive_bytes_total', 'node_network_transmit_bytes_total'),
  ],
  ['node_disk_io_bytes_total', pairOf('node_disk_read_bytes_total', 'node_disk_written_bytes_total')],
]);

function pairOf(first: string, second: string): Rename {
  return (matchers, window) =>
    window === null
      ? `(${selectorText(first, matchers)} + ${selectorText(second, matchers)})`
      : `(rate(${selectorText(first, matchers)}[${window}]) + rate(${selectorText(second, matchers)}[${window}]))`;
}

/** node_memory_bytes, node_network_bytes_total and node_disk_io_bytes_total are not names of node_exporter. */
export const unknownNodeName: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node, above]): Spot[] => {
    const write = node.kind === 'selector' ? misnamed.get(node.name ?? '') : undefined;
    if (node.kind !== 'selector' || write === undefined || scope.series.find(node.name ?? '') !== null)
      return [];
    const range = above.at(-1);
    const call = above.at(-2);
    const ranged = range?.kind === 'range' && call?.kind === 'call' && call.name === 'rate' ? call : null;
    const isPlain = range?.kind !== 'range' && range?.kind !== 'subquery' && range?.kind !== 'shift';
    const text =
      ranged !== null && range?.kind === 'range'
        ? write(writtenMatchers(node), range.window)
        : isPlain
          ? write(writtenMatchers(node), null)
          : null;
    const place = ranged ?? node;
    return [
      {
        id: 'X-45',
        severity: 'error',
        span: { from: node.from, to: node.to },
        says: `${node.name} is not a name of node_exporter: the rule never finds a series.`,
        why: 'node_exporter tells memory apart by its kind (MemTotal, MemAvailable), and bytes by direction: receive and transmit, read and written.',
        edits: text === null ? null : [{ from: place.from, to: place.to, text }],
      },
    ];
  });
