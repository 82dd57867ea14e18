import 'server-only';
import { z } from 'zod';
import type { HttpSource } from '@/lib/config/sources';
import { parseJson, sourceFetch } from '../http';
import { SourceError, statusError } from '../source-error';
import {
  type Labels,
  MatrixResponse,
  NamesResponse,
  StatsResponse,
  StreamsResponse,
  VectorResponse,
} from './schema';

export const lokiName = (source: HttpSource): string => `Loki ${source.id}`;

/** One line of a log query; times are nanoseconds as text. */
export type Line = { ns: string; line: string; labels: Labels };
export type Direction = 'backward' | 'forward';

/** `from` and `to` in nanoseconds; `to` is exclusive. */
export type LogRange = { from: bigint; to: bigint };

type Query = Record<string, string | undefined>;

async function ask<T extends z.ZodType>(
  source: HttpSource,
  ask: { path: string; query: Query; schema: T; signal?: AbortSignal | undefined },
): Promise<z.output<T>> {
  const name = lokiName(source);
  const answer = await sourceFetch(source, {
    path: `/loki/api/v1/${ask.path}`,
    query: ask.query,
    signal: ask.signal,
    name,
  });
  // All errors of Loki are one sentence of plain text, whatever was accepted.
  if (answer.status !== 200) {
    const plain = answer.contentType.startsWith('text/plain') ? answer.text.trim() : undefined;
    throw statusError(name, answer.status, plain);
  }
  const parsed = ask.schema.safeParse(parseJson(answer.text, name));
  if (parsed.success) return parsed.data;
  throw new SourceError('bad-response', `${name} answered in a form that is not Loki's.`, {
    cause: parsed.error,
  });
}

const rangeOf = ({ from, to }: LogRange): Query => ({ start: String(from), end: String(to) });

/** A metric query is answered with something else than streams. */
const AnyMetric = z
  .object({ data: z.object({ resultType: z.enum(['matrix', 'vector', 'scalar']) }) })
  .transform(({ data }) => ({ metric: data.resultType }));

/**
 * Lines of a log query in the order of the direction. Loki groups them by stream, and the limit is over all:
 * they are sorted here. Throws SourceError; a bad query carries Loki's own sentence in `answer`.
 */
export async function queryLines(
  source: HttpSource,
  query: string,
  options: LogRange & { limit: number; direction: Direction; signal?: AbortSignal | undefined },
): Promise<Line[]> {
  const answer = await ask(source, {
    path: 'query_range',
    query: { query, ...rangeOf(options), limit: String(options.limit), direction: options.direction },
    schema: z.union([StreamsResponse, AnyMetric]),
    signal: options.signal,
  });
  if ('metric' in answer) {
    const said = 'This query counts lines instead of finding them.';
    throw new SourceError('bad-response', said, { status: 400, answer: said });
  }
  const lines = answer.flatMap(({ stream, values }) =>
    values.map(({ ns, line, labels }) => ({ ns, line, labels: { ...stream, ...labels } })),
  );
  const sign = options.direction === 'forward' ? 1 : -1;
  return lines.sort((a, b) => sign * compareNs(a.ns, b.ns)).slice(0, options.limit);
}

/** Order of two times in nanoseconds; they have the same number of digits from 2001 to 2286. */
export const compareNs = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export type LogSeries = { labels: Labels; points: { seconds: number; value: number }[] };

/** A metric query over a range. Points lie on multiples of the step, the first may be before `from`. */
export function queryMatrix(
  source: HttpSource,
  query: string,
  options: LogRange & { step: number; signal?: AbortSignal | undefined },
): Promise<LogSeries[]> {
  return ask(source, {
    path: 'query_range',
    query: { query, ...rangeOf(options), step: String(options.step) },
    schema: MatrixResponse,
    signal: options.signal,
  });
}

/** A metric query at one time (nanoseconds): one value per label set. */
export async function queryVector(
  source: HttpSource,
  query: string,
  options: { at: bigint; signal?: AbortSignal | undefined },
): Promise<{ labels: Labels; value: number }[]> {
  const series = await ask(source, {
    path: 'query',
    query: { query, time: String(options.at) },
    schema: VectorResponse,
    signal: options.signal,
  });
  return series.map(({ labels, point }) => ({ labels, value: point.value }));
}

export const labelNames = (source: HttpSource, range: LogRange, signal?: AbortSignal): Promise<string[]> =>
  ask(source, { path: 'labels', query: rangeOf(range), schema: NamesResponse, signal });

export const labelValues = (
  source: HttpSource,
  label: string,
  range: LogRange,
  signal?: AbortSignal,
): Promise<string[]> =>
  ask(source, {
    path: `label/${encodeURIComponent(label)}/values`,
    query: rangeOf(range),
    schema: NamesResponse,
    signal,
  });

/** Entries and bytes of a stream selector; an estimate that lags and may count twice. */
export const indexStats = (
  source: HttpSource,
  query: string,
  range: LogRange,
  signal?: AbortSignal,
): Promise<z.output<typeof StatsResponse>> =>
  ask(source, { path: 'index/stats', query: { query, ...rangeOf(range) }, schema: StatsResponse, signal });
