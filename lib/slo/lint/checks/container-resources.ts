import type { Check, Scope, Spot } from '../model';
import { bare, comparisonOf, type Node, type SelectorNode, walk } from '../promql/tree';
import {
  inPlaceOf,
  numberText,
  type Rated,
  ratedOf,
  ratedText,
  selectorText,
  sourceOf,
  sumBy,
  writtenMatchers,
} from '../rewrite';

/** What a container is, for cAdvisor and kube-state-metrics alike. */
const container = ['namespace', 'pod', 'container'];

/**
 * X-36, processor: rate(container_cpu_usage_seconds_total) is cores. 0.85 of a core is a share of nothing that a pod
 * was given: divide by its limit. Pods without a limit have no such series and drop out.
 */
export const coresAsShare: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node, above]): Spot[] => {
    const compared = comparisonOf(node);
    if (compared === null) return [];
    const { inner, scale } = peel(compared.series);
    const rated = ratedOf(inner, ['rate', 'irate']);
    if (rated?.selector.name !== 'container_cpu_usage_seconds_total') return [];
    const share = compared.limit / scale;
    if (!(share > 0 && share < 1) && scale === 1) return [];
    if (!(share > 0 && share <= 1)) return [];
    const limit = numberText(compared.limit);
    return [
      {
        id: 'X-36',
        severity: 'error',
        span: { from: node.from, to: node.to },
        says: `The rate of container_cpu_usage_seconds_total is cores, and ${limit}${scale === 100 ? ' percent' : ''} is compared with it as a share.`,
        why: `${numberText(share)} of a core is ${numberText(Number((share * 50).toPrecision(3)))} % for a pod with a limit of two cores, and can never be reached by one with half a core. Divide by the limit (kube-state-metrics; for pods without one by their request).`,
        edits: compared.node.bool
          ? null
          : [inPlaceOf(node, above, shareOfLimit(scope, rated, scale, compared.op, limit))],
      },
    ];
  });

function peel(node: Node, scale = 1): { inner: Node; scale: number } {
  if (node.kind === 'paren') return peel(node.of, scale);
  if (node.kind === 'aggregate' && /^(sum|avg|max)$/.test(node.name)) return peel(node.of, scale);
  if (node.kind === 'binary' && node.op === '*') {
    const [left, right] = [bare(node.left), bare(node.right)];
    if (right.kind === 'number' && right.value === 100) return peel(left, scale * 100);
    if (left.kind === 'number' && left.value === 100) return peel(right, scale * 100);
  }
  return { inner: node, scale };
}

function shareOfLimit(scope: Scope, rated: Rated, scale: number, op: string, limit: string): string {
  const used = sumBy(container, ratedText(scope, rated, rated.name));
  const given = sumBy(container, 'kube_pod_container_resource_limits{resource="cpu"}');
  return `${scale === 1 ? '' : `${numberText(scale)} * `}${used}\n  / ${given} ${op} ${limit}`;
}

const memoryLimit = 'container_spec_memory_limit_bytes';

/**
 * X-36, memory: container_memory_usage_bytes counts the page cache, which the kernel gives back when it is needed;
 * what gets a container killed is its working set. A limit of 0 means none, and a division by it is +Inf.
 */
export const memoryOfLimit: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node]): Spot[] => {
    if (node.kind !== 'binary' || node.op !== '/') return [];
    const [used, limit] = [aggregated(node.left), aggregated(node.right)];
    const isCache = used?.name === 'container_memory_usage_bytes';
    const isUnguarded = limit?.name === memoryLimit && !leavesOutLimitless(scope.root);
    const isLimit = limit?.name === memoryLimit || guarded(node.right);
    if (used === null || !isLimit || !/^container_memory_/.test(used.name ?? '')) return [];
    return [
      ...(isCache ? [cache(used)] : []),
      ...(isUnguarded && limit !== null ? [limitless(scope, limit)] : []),
    ];
  });

/** The series under sums and parentheses. */
function aggregated(node: Node): SelectorNode | null {
  if (node.kind === 'paren') return aggregated(node.of);
  if (node.kind === 'aggregate' && /^(sum|avg|max|min)$/.test(node.name)) return aggregated(node.of);
  return node.kind === 'selector' ? node : null;
}

/** kube-state-metrics has no limit for containers without one; cAdvisor's is left out with `> 0`. */
const isNonZero = (node: Node): boolean =>
  node.kind === 'binary' &&
  aggregated(node.left)?.name === memoryLimit &&
  /^(>|!=)$/.test(node.op) &&
  comparisonOf(node)?.limit === 0;

const guarded = (node: Node): boolean =>
  [...walk(node)].some(
    ([one]) =>
      isNonZero(one) || (one.kind === 'selector' && one.name === 'kube_pod_container_resource_limits'),
  );

/** The rule leaves out limitless containers elsewhere: by another condition, or by asking for less than +Inf. */
const leavesOutLimitless = (root: Node): boolean =>
  [...walk(root)].some(([one]) => isNonZero(one) || comparisonOf(one)?.limit === Number.POSITIVE_INFINITY);

const cache = (used: SelectorNode): Spot => ({
  id: 'X-36',
  severity: 'error',
  span: { from: used.from, to: used.to },
  says: 'container_memory_usage_bytes counts the page cache: a pod that reads files looks full.',
  why: 'The kernel gives the page cache back when memory is wanted. What counts against the limit, and gets a container killed, is container_memory_working_set_bytes.',
  edits: [
    {
      from: used.from,
      to: used.to,
      text: selectorText('container_memory_working_set_bytes', writtenMatchers(used)),
    },
  ],
});

const limitless = (scope: Scope, limit: SelectorNode): Spot => ({
  id: 'X-36',
  severity: 'error',
  span: { from: limit.from, to: limit.to },
  says: `A container without a limit has ${memoryLimit} 0: the division gives +Inf, which is over every threshold.`,
  why: 'Where no limit is set there is no share of it. Leave those containers out with > 0.',
  edits: [{ from: limit.from, to: limit.to, text: `(${sourceOf(scope, limit)} > 0)` }],
});
