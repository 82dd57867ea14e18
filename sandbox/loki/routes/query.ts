import type { Context } from '../context';
import { LokiError, tooManySeries } from '../error';
import { selectLines, streamResults } from '../eval/log-query';
import { evaluate } from '../eval/metric-query';
import { formatValue, type Outcome, type Series } from '../eval/series';
import { type Answer, type Call, json } from '../http';
import { sortedLabels } from '../labels';
import type { Limits } from '../limits';
import type { LogQuery, MetricQuery } from '../logql/ast';
import { isMetric, parseQuery } from '../logql/parse';
import {
  checkRange,
  entryLimit,
  intervalNs,
  isBackward,
  queryStep,
  stepNs,
  timeNs,
  timeRange,
} from '../params';
import { queryStats } from './stats';

const hour = 3_600_000;

const success = (data: object, started: number, entries: number): Answer => {
  const stats = queryStats((performance.now() - started) / 1000, entries);
  return json({ status: 'success', data: { ...data, stats } });
};

/** GET or POST /loki/api/v1/query_range. Throws LokiError 400. */
export function queryRange(call: Call, context: Context): Answer {
  const started = performance.now();
  const { startNs, endNs } = timeRange(call.params, context.now(), hour);
  if (endNs < startNs) checkRange(startNs, endNs, context.limits);
  const limit = entryLimit(call.params, { ...context.limits, maxEntries: Number.POSITIVE_INFINITY });
  const backward = isBackward(call.params);
  const step = queryStep(call.params, startNs, endNs, context.limits);
  const query = parseQuery(call.params.get('query') ?? '');
  if (!isMetric(query)) entryLimit(call.params, context.limits);
  checkRange(startNs, endNs, context.limits);
  if (isMetric(query)) return matrix(query, context, { startNs, endNs, step, started });
  const range = { startNs, endNs, backward, limit, intervalNs: intervalNs(call.params) };
  return streams(query, call, context, range, started);
}

function streams(
  query: LogQuery,
  call: Call,
  context: Context,
  range: Parameters<typeof selectLines>[2],
  started: number,
): Answer {
  const flags = call.header('x-loki-response-encoding-flags') ?? '';
  const categorize = flags.split(',').some((flag) => flag.trim() === 'categorize-labels');
  const lines = selectLines(context.store, query, range);
  const result = streamResults(lines, categorize);
  const encoding = categorize ? { encodingFlags: ['categorize-labels'] } : {};
  return success({ resultType: 'streams', ...encoding, result }, started, lines.length);
}

/** Times of a range query: multiples of the step, from at or before start to at or after end. */
export function alignedTimes(startNs: bigint, endNs: bigint, step: number): bigint[] {
  const width = BigInt(Math.max(1, Math.round(step)));
  const times: bigint[] = [];
  const from = (startNs / width) * width;
  const to = endNs % width === 0n ? endNs : (endNs / width + 1n) * width;
  for (let at = from; at <= to; at += width) times.push(at);
  return times;
}

type MatrixRange = { startNs: bigint; endNs: bigint; step: number; started: number };

function matrix(query: MetricQuery, context: Context, range: MatrixRange): Answer {
  const times = alignedTimes(range.startNs, range.endNs, range.step);
  const baseNs = times[0] ?? range.startNs;
  const offsets = times.map((time) => Number(time - baseNs));
  const outcome = evaluate(query, {
    store: context.store,
    baseNs,
    times: offsets,
    maxSeries: context.limits.maxSeries,
  });
  const series = asSeries(outcome, times.length);
  checkSeries(series, context.limits);
  const seconds = times.map((time) => Number(time / 1_000_000n) / 1000);
  const result = series.map(({ labels, points }) => ({
    metric: sortedLabels(labels),
    values: points.flatMap((value, at) => (value === null ? [] : [[seconds[at] ?? 0, formatValue(value)]])),
  }));
  return success({ resultType: 'matrix', result }, range.started, result.length);
}

const asSeries = (outcome: Outcome, length: number): Series[] =>
  outcome.kind === 'vector'
    ? outcome.series
    : [{ labels: {}, points: Array.from({ length }, () => outcome.value) }];

function checkSeries(series: readonly Series[], limits: Limits): void {
  if (series.length <= limits.maxSeries) return;
  throw tooManySeries(limits.maxSeries);
}

/** GET or POST /loki/api/v1/query. Throws LokiError 400, also for a log query. */
export function queryInstant(call: Call, context: Context): Answer {
  const started = performance.now();
  const text = call.params.get('time');
  const at = text ? timeNs('time', text) : BigInt(Math.round(context.now() * 1000)) * 1000n;
  entryLimit(call.params, context.limits);
  const step = call.params.get('step');
  if (step) stepNs('step', step);
  const query = parseQuery(call.params.get('query') ?? '');
  if (!isMetric(query)) {
    throw new LokiError(
      400,
      'log queries are not supported as an instant query type, please change your query to a range query type',
    );
  }
  const outcome = evaluate(query, {
    store: context.store,
    baseNs: at,
    times: [0],
    maxSeries: context.limits.maxSeries,
  });
  const ms = Number(at / 1_000_000n);
  if (outcome.kind === 'scalar') {
    return success({ resultType: 'scalar', result: [ms, formatValue(outcome.value)] }, started, 1);
  }
  checkSeries(outcome.series, context.limits);
  const result = outcome.series.map(({ labels, points }) => ({
    metric: sortedLabels(labels),
    value: [ms / 1000, formatValue(points[0] ?? Number.NaN)],
  }));
  return success({ resultType: 'vector', result }, started, result.length);
}
