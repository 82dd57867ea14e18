import { type Labels, labelText } from '../labels';
import type { Grouping, MetricQuery, RangeQuery } from '../logql/ast';
import type { LogStore } from '../store/log-store';
import { aggregate } from './aggregate';
import { combine } from './binary';
import { collect } from './samples';
import type { Outcome, Series } from './series';
import { slide } from './window';

/** Where and when: `times` are nanoseconds after `baseNs`, ascending. */
export type Evaluation = { store: LogStore; baseNs: bigint; times: number[]; maxSeries: number };

/** Evaluates a metric query at each time. Throws LokiError 400. Series are ordered by label text. */
export function evaluate(query: MetricQuery, at: Evaluation): Outcome {
  switch (query.kind) {
    case 'number':
      return { kind: 'scalar', value: query.value };
    case 'vector':
      return { kind: 'vector', series: [{ labels: {}, points: at.times.map(() => query.value) }] };
    case 'range':
      return { kind: 'vector', series: rangeSeries(query, at, null) };
    case 'aggregate':
      return { kind: 'vector', series: ordered(aggregate(query, innerSeries(query, at))) };
    case 'binary': {
      const result = combine(query, evaluate(query.left, at), evaluate(query.right, at));
      return result.kind === 'scalar' ? result : { kind: 'vector', series: ordered(result.series) };
    }
  }
}

const foldable = new Set(['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate', 'sum_over_time']);

/** A sum over counts may group the lines themselves: no series per trace id is ever built. */
function innerSeries(query: Extract<MetricQuery, { kind: 'aggregate' }>, at: Evaluation): Series[] {
  const { inner } = query;
  if (query.op === 'sum' && inner.kind === 'range' && inner.grouping === null && foldable.has(inner.op)) {
    return rangeSeries(inner, at, { by: query.grouping });
  }
  const outcome = evaluate(inner, at);
  if (outcome.kind === 'vector') return outcome.series;
  return [{ labels: {}, points: at.times.map(() => outcome.value) }];
}

function rangeSeries(query: RangeQuery, at: Evaluation, fold: { by: Grouping | null } | null): Series[] {
  const first = at.times[0] ?? 0;
  const last = at.times.at(-1) ?? 0;
  const bound = (offset: number): bigint => at.baseNs + BigInt(Math.round(offset - query.offsetNs));
  const samples = collect({
    store: at.store,
    query,
    baseNs: at.baseNs,
    maxSeries: at.maxSeries,
    fromNs: bound(first - query.rangeNs),
    toNs: bound(last),
    fold: query.op === 'absent_over_time' ? { by: null } : fold,
  });
  if (query.op === 'absent_over_time') return absent(query, at, samples);
  return ordered(samples.map((each) => slide(each, query, at.times)));
}

function absent(query: RangeQuery, at: Evaluation, samples: ReturnType<typeof collect>): Series[] {
  const [all] = samples;
  const present = all === undefined ? null : slide(all, query, at.times).points;
  const equal = query.log.matchers.filter(({ op }) => op === '=');
  const labels: Labels = Object.fromEntries(equal.map(({ name, value }) => [name, value]));
  const points = at.times.map((_, index) => (present?.[index] == null ? 1 : null));
  return [{ labels, points }];
}

const alive = (series: Series): boolean => series.points.some((point) => point !== null);

function ordered(series: readonly Series[]): Series[] {
  return series
    .filter(alive)
    .map((each) => ({ each, text: labelText(each.labels) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ each }) => each);
}
