import { durationNs } from '../duration';
import { LokiError, unsupported } from '../error';
import {
  type BinaryOp,
  binaryOps,
  type Grouping,
  type MetricQuery,
  type RangeOp,
  rangeOps,
  type Unwrap,
  type VectorOp,
  vectorOps,
} from './ast';
import { logQuery } from './parse-log';
import { labelFilter } from './parse-pipeline';
import type { Node } from './tree';

/** A MetricExpr node. Throws LokiError 400 for what this server does not evaluate. */
export function metricQuery(node: Node): MetricQuery {
  const [child] = node.children;
  if (child === undefined) throw unsupported(node.text);
  switch (child.name) {
    case 'MetricExpr':
      return metricQuery(child);
    case 'LiteralExpr':
      return { kind: 'number', value: Number(child.text.replace(/\s/g, '')) };
    case 'VectorExpr':
      return { kind: 'vector', value: Number(child.need('Number').text) };
    case 'RangeAggregationExpr':
      return rangeQuery(child);
    case 'VectorAggregationExpr':
      return aggregateQuery(child);
    case 'BinOpExpr':
      return binaryQuery(child);
    default:
      throw unsupported(child.text);
  }
}

function rangeQuery(node: Node): MetricQuery {
  const op = known<RangeOp>(rangeOps, node.need('RangeOp').text);
  const source = node.need('LogRangeExpr');
  const rangeNs = durationNs(source.need('Range').text.slice(1, -1).trim());
  const offset = source.child('OffsetExpr')?.child('Duration')?.text;
  if (rangeNs === null || rangeNs <= 0) throw unsupported(source.text);
  const unwrap = unwrapOf(source);
  const overValues = /^(sum|avg|min|max|quantile|first|last)_over_time$/.test(op);
  if (overValues !== (unwrap !== null) && op !== 'rate' && op !== 'absent_over_time') {
    const text = unwrap === null ? 'without unwrap' : 'with unwrap';
    throw new LokiError(400, `parse error : invalid aggregation ${op} ${text}`);
  }
  if (unwrap !== null && op === 'rate') throw unsupported('rate over unwrap');
  return {
    kind: 'range',
    op,
    parameter: numberOf(node),
    log: logQuery(source),
    rangeNs,
    offsetNs: offset === undefined ? 0 : (durationNs(offset) ?? 0),
    unwrap,
    grouping: groupingOf(node),
  };
}

function unwrapOf(source: Node): Unwrap | null {
  const node = source.child('UnwrapExpr');
  if (node === null) return null;
  const after = node
    .all('LabelFilter')
    .map((filter) => ({ kind: 'filter' as const, filter: labelFilter(filter) }));
  let inner = node;
  for (let next = inner.child('UnwrapExpr'); next !== null; next = inner.child('UnwrapExpr')) inner = next;
  const conversion = inner.child('ConvOp')?.text.trim() ?? null;
  const allowed = conversion === null || ['bytes', 'duration', 'duration_seconds'].includes(conversion);
  if (!allowed) throw unsupported(`unwrap ${conversion}`);
  return {
    label: inner.need('Identifier').text,
    conversion:
      conversion === 'bytes' || conversion === 'duration' || conversion === 'duration_seconds'
        ? conversion
        : null,
    after,
  };
}

function aggregateQuery(node: Node): MetricQuery {
  const op = known<VectorOp>(vectorOps, node.need('VectorOp').text);
  const parameter = numberOf(node);
  const ranked = op === 'topk' || op === 'bottomk';
  if (ranked && parameter === null)
    throw new LokiError(400, `parse error : parameter required for operation ${op}`);
  if (!ranked && parameter !== null) {
    throw new LokiError(400, `parse error : unsupported parameter for operation ${op}(${parameter},`);
  }
  return {
    kind: 'aggregate',
    op,
    parameter,
    inner: metricQuery(node.need('MetricExpr')),
    grouping: groupingOf(node),
  };
}

const numberOf = (node: Node): number | null => {
  const text = node.child('Number')?.text;
  return text === undefined ? null : Number(text);
};

function groupingOf(node: Node): Grouping | null {
  const grouping = node.child('Grouping');
  if (grouping === null) return null;
  const labels = grouping.child('Labels');
  const names = labels === null ? [] : labels.list('Labels').map((label) => label.text);
  return { without: grouping.child('Without') !== null, labels: names };
}

function known<T extends string>(list: readonly T[], text: string): T {
  const found = list.find((item) => item === text.trim());
  if (found === undefined) throw unsupported(text.trim());
  return found;
}

type Link = { op: BinaryOp | null; bool: boolean; operand: MetricQuery };

const strength = (op: BinaryOp): number => {
  if (op === '^') return 3;
  if (op === '*' || op === '/' || op === '%') return 2;
  return op === '+' || op === '-' ? 1 : 0;
};

/** The grammar's tree does not carry the precedence of comparisons, so the chain is flattened and rebuilt. */
function binaryQuery(node: Node): MetricQuery {
  const links = flatten(node);
  const [first, ...rest] = links;
  if (first === undefined) throw unsupported(node.text);
  return climb(first.operand, rest, 0);
}

function flatten(node: Node): Link[] {
  const sides = node.all('Expr');
  const [left, right] = sides;
  const modifier = node.child('BinOpModifier');
  const text = node.children.find((child) => child.name !== 'Expr' && child.name !== 'BinOpModifier')?.text;
  const op = known<BinaryOp>(binaryOps, text ?? '');
  if (left === undefined || right === undefined) throw unsupported(node.text);
  if (modifier?.child('OnOrIgnoringModifier')) throw unsupported(`vector matching with ${modifier.text}`);
  const [head, ...tail] = operands(right);
  if (head === undefined) throw unsupported(node.text);
  const link = { op, bool: modifier?.child('Bool') !== undefined && modifier?.child('Bool') !== null };
  return [...operands(left), { ...link, operand: head.operand }, ...tail];
}

/** A side without parentheses continues the chain; one in parentheses has a MetricExpr of its own in between. */
function operands(side: Node): Link[] {
  const metric = side.child('MetricExpr') ?? side.child('LogExpr');
  if (metric === null || metric.name === 'LogExpr') {
    throw new LokiError(400, `parse error : unexpected type for leg of binary operation: ${side.text}`);
  }
  const inner = metric.child('BinOpExpr');
  return inner === null ? [{ op: null, bool: false, operand: metricQuery(metric) }] : flatten(inner);
}

function climb(start: MetricQuery, links: Link[], least: number): MetricQuery {
  let left = start;
  for (let link = links[0]; link?.op !== undefined && link.op !== null; link = links[0]) {
    const { op, bool } = link;
    if (strength(op) < least) break;
    links.shift();
    const next = op === '^' ? strength(op) : strength(op) + 1;
    left = { kind: 'binary', op, bool, left, right: climb(link.operand, links, next) };
  }
  return left;
}
