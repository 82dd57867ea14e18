import type { Check, Edit, Scope, Spot } from '../model';
import {
  bare,
  comparisonOf,
  type Grouping,
  type Matcher,
  type Node,
  type SelectorNode,
  walk,
} from '../promql/tree';
import {
  inPlaceOf,
  numberText,
  type Rated,
  ratedOf,
  ratedText,
  requestsFor,
  selectorText,
  sumBy,
} from '../rewrite';

const outcomeLabel =
  /^(status|status_?code|code|http_?(status|code|response_code)|response_?code|status_class|grpc_(code|status)|rc|result|outcome|error|success|severity_text)$/;
const failing = /^\^?\(?[45]|error|fail|timeout|unavailable|internal|exception|false|deadline|dataloss/i;
const fine = /^\^?\(?[123]|^ok$|success|^true$|^0$|^error$/i;
const failureName = /(^|_)(errors?|failed|failures?|exceptions?)(_total)?$/;
const shareWords = /humanizePercentage|\}\}\s*%|\bper ?cent/i;

/**
 * `rate(x{status=~"5.."}[5m]) > 0.05` is errors per second of each series, not 5 %. Right is the ratio of two
 * sums of rates over the same labels, with enough requests that a single failure cannot pass the limit.
 */
export const rateAsShare: Check = (scope) =>
  [...walk(scope.root)].flatMap(([node, above]) => spotAt(scope, node, above) ?? []);

function spotAt(scope: Scope, node: Node, above: readonly Node[]): Spot | null {
  const compared = comparisonOf(node);
  if (compared === null || (compared.op !== '>' && compared.op !== '>=')) return null;
  const { inner, scale, grouping } = peel(compared.series);
  const share = compared.limit / scale;
  const rated = ratedOf(inner, ['rate', 'irate']);
  if (rated === null || !(share > 0 && share < 1)) return null;
  const name = rated.selector.name ?? '';
  if (name.includes(':')) return null;
  const failures = rated.selector.matchers.filter(picksFailures);
  const counted = failures.length > 0 ? null : failureName.exec(name);
  if (failures.length === 0 && counted === null) return null;
  const words = [...scope.rule.annotations.map((one) => one.field.value), scope.rule.name].join('\n');
  const meansShare = failures.length > 0 || scale === 100 || shareWords.test(words);
  if (!meansShare && !/rate|ratio|percent/i.test(scope.rule.name)) return null;
  const total =
    failures.length > 0 ? withoutMatchers(rated.selector, failures) : totalOf(scope, rated.selector);
  const limit = numberText(compared.limit);
  return {
    id: 'X-01',
    severity: meansShare ? 'error' : 'warning',
    span: { from: node.from, to: node.to },
    says: `rate() is failures per second, and ${limit}${scale === 100 ? ' percent' : ''} is a share of requests: the two cannot be compared.`,
    why: `It trips at ${everySeconds(share)}, however many requests there are${grouping === null && bare(compared.series).kind !== 'aggregate' ? ', and for each series apart' : ''}. The share is failures divided by requests, both summed over the same labels; below ${requestsFor(share)} requests in the window a single failure would pass it.${total === null ? ' Which counter has all of them cannot be told from here.' : ''}`,
    edits:
      total === null || compared.node.bool || compared.node.matching !== null
        ? null
        : [
            ratio(scope, {
              node,
              above,
              rated,
              total,
              grouping,
              isSummed: compared.series !== inner && isAggregated(compared.series),
              lost: failures.map((one) => one.label),
              op: compared.op,
              limit,
              scale,
              share,
            }),
          ],
  };
}

const everySeconds = (perSecond: number): string =>
  `one failure every ${numberText(Number((1 / perSecond).toPrecision(3)))} s`;

type Peeled = { inner: Node; scale: number; grouping: Grouping | null };

/** Through parentheses, a factor of 100 and sums, to what is counted. */
function peel(node: Node, scale = 1, grouping: Grouping | null = null): Peeled {
  if (node.kind === 'paren') return peel(node.of, scale, grouping);
  if (node.kind === 'aggregate' && /^(sum|avg|max|min)$/.test(node.name))
    return peel(node.of, scale, grouping ?? node.grouping);
  if (node.kind === 'binary' && node.op === '*') {
    const [left, right] = [bare(node.left), bare(node.right)];
    if (right.kind === 'number' && right.value === 100) return peel(left, scale * 100, grouping);
    if (left.kind === 'number' && left.value === 100) return peel(right, scale * 100, grouping);
  }
  return { inner: node, scale, grouping };
}

const isAggregated = (node: Node): boolean => [...walk(node)].some(([one]) => one.kind === 'aggregate');

/** `status=~"5.."`, `code!="200"`, `error!=""` and the like. */
function picksFailures({ label, op, value }: Matcher): boolean {
  if (!outcomeLabel.test(label)) return false;
  if (value === '') return op === '!=' && label === 'error';
  return (op === '=' || op === '=~' ? failing : fine).test(value);
}

const withoutMatchers = (selector: SelectorNode, dropped: readonly Matcher[]): string =>
  selectorText(
    selector.name,
    selector.matchers.filter((one) => !dropped.includes(one)).map((one) => one.written),
  );

/** The counter of everything beside a counter of failures, where the program is known to have it. */
function totalOf(scope: Scope, selector: SelectorNode): string | null {
  const stem = (selector.name ?? '').replace(failureName, '');
  const written = selector.matchers.map((one) => one.written);
  const found = ['_total', 's_total', '_requests_total', '_executed_total', '_processed_total']
    .map((ending) => `${stem}${ending}`)
    .find((name) => name !== selector.name && scope.series.find(name) !== null);
  return found === undefined ? null : selectorText(found, written);
}

type Ratio = {
  node: Node;
  above: readonly Node[];
  rated: Rated;
  total: string;
  grouping: Grouping | null;
  isSummed: boolean;
  lost: string[];
  op: string;
  limit: string;
  scale: number;
  share: number;
};

function ratio(scope: Scope, of: Ratio): Edit {
  const { rated, grouping, lost } = of;
  const kept = grouping?.labels.filter((label) => !lost.includes(label)) ?? [];
  const sum = (inner: string): string => {
    if (grouping?.mode === 'without')
      return `sum without (${[...new Set([...grouping.labels, ...lost])].join(', ')}) (${inner})`;
    return sumBy(of.isSummed ? kept : scope.keep(lost), inner);
  };
  const bad = sum(ratedText(scope, rated, 'rate'));
  const all = sum(ratedText(scope, rated, 'rate', of.total));
  const enough = sum(ratedText(scope, rated, 'increase', of.total));
  const scaled = of.scale === 1 ? bad : `${numberText(of.scale)} * ${bad}`;
  return inPlaceOf(
    of.node,
    of.above,
    `${scaled}\n  / ${all} ${of.op} ${of.limit}\nand ${enough} >= ${requestsFor(of.share)}`,
  );
}
