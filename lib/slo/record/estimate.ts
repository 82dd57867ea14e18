import 'server-only';
import { queryRange } from '@/lib/sources/prometheus/client';
import { addLabel, type Expr, either, increase, sumBy } from '@/lib/sources/prometheus/queries';
import type { Counted } from '../define/indicator';
import type { Counts } from '../model';
import type { Answer, Counters, One } from './asked';
import type { RoleCounts } from './count';
import { GroupCounter, type GroupCounts } from './groups';
import { type Part, partOf } from './subset';

export const figureLabel = 'signalbox_figure';

/** Values of the labels that tell failures from the rest, for each group: with more of them two sums are cheaper. */
const mostKinds = 12;
/** Indicators with more, in this process. */
const manyKinds = new WeakSet<Counters>();

type Span = { from: number; to: number };

const rangeOf = ({ signal }: One, { from, to }: Span) => ({ from: from + 300, to, step: 300, signal });
/** Estimates are kept to a thousandth of an event: more digits are none of what was measured, and cost space. */
const rounded = (value: number): number => Math.max(0, Math.round(value * 1000) / 1000);
const samplesOf = (series: readonly { points: readonly unknown[] }[]): number =>
  series.reduce((sum, { points }) => sum + points.length, 0);

/** Events by increase(): failures from the same sums as all, where labels tell them apart. */
export async function estimateCounters(one: One, indicator: Counters, span: Span): Promise<Answer> {
  const [total, other] = indicator.counted;
  const part = manyKinds.has(indicator) ? null : partOf(total.selector, other.selector);
  if (part !== null) {
    const answer = await estimateParts(one, indicator, part, span);
    if (answer !== null) return answer;
    manyKinds.add(indicator);
  }
  const expr = (of: Counted) => sumBy(indicator.groupBy, increase(of.selector, 300));
  const figures = { total: expr(total), other: expr(other), role: roleOf(other) };
  return estimate(one, indicator.groupBy, figures, span);
}

const roleOf = ({ role }: Counted): 'good' | 'bad' => (role === 'good' ? 'good' : 'bad');

/** One sum for each value of the labels that tell; null where these are too many, or do not tell. */
async function estimateParts(one: One, indicator: Counters, part: Part, span: Span): Promise<Answer | null> {
  const [total, other] = indicator.counted;
  const { groupBy } = indicator;
  const by = [...new Set([...groupBy, ...part.labels])];
  const expr = sumBy(by, increase(total.selector, 300));
  const { series, warnings } = await queryRange(one.source, expr, rangeOf(one, span));
  const counter = new GroupCounter(groupBy);
  for (const { labels, points } of series) {
    const isPart = part.has(labels);
    if (isPart === null) return null;
    for (const name of isPart ? (['total', 'other'] as const) : (['total'] as const)) {
      const role = counter.role(labels, name);
      for (const [at, value] of points) role.set(at, (role.get(at) ?? 0) + value);
    }
  }
  const roles = series.map(
    ({ labels }) => [counter.role(labels, 'total'), counter.role(labels, 'other')] as const,
  );
  for (const [all, some] of new Map(roles)) tidy(all, some);
  const groups = counter.join(roleOf(other), one.histogram);
  if (series.length > mostKinds * Math.max(1, groups.size)) return null;
  return { groups: allWithin(groups), empty: series.length === 0, warnings, samples: samplesOf(series) };
}

/** As in a sum of the server, one value that is no number makes all of it none; a part of nothing is none either. */
function tidy(total: RoleCounts, other: RoleCounts): void {
  for (const role of [total, other]) {
    for (const [at, value] of role) {
      if (Number.isFinite(value) && total.has(at)) role.set(at, rounded(value));
      else role.delete(at);
    }
  }
}

type Figures = { total: Expr; other: Expr; role: 'good' | 'bad' };

/** Two expressions over five minutes, asked in one query. */
export async function estimate(
  one: One,
  groupBy: readonly string[],
  figures: Figures,
  span: Span,
): Promise<Answer> {
  const both = either([
    addLabel(figures.total, figureLabel, 'total'),
    addLabel(figures.other, figureLabel, 'other'),
  ]);
  const { series, warnings } = await queryRange(one.source, both, rangeOf(one, span));
  const counter = new GroupCounter(groupBy);
  for (const { labels, points } of series) {
    const role: RoleCounts = counter.role(labels, labels[figureLabel] === 'total' ? 'total' : 'other');
    for (const [at, value] of points) if (Number.isFinite(value)) role.set(at, rounded(value));
  }
  const groups = allWithin(counter.join(figures.role, one.histogram));
  const empty = !series.some(({ labels }) => labels[figureLabel] === 'total');
  return { groups, empty, warnings, samples: samplesOf(series) };
}

function allWithin(groups: GroupCounts): GroupCounts {
  for (const { buckets } of groups.values()) {
    for (const [end, counts] of buckets) buckets.set(end, withinTotal(counts));
  }
  return groups;
}

/** Extrapolation may put the part a little above the whole, which contradicts nothing. */
const withinTotal = ({ good, bad, total }: Counts): Counts => ({
  good: Math.min(good, total),
  bad: Math.min(bad, total),
  total,
});
