import { labelText } from '../labels';
import type { MetricQuery, VectorOp } from '../logql/ast';
import { groupLabels, type Series } from './series';

type AggregateQuery = Extract<MetricQuery, { kind: 'aggregate' }>;

const reducers: Record<Exclude<VectorOp, 'topk' | 'bottomk'>, (values: readonly number[]) => number> = {
  sum: (values) => values.reduce((total, value) => total + value, 0),
  avg: (values) => values.reduce((total, value) => total + value, 0) / values.length,
  min: (values) => values.reduce((least, value) => Math.min(least, value)),
  max: (values) => values.reduce((most, value) => Math.max(most, value)),
  count: (values) => values.length,
};

/** Aggregates series by `by` / `without`; a time at which no series has a point stays without one. */
export function aggregate(query: AggregateQuery, series: readonly Series[]): Series[] {
  const groups = new Map<string, { labels: Series['labels']; members: Series[] }>();
  for (const each of series) {
    const labels = groupLabels(each.labels, query.grouping);
    const key = labelText(labels);
    const group = groups.get(key) ?? { labels, members: [] };
    group.members.push(each);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  if (query.op === 'topk' || query.op === 'bottomk') {
    const sign = query.op === 'topk' ? 1 : -1;
    return all.flatMap(({ members }) => ranked(members, query.parameter ?? 0, sign));
  }
  const reduce = reducers[query.op];
  return all.map(({ labels, members }) => ({ labels, points: reducePoints(members, reduce) }));
}

function reducePoints(
  members: readonly Series[],
  reduce: (values: readonly number[]) => number,
): (number | null)[] {
  const [first] = members;
  return (first?.points ?? []).map((_, at) => {
    const values = members.map((member) => member.points[at]).filter((value) => typeof value === 'number');
    return values.length === 0 ? null : reduce(values);
  });
}

/** Per time only the k greatest (or least) keep their point. */
function ranked(members: readonly Series[], count: number, sign: number): Series[] {
  const kept = members.map((member): Series => ({ labels: member.labels, points: [] }));
  const length = members[0]?.points.length ?? 0;
  for (let at = 0; at < length; at += 1) {
    const order = members
      .map((member, index) => ({ index, value: member.points[at] ?? null }))
      .filter((item): item is { index: number; value: number } => item.value !== null)
      .sort((a, b) => sign * (b.value - a.value))
      .slice(0, Math.max(0, count));
    const chosen = new Map(order.map(({ index, value }) => [index, value]));
    kept.forEach((series, index) => {
      series.points.push(chosen.get(index) ?? null);
    });
  }
  return kept;
}
