import type { Check, Edit, Scope, Spot } from '../model';
import {
  type BinaryNode,
  bare,
  type Comparison,
  comparisonOf,
  type Node,
  type SelectorNode,
  walk,
} from '../promql/tree';
import { applyEdits, inPlaceOf, requestsFor, sourceOf, sumBy, WINDOW } from '../rewrite';
import { isCounter, isMeanOf } from '../series-names';

/** A counter as it stands in a ratio: the piece that gets a rate, and whether a sum is around it already. */
type Leaf = { selector: SelectorNode; whole: Node; isSummed: boolean };

/**
 * a ratio of raw counters is the average since the processes started: an outage of today drowns in the requests
 * of last month. Rates on both sides.
 */
export const ratioOfCounters: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node, above]): Spot[] => {
    if (node.kind !== 'binary' || node.op !== '/') return [];
    const below = leavesOf(node.left, false);
    const over = leavesOf(node.right, false);
    if (below === null || over === null || !areCounters(scope, below, over)) return [];
    return [
      {
        id: 'X-04',
        severity: 'error',
        span: { from: node.from, to: node.to },
        says: 'Raw counters are divided: the result is the average since the processes started.',
        why: `The longer a process runs, the less it notices: a failure of everything for five minutes is lost among the requests of weeks, and a restart starts over. Take the rate of both over the same window, summed over the same labels.`,
        edits: editsOf(scope, node, above, [below, over]),
      },
    ];
  });

function areCounters(scope: Scope, below: readonly Leaf[], over: readonly Leaf[]): boolean {
  const names = (leaves: readonly Leaf[]) => leaves.map((leaf) => leaf.selector.name ?? '');
  const [sum = '', count = ''] = [names(below)[0], names(over)[0]];
  if (below.length === 1 && over.length === 1 && isMeanOf(sum, count)) return true;
  return [...names(below), ...names(over)].every((name) => isCounter(name, scope.series));
}

/** The series of one side, where it is only added and summed; null where a function stands between. */
function leavesOf(node: Node, isSummed: boolean): Leaf[] | null {
  if (node.kind === 'selector') return [{ selector: node, whole: node, isSummed }];
  if (node.kind === 'shift' && bare(node.of).kind === 'selector') {
    const selector = bare(node.of);
    return selector.kind === 'selector' ? [{ selector, whole: node, isSummed }] : null;
  }
  if (node.kind === 'paren') return leavesOf(node.of, isSummed);
  if (node.kind === 'aggregate' && /^(sum|avg)$/.test(node.name)) return leavesOf(node.of, true);
  if (node.kind !== 'binary' || (node.op !== '+' && node.op !== '-')) return null;
  const left = leavesOf(node.left, isSummed);
  const right = leavesOf(node.right, isSummed);
  return left === null || right === null ? null : [...left, ...right];
}

function editsOf(scope: Scope, node: BinaryNode, above: readonly Node[], sides: [Leaf[], Leaf[]]): Edit[] {
  const [below, over] = sides;
  const ratio = rated(scope, node, [...below, ...over], 'rate');
  const outer = above.findLast((one) => one.kind !== 'paren');
  const compared = outer === undefined ? null : comparisonOf(outer);
  const share = compared === null ? null : shareOf(compared, node);
  if (compared === null || share === null) return [{ from: node.from, to: node.to, text: ratio }];
  const enough = rated(scope, node.right, over, 'increase');
  const whole = applyEdits(sourceOf(scope, compared.node), [
    { from: node.from - compared.node.from, to: node.to - compared.node.from, text: ratio },
  ]);
  return [
    inPlaceOf(
      compared.node,
      above.slice(0, above.indexOf(compared.node)),
      `${whole}\nand ${enough} >= ${requestsFor(share)}`,
    ),
  ];
}

/** The share of failures that a limit allows, where the ratio itself is compared with one; else null. */
function shareOf(compared: Comparison, ratio: Node): number | null {
  if (bare(compared.series) !== ratio || compared.node.bool || !(compared.limit > 0 && compared.limit < 1))
    return null;
  if (compared.op.startsWith('>')) return compared.limit;
  return compared.op.startsWith('<') ? 1 - compared.limit : null;
}

/** A side of the ratio, with each series replaced by its rate (or increase), summed where nothing sums it. */
function rated(scope: Scope, node: Node, leaves: readonly Leaf[], name: string): string {
  const edits = leaves.map((leaf) => {
    const shift = scope.text.slice(leaf.selector.to, leaf.whole.to).replace(/^\)/, '');
    const inner = `${name}(${sourceOf(scope, leaf.selector)}[${WINDOW}]${shift})`;
    return {
      from: leaf.whole.from - node.from,
      to: leaf.whole.to - node.from,
      text: leaf.isSummed ? inner : sumBy(scope.keep([]), inner),
    };
  });
  return applyEdits(sourceOf(scope, node), edits);
}
