import type { Check, Scope, Spot } from '../model';
import { bare, type Comparison, comparisonOf, type Node, type SelectorNode, walk } from '../promql/tree';
import { inPlaceOf, numberText, selectorText, sumBy, writtenMatchers } from '../rewrite';

const memory = /(resident_memory|memory_(usage|working_set|rss)|virtual_memory)(_bytes)?$/;
const pool =
  /(^|_)pool(_|$)|(^|_)(db|database|sql|pg|postgres(ql)?|mysql|jdbc|hikaricp)_(\w+_)?(connections?|conns?|sessions)(_|$)/;
const busy = /^(active|busy|used|in_?use)$/;
const stateLabel = /^(state|status)$/;

/** Labels that pods and their processes have in common. */
const podLabels = new Set(['namespace', 'pod', 'container', 'cluster', 'node']);

/** Over how long memory has to grow to be called a leak, and how full it has to be (SLI-05: warning above 80 %). */
const SLOPE = '6h';
const FULL = '0.8';

/**
 * a leak is memory that grows for hours, in relation to what the process may have. A number of bytes is never
 * reached on a small host, and reached by a healthy process on a big one.
 */
export const leakBySize: Check = (scope) => {
  const words = [scope.rule.name, ...scope.rule.annotations.map((one) => one.field.value)].join('\n');
  if (!/leak/i.test(words)) return [];
  return comparisons(scope).flatMap(({ compared, selector, above }): Spot[] => {
    if (!memory.test(selector.name ?? '') || compared.limit < 1e6 || !compared.op.startsWith('>')) return [];
    const gib = (compared.limit / 2 ** 30).toFixed(2);
    const isContainer = selector.name?.startsWith('container_') === true;
    const kept = selector.matchers.filter((one) => isContainer || podLabels.has(one.label));
    const written = kept.map((one) => one.written);
    const matchers = kept.some((one) => one.label === 'container') ? written : [...written, 'container!=""'];
    const used = selectorText('container_memory_working_set_bytes', matchers);
    const given = selectorText('container_spec_memory_limit_bytes', matchers);
    return [
      {
        id: 'X-32',
        severity: 'warning',
        span: { from: compared.node.from, to: compared.node.to },
        says: `${numberText(compared.limit)} bytes (${gib} GiB) is a size, and a leak is growth: on a host with less memory this never fires, on a big one it fires in health.`,
        why: `Ask how much of its limit the container holds, and whether that grew over hours.${isContainer ? '' : ' The limit is the container’s, so both come from cAdvisor.'}`,
        edits: [
          inPlaceOf(
            compared.node,
            above,
            `${used}\n  / (${given} > 0) > ${FULL}\nand deriv(${used}[${SLOPE}]) > 0`,
          ),
        ],
      },
    ];
  });
};

/**
 * `connections{state="active"} > 45` is a share of a pool whose size stands in another file. Compare with the
 * pool as it is.
 */
export const poolBySize: Check = (scope) =>
  comparisons(scope).flatMap(({ compared, selector, above }): Spot[] => {
    const state = selector.matchers.find(
      (one) => one.op === '=' && stateLabel.test(one.label) && busy.test(one.value),
    );
    if (state === undefined || !pool.test(selector.name ?? '')) return [];
    if (compared.limit < 2 || !compared.op.startsWith('>')) return [];
    const severity = scope.rule.labels.find((one) => one.key === 'severity')?.field.value;
    // SLI-07: connections above 80 % warn, above 90 % are critical.
    const share = severity === 'critical' || severity === 'page' ? '0.9' : '0.8';
    const others = selector.matchers.filter((one) => one !== state).map((one) => one.written);
    const labels = scope.keep([state.label]);
    return [
      {
        id: 'X-34',
        severity: 'warning',
        span: { from: compared.node.from, to: compared.node.to },
        says: `${numberText(compared.limit)} is a share of a pool whose size is set elsewhere: when the pool changes, the rule does not.`,
        why: `Compare what is ${state.value} with the size of the live pool: the sum over every ${state.label}. Where the program exposes the most that its pool may hold, divide by that.`,
        edits: [
          inPlaceOf(
            compared.node,
            above,
            `${sumBy(labels, selectorText(selector.name, writtenMatchers(selector)))}\n  / ${sumBy(labels, selectorText(selector.name, others))} > ${share}`,
          ),
        ],
      },
    ];
  });

type Compared = {
  compared: Comparison;
  selector: SelectorNode;
  above: readonly Node[];
};

/** Comparisons of one series, bare or in a sum, with a number. */
const comparisons = (scope: Scope): Compared[] =>
  [...walk(scope.root)].flatMap(([node, above]) => {
    const compared = comparisonOf(node);
    const inner = compared === null ? null : bare(compared.series);
    const selector = inner?.kind === 'aggregate' ? bare(inner.of) : inner;
    return compared !== null && selector?.kind === 'selector' && !compared.node.bool
      ? [{ compared, selector, above }]
      : [];
  });
