import { labelSetOf, neverMatch } from '../label-sets';
import type { Check, Edit, Scope, Spot } from '../model';
import {
  type AggregateNode,
  type BinaryNode,
  bare,
  type Node,
  type SelectorNode,
  walk,
} from '../promql/tree';
import { ratedOf, sourceOf, sumBy } from '../rewrite';

const arithmetic = new Set(['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '>', '<', '>=', '<=']);

/**
 * two sides match series by series over all their labels. Sides with different labels never match, and a subset
 * of a series divided by the whole of it matches itself. Sum both over the same labels.
 */
export const labelsPerSide: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node]): Spot[] => {
    if (node.kind !== 'binary' || node.matching !== null) return [];
    if (!arithmetic.has(node.op) && node.op !== 'and' && node.op !== 'unless') return [];
    const found =
      differing(scope, node) ?? (node.op === '/' ? (itself(scope, node) ?? ownLabels(scope, node)) : null);
    return found === null ? [] : [found];
  });

/** One side is summed over other labels than the other, or not at all. */
function differing(scope: Scope, node: BinaryNode): Spot | null {
  const [left, right] = [labelSetOf(node.left), labelSetOf(node.right)];
  if (!neverMatch(left, right)) return null;
  const has = (set: typeof left) =>
    set.kind !== 'known'
      ? 'all labels of its target'
      : set.labels.length === 0
        ? 'no labels'
        : `only ${set.labels.join(', ')}`;
  return {
    id: 'X-05',
    severity: 'error',
    span: { from: node.from, to: node.to },
    says: `The sides of ${node.op} never match: the left has ${has(left)}, the right ${has(right)}.`,
    why: `Without on() or ignoring(), series match when all their labels are equal${node.op === 'unless' ? ', so nothing is ever taken away' : ', so the result is empty and the rule silent'}.`,
    edits: matched(scope, node),
  };
}

/** Sums the side that nothing sums, else says which labels the sides share. */
function matched(scope: Scope, node: BinaryNode): Edit[] | null {
  const [left, right] = [labelSetOf(node.left), labelSetOf(node.right)];
  if (left.kind !== 'known')
    return right.kind === 'known' ? [summed(scope, node, 'left', right.labels)] : null;
  if (right.kind !== 'known') return [summed(scope, node, 'right', left.labels)];
  const shared = left.labels.filter((label) => right.labels.includes(label));
  if (shared.length === right.labels.length) return [matchingOn(node, shared, 'left')];
  if (shared.length === left.labels.length) return [matchingOn(node, shared, 'right')];
  const [one, other] = [bare(node.left), bare(node.right)];
  if (one.kind !== 'aggregate' || other.kind !== 'aggregate') return null;
  return [one, other].map((side) => regrouped(scope, side, shared));
}

/** The raw side summed over the labels of the other; what was calculated already is matched on them instead. */
function summed(scope: Scope, node: BinaryNode, raw: 'left' | 'right', labels: readonly string[]): Edit {
  const side = node[raw];
  const inner = bare(side);
  if (!arithmetic.has(node.op) || inner.kind === 'binary') return matchingOn(node, labels, raw);
  return { from: side.from, to: side.to, text: sumBy(labels, sourceOf(scope, inner)) };
}

/** Puts `on (labels)` behind the operator; where one side has more series, it is the many. */
function matchingOn(node: BinaryNode, labels: readonly string[], many: 'left' | 'right'): Edit {
  const group = arithmetic.has(node.op) ? ` group_${many} ()` : '';
  return { from: node.opEnd, to: node.opEnd, text: ` on (${labels.join(', ')})${group}` };
}

function regrouped(scope: Scope, side: AggregateNode, labels: readonly string[]): Edit {
  const parameter = side.parameter === null ? '' : `${sourceOf(scope, side.parameter)}, `;
  const by = labels.length > 0 ? ` by (${labels.join(', ')}) ` : '';
  return { from: side.from, to: side.to, text: `${side.name}${by}(${parameter}${sourceOf(scope, side.of)})` };
}

type Side = { text: Node; selector: SelectorNode; fn: string };

const sideOf = (node: Node): Side | null => {
  const inner = bare(node);
  if (inner.kind === 'selector') return { text: inner, selector: inner, fn: '' };
  const rated = ratedOf(inner, ['rate', 'irate', 'increase']);
  return rated === null ? null : { text: inner, selector: rated.selector, fn: rated.name };
};

/** `rate(x{status=~"5.."}) / rate(x)`: each failing series finds itself on the other side. */
function itself(scope: Scope, node: BinaryNode): Spot | null {
  const [one, other] = [sideOf(node.left), sideOf(node.right)];
  if (one === null || other === null || one.fn !== other.fn) return null;
  const [name, whole] = [one.selector.name ?? '', other.selector.name ?? ''];
  const written = (side: Side) => side.selector.matchers.map((matcher) => matcher.written.replace(/\s/g, ''));
  const extra = one.selector.matchers.filter(
    (_, index) => !written(other).includes(written(one)[index] ?? ''),
  );
  if (extra.length === 0 || !written(other).every((matcher) => written(one).includes(matcher))) return null;
  const labels = extra.map((matcher) => matcher.label);
  const isBucket = name.endsWith('_bucket') && whole === `${name.slice(0, -'_bucket'.length)}_count`;
  if (name === '' || (name !== whole && !(isBucket && labels.includes('le')))) return null;
  return {
    id: 'X-05',
    severity: 'error',
    span: { from: node.from, to: node.to },
    says: isBucket
      ? `The sides of / never match: only ${name} has the label le.`
      : `Each series of ${name} that is picked by ${labels.join(', ')} is divided by itself: the result is always 1.`,
    why: 'Series match when all their labels are equal. A share of the whole is a sum over the part divided by a sum over all, both over the same labels.',
    edits: summedBoth(scope, node, labels),
  };
}

/** Series that are known to have different labels of their own. */
function ownLabels(scope: Scope, node: BinaryNode): Spot | null {
  const [one, other] = [sideOf(node.left), sideOf(node.right)];
  const left = one === null ? null : scope.series.labels(one.selector.name ?? '');
  const right = other === null ? null : scope.series.labels(other.selector.name ?? '');
  if (left === null || right === null) return null;
  const differ = [
    ...left.filter((label) => !right.includes(label)),
    ...right.filter((label) => !left.includes(label)),
  ];
  if (differ.length === 0) return null;
  return {
    id: 'X-05',
    severity: 'error',
    span: { from: node.from, to: node.to },
    says: `The sides of / never match: ${differ.join(', ')} ${differ.length === 1 ? 'is a label' : 'are labels'} of one side only.`,
    why: 'Series match when all their labels are equal, so the result is empty and the rule silent. Sum both sides over labels that both have.',
    edits: summedBoth(scope, node, differ),
  };
}

const summedBoth = (scope: Scope, node: BinaryNode, lost: readonly string[]): Edit[] =>
  [node.left, node.right].map((side) => ({
    from: side.from,
    to: side.to,
    text: sumBy(scope.keep(lost), sourceOf(scope, bare(side))),
  }));
