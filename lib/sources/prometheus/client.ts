import 'server-only';
import type { HttpSource } from '@/lib/config/sources';
import { parseJson, sourceFetch } from '../http';
import { AnswerTooLarge, SourceError, statusError } from '../source-error';
import { type Expr, rangeOf, type Selector } from './queries';
import { type Points, takeSamples } from './samples-text';
import { ErrorAnswer, type MatrixItem, QueryAnswer, sampleValue } from './schema';

export type Labels = Record<string, string>;
/** `at` in unix seconds; the value may be NaN or infinite, as PromQL has it. */
export type VectorSeries = { labels: Labels; at: number; value: number };
export type MatrixSeries = { labels: Labels; points: [at: number, value: number][] };
export type Vector = { series: VectorSeries[]; warnings: string[] };
export type Matrix = { series: MatrixSeries[]; warnings: string[] };

export const prometheusName = (source: HttpSource): string => `Prometheus ${source.id}`;

async function ask(
  source: HttpSource,
  path: string,
  form: Record<string, string | undefined>,
  signal?: AbortSignal,
): Promise<QueryAnswer & { samples: Points[] }> {
  const name = prometheusName(source);
  const timeout = `${Math.max(1, Math.floor(source.timeout))}s`;
  const answer = await sourceFetch(source, { path, form: { ...form, timeout }, signal, name });
  if (answer.status !== 200) throw refusal(name, source, answer.status, answer.text);
  const { json, samples } = takeSamples(answer.text) ?? { json: answer.text, samples: [] };
  const parsed = QueryAnswer.safeParse(parseJson(json, name));
  if (!parsed.success) {
    throw new SourceError('bad-response', `${name} answered in a form that is not Prometheus's.`, {
      cause: parsed.error,
    });
  }
  return { ...parsed.data, samples };
}

/** 400 bad_data, 422 execution, 503 timeout; other statuses and texts come from something before Prometheus. */
function refusal(name: string, source: HttpSource, status: number, text: string): SourceError {
  let said: string | undefined;
  try {
    const parsed = ErrorAnswer.safeParse(JSON.parse(text));
    if (parsed.success) {
      said = parsed.data.error;
      if (parsed.data.errorType === 'timeout' || parsed.data.errorType === 'canceled') {
        const message = `${name} did not finish the query within ${source.timeout} s.`;
        return new SourceError('timeout', message, { status, answer: said });
      }
      if (said.includes('too many samples')) {
        return new AnswerTooLarge(
          'bad-response',
          `${name} would have to load too many samples; ask for less.`,
          {
            status,
            answer: said,
          },
        );
      }
    }
  } catch {
    // A proxy's error page: its text is of no use to a person.
  }
  return statusError(name, status, said);
}

const histogramRefused = (labels: Labels): SourceError =>
  new SourceError(
    'bad-response',
    `The series ${labels['__name__'] ?? 'of the query'} is a native histogram, which is not read as a number; ask for a rate, a quantile or a count of it.`,
  );

function matrixSeries(
  { metric, values = [], histograms }: MatrixItem,
  samples: readonly Points[],
  name: string,
): MatrixSeries {
  if (histograms !== undefined && histograms.length > 0) throw histogramRefused(metric);
  if (typeof values !== 'number') {
    return { labels: metric, points: values.map(([at, value]) => [at, sampleValue(value)]) };
  }
  const points = samples[values];
  if (points === undefined) {
    throw new SourceError('bad-response', `${name} answered in a form that is not Prometheus's.`);
  }
  return { labels: metric, points };
}

/** An instant query. Throws SourceError; no series is an empty list, not an error. */
export async function queryInstant(
  source: HttpSource,
  expr: Expr,
  options: { at?: Date; signal?: AbortSignal | undefined } = {},
): Promise<Vector> {
  const time = options.at === undefined ? undefined : (options.at.getTime() / 1000).toFixed(3);
  const { data, warnings = [] } = await ask(
    source,
    '/api/v1/query',
    { query: expr.text, time },
    options.signal,
  );
  if (data.resultType === 'scalar') {
    return {
      series: [{ labels: {}, at: data.result[0], value: sampleValue(data.result[1]) }],
      warnings,
    };
  }
  if (data.resultType !== 'vector') {
    throw new SourceError('bad-response', `The query gives a ${data.resultType}, not one value per series.`);
  }
  const series = data.result.map(({ metric, value }) => {
    if (value === undefined) throw histogramRefused(metric);
    return { labels: metric, at: value[0], value: sampleValue(value[1]) };
  });
  return { series, warnings };
}

/** A range query; `step` in seconds. Missing points are absent, never null. Throws SourceError. */
export async function queryRange(
  source: HttpSource,
  expr: Expr,
  range: { from: number; to: number; step: number; signal?: AbortSignal | undefined },
): Promise<Matrix> {
  const form = {
    query: expr.text,
    start: String(range.from),
    end: String(range.to),
    step: String(range.step),
  };
  const { data, warnings = [], samples } = await ask(source, '/api/v1/query_range', form, range.signal);
  if (data.resultType !== 'matrix') {
    throw new SourceError('bad-response', `The query gives a ${data.resultType}, not a series over time.`);
  }
  return { series: data.result.map((item) => matrixSeries(item, samples, prometheusName(source))), warnings };
}

/**
 * The samples themselves: an instant query of a range selector, from before `from` to `to` (unix seconds, whole).
 * Nothing is extrapolated, aligned or looked back for; stale markers are left out by the server. Versions before 3
 * include a sample at `from`, later ones do not. Throws SourceError, AnswerTooLarge where a shorter range may succeed.
 */
export async function queryRaw(
  source: HttpSource,
  of: Selector,
  range: { from: number; to: number; signal?: AbortSignal | undefined },
): Promise<Matrix> {
  const form = { query: rangeOf(of, range.to - range.from).text, time: String(range.to) };
  const { data, warnings = [], samples } = await ask(source, '/api/v1/query', form, range.signal);
  if (data.resultType !== 'matrix') {
    throw new SourceError('bad-response', `The query gives a ${data.resultType}, not samples of series.`);
  }
  return { series: data.result.map((item) => matrixSeries(item, samples, prometheusName(source))), warnings };
}
