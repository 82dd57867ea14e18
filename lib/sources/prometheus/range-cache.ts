import 'server-only';
import type { PrometheusSource } from '@/lib/config/sources';
import { fresh, type Reading, stale } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { toSourceError } from '../source-error';
import { type MatrixSeries, prometheusName, queryRange } from './client';
import type { Expr } from './queries';

type Kept = { series: MatrixSeries[]; observedAt: string };
type Cache = { answers: Map<string, Promise<Kept>>; last: Map<string, Kept> };

declare global {
  var signalboxRanges: Cache | undefined;
}

const maxEntries = 300;

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > maxEntries && oldest !== undefined) map.delete(oldest);
}

/**
 * A range query on an aligned grid: however many people look at one chart, it is asked once per step. After a
 * failure the last answer is returned with its age.
 */
export async function readRange(
  source: PrometheusSource,
  expr: Expr,
  grid: { from: number; to: number; step: number },
): Promise<Reading<MatrixSeries[]>> {
  globalThis.signalboxRanges ??= { answers: new Map(), last: new Map() };
  const { answers, last } = globalThis.signalboxRanges;
  const name = `${source.id} ${grid.step} ${grid.to - grid.from} ${expr.text}`;
  const key = `${name} ${grid.to}`;
  const asked =
    answers.get(key) ??
    queryRange(source, expr, grid).then(({ series }) => ({ series, observedAt: now().toISOString() }));
  keep(answers, key, asked);
  try {
    const answer = await asked;
    keep(last, name, answer);
    return fresh(answer.series, new Date(answer.observedAt));
  } catch (error) {
    answers.delete(key);
    const failure = toSourceError(error, prometheusName(source));
    const known = last.get(name);
    if (known === undefined) return { state: 'missing', reason: failure.reason, detail: failure.message };
    return stale(known.series, known.observedAt, failure.reason, failure.message);
  }
}
