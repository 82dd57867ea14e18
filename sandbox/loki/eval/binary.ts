import { labelText } from '../labels';
import type { BinaryOp, CompareOp, MetricQuery } from '../logql/ast';
import { holds } from './filters';
import type { Outcome, Series } from './series';

type BinaryQuery = Extract<MetricQuery, { kind: 'binary' }>;

const comparisons: Partial<Record<BinaryOp, CompareOp>> = {
  '==': '=',
  '!=': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};

function arithmetic(op: BinaryOp, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    default:
      return left ** right;
  }
}

/** One point: null when a comparison without `bool` fails; `kept` is the value that a passing one keeps. */
function point(query: BinaryQuery, left: number, right: number, kept: number): number | null {
  const comparison = comparisons[query.op];
  if (comparison === undefined) return arithmetic(query.op, left, right);
  const passed = holds(comparison, left, right);
  if (query.bool) return passed ? 1 : 0;
  return passed ? kept : null;
}

const mapPoints = (series: readonly Series[], map: (value: number) => number | null): Series[] =>
  series.map(({ labels, points }) => ({
    labels,
    points: points.map((value) => (value === null ? null : map(value))),
  }));

/** Two sides of an operator. Two vectors meet where their label sets are equal; the rest is left out. */
export function combine(query: BinaryQuery, left: Outcome, right: Outcome): Outcome {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return {
      kind: 'scalar',
      value: point({ ...query, bool: true }, left.value, right.value, left.value) ?? 0,
    };
  }
  if (left.kind === 'scalar' && right.kind === 'vector') {
    const series = mapPoints(right.series, (value) => point(query, left.value, value, value));
    return { kind: 'vector', series };
  }
  if (left.kind === 'vector' && right.kind === 'scalar') {
    const series = mapPoints(left.series, (value) => point(query, value, right.value, value));
    return { kind: 'vector', series };
  }
  if (left.kind === 'scalar' || right.kind === 'scalar') return left;
  const partners = new Map(right.series.map((series) => [labelText(series.labels), series]));
  const series = left.series.flatMap((each): Series[] => {
    const partner = partners.get(labelText(each.labels));
    if (partner === undefined) return [];
    const points = each.points.map((value, at) => {
      const other = partner.points[at] ?? null;
      return value === null || other === null ? null : point(query, value, other, value);
    });
    return [{ labels: each.labels, points }];
  });
  return { kind: 'vector', series };
}
