import type { Node } from './promql/tree';

/**
 * The labels that the series of an expression can have. `known`: these and no others. `scraped`: whatever the target
 * gave them, but surely job and instance. `number`: no series. `unknown`: nothing can be said.
 */
export type LabelSet =
  | { kind: 'known'; labels: readonly string[] }
  | { kind: 'scraped' }
  | { kind: 'number' }
  | { kind: 'unknown' };

const unknown: LabelSet = { kind: 'unknown' };
const none: LabelSet = { kind: 'known', labels: [] };
const numbers = new Set(['scalar', 'time', 'pi', 'start', 'end', 'step', 'range']);
const without = (set: LabelSet, labels: readonly string[]): LabelSet =>
  set.kind === 'known'
    ? { kind: 'known', labels: set.labels.filter((label) => !labels.includes(label)) }
    : set;

export function labelSetOf(node: Node): LabelSet {
  switch (node.kind) {
    case 'number':
    case 'string':
      return { kind: 'number' };
    case 'selector':
      // What a rule recorded, or somebody without a name asked for, may have been summed.
      return node.name === null || node.name.includes(':') ? unknown : { kind: 'scraped' };
    case 'range':
    case 'subquery':
    case 'paren':
    case 'unary':
    case 'shift':
      return labelSetOf(node.of);
    case 'aggregate':
      if (/^(topk|bottomk|limitk|limit_ratio)$/.test(node.name)) return labelSetOf(node.of);
      if (node.name === 'count_values' || node.grouping?.mode === 'without') return unknown;
      return node.grouping === null ? none : { kind: 'known', labels: node.grouping.labels };
    case 'call':
      return ofCall(node.name, node.args);
    case 'binary':
      return ofBinary(node);
  }
}

function ofCall(name: string, args: readonly Node[]): LabelSet {
  if (numbers.has(name)) return { kind: 'number' };
  if (name === 'vector') return none;
  if (/^(absent|absent_over_time|label_replace|label_join|info|histogram_quantiles)$/.test(name))
    return unknown;
  const sets = args.map(labelSetOf).filter((set) => set.kind !== 'number');
  const [only, ...others] = sets;
  if (only === undefined || others.length > 0) return unknown;
  return name === 'histogram_quantile' ? without(only, ['le']) : only;
}

function ofBinary({ op, left, right, matching }: Extract<Node, { kind: 'binary' }>): LabelSet {
  const [one, other] = [labelSetOf(left), labelSetOf(right)];
  if (op === 'and' || op === 'unless') return one;
  if (one.kind === 'number') return other;
  if (other.kind === 'number') return one;
  if (op === 'or') return sameLabels(one, other) ? one : unknown;
  if (matching?.group != null) return unknown;
  if (matching?.mode === 'on') return { kind: 'known', labels: matching.labels };
  if (matching?.mode === 'ignoring') return without(one, matching.labels);
  return one.kind === 'known' ? one : other.kind === 'known' ? other : one;
}

export function sameLabels(one: LabelSet, other: LabelSet): boolean {
  if (one.kind !== 'known' || other.kind !== 'known') return false;
  return (
    one.labels.length === other.labels.length && one.labels.every((label) => other.labels.includes(label))
  );
}

/** Whether no series of the one can have the same labels as a series of the other. */
export function neverMatch(one: LabelSet, other: LabelSet): boolean {
  if (one.kind === 'known' && other.kind === 'known') return !sameLabels(one, other);
  const [known, scraped] = one.kind === 'known' ? [one, other] : [other, one];
  if (known.kind !== 'known' || scraped.kind !== 'scraped') return false;
  return !(known.labels.includes('job') && known.labels.includes('instance'));
}
