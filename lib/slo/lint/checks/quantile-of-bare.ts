import type { Check, Edit, Scope, Spot } from '../model';
import {
  type AggregateNode,
  bare,
  type CallNode,
  comparisonOf,
  type Node,
  type SelectorNode,
  selectorsOf,
  walk,
} from '../promql/tree';
import { selectorText, sourceOf, sumBy, WINDOW, writtenMatchers } from '../rewrite';
import { isSummary } from './quantile-of-summary';

/**
 * X-02: histogram_quantile() needs the buckets of a window: a quantile over `sum by (le)` of the rate of `x_bucket`.
 * A native histogram is the rate of x itself, without `le` (Prometheus, functions). Recorded names are left alone:
 * their rate was taken before.
 */
export const quantileOfBare: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node]) => {
    if (node.kind === 'call' && node.name === 'histogram_quantile') return quantile(scope, node) ?? [];
    return direct(scope, node) ?? [];
  });

function quantile(scope: Scope, call: CallNode): Spot | null {
  const [, of] = call.args;
  if (of === undefined) return null;
  const selectors = selectorsOf(of);
  const [selector, ...others] = selectors;
  const name = selector?.name ?? '';
  if (selector === undefined || name === '' || selectors.some((one) => one.name?.includes(':'))) return null;
  if (isSummary(scope, call)) return null;
  const outer = bare(of);
  const path = pathTo(of, selector);
  const isRanged = path.some((node) => node.kind === 'range' || node.kind === 'subquery');
  const aggregates = path.flatMap((node) => (node.kind === 'aggregate' ? [node] : []));
  const hasBuckets = name.endsWith('_bucket');
  const span = { from: of.from, to: of.to };
  const wanted = others.length === 0;

  if (!isRanged) {
    const labels = outer.kind === 'aggregate' ? byLabels(outer) : scope.keep(['le']);
    const base = hasBuckets ? name.slice(0, -'_bucket'.length) : name;
    const missing = hasBuckets ? 'no rate' : 'neither buckets nor a rate';
    return {
      id: 'X-02',
      severity: 'error',
      span,
      says: `histogram_quantile() of a bare name: ${name} has ${missing}${hasBuckets ? '' : ', so the result is empty'}.`,
      why: `The buckets of a classic histogram are counters in ${base}_bucket: the quantile of a window is taken over their rates, summed by le.${hasBuckets ? ' Without a rate it is the quantile since each process started.' : ' A native histogram has no le and no suffix, and still needs the rate.'}`,
      edits: wanted ? [{ ...span, text: classic(base, selector, labels, WINDOW) }] : null,
      ...(wanted && !hasBuckets
        ? {
            alternative: {
              when: `${base} is a native histogram`,
              edits: [{ ...span, text: native(base, selector, labels, WINDOW) }],
            },
          }
        : {}),
    };
  }
  if (hasBuckets) {
    const losing = aggregates.find(dropsLe);
    if (losing === undefined) return null;
    return {
      id: 'X-02',
      severity: 'error',
      span: { from: losing.from, to: losing.to },
      says: 'The sum drops le, the label that tells the buckets apart: nothing is left to take a quantile of.',
      why: 'histogram_quantile() reads the bounds of the buckets from le, so every sum below it has to keep that label.',
      edits: [keepLe(scope, losing)],
    };
  }
  const withLe = aggregates.find((one) => one.grouping?.mode === 'by' && one.grouping.labels.includes('le'));
  if (withLe === undefined || scope.series.find(name)?.kind === 'summary') return null;
  return {
    id: 'X-02',
    severity: 'error',
    span: { from: selector.from, to: selector.to },
    says: `${name} has no label le: the buckets of a classic histogram are in ${name}_bucket.`,
    why: 'A native histogram needs no le; a classic one has it on the series that end in _bucket. As it is written, one of the two is meant and neither is asked for.',
    edits: [
      {
        from: selector.from,
        to: selector.to,
        text: selectorText(`${name}_bucket`, writtenMatchers(selector)),
      },
    ],
    alternative: { when: `${name} is a native histogram`, edits: [withoutLe(scope, withLe)] },
  };
}

/** A declared histogram or summary, compared by its bare name: a classic one has no series of that name. */
function direct(scope: Scope, node: Node): Spot | null {
  const compared = comparisonOf(node);
  const selector = compared === null ? null : bare(compared.series);
  if (selector?.kind !== 'selector' || selector.name === null) return null;
  const known = scope.series.find(selector.name);
  if (known?.kind !== 'histogram' || known.name !== selector.name) return null;
  const span = { from: selector.from, to: selector.to };
  const quantileOf = (inner: string): string => `histogram_quantile(0.99, ${inner})`;
  const labels = scope.keep(['le']);
  return {
    id: 'X-02',
    severity: 'error',
    span,
    says: `${selector.name} is a histogram: its bare name has no single value to compare.`,
    why: 'A limit on a histogram is a limit on one of its quantiles; 0.99 is put in here, which one is meant is yours to say.',
    edits: [{ ...span, text: quantileOf(classic(selector.name, selector, labels, WINDOW)) }],
    alternative: {
      when: `${selector.name} is a native histogram`,
      edits: [{ ...span, text: quantileOf(native(selector.name, selector, labels, WINDOW)) }],
    },
  };
}

const classic = (base: string, selector: SelectorNode, labels: readonly string[], window: string): string =>
  sumBy([...labels, 'le'], `rate(${selectorText(`${base}_bucket`, writtenMatchers(selector))}[${window}])`);

const native = (base: string, selector: SelectorNode, labels: readonly string[], window: string): string =>
  sumBy(labels, `rate(${selectorText(base, writtenMatchers(selector))}[${window}])`);

const byLabels = ({ grouping }: AggregateNode): string[] =>
  grouping?.mode === 'by' ? grouping.labels.filter((label) => label !== 'le') : [];

/** What a node stands in, up to `from`, the outermost first. */
function pathTo(from: Node, target: Node): Node[] {
  for (const [node, above] of walk(from)) if (node === target) return [...above];
  return [];
}

function dropsLe({ name, grouping }: AggregateNode): boolean {
  if (/^(topk|bottomk|limitk|limit_ratio)$/.test(name)) return false;
  if (grouping === null) return true;
  return (grouping.mode === 'by') !== grouping.labels.includes('le');
}

function keepLe(scope: Scope, node: AggregateNode): Edit {
  const labels = node.grouping?.labels ?? [];
  const by =
    node.grouping?.mode === 'without'
      ? `without (${labels.filter((label) => label !== 'le').join(', ')})`
      : `by (${[...labels, 'le'].join(', ')})`;
  return { from: node.from, to: node.to, text: `${node.name} ${by} (${inside(scope, node)})` };
}

function withoutLe(scope: Scope, node: AggregateNode): Edit {
  const text = sumBy(byLabels(node), inside(scope, node));
  return { from: node.from, to: node.to, text: text.replace(/^sum/, node.name) };
}

const inside = (scope: Scope, node: AggregateNode): string =>
  `${node.parameter === null ? '' : `${sourceOf(scope, node.parameter)}, `}${sourceOf(scope, node.of)}`;
