import { z } from 'zod';

/**
 * Answers of Loki's HTTP API (upstream docs/sources/reference/loki-http-api.md), for the parts that we read.
 * "Nothing" comes as a missing key, as null or as an empty list, depending on endpoint and version: all become [].
 * Errors are text/plain and never reach these schemas.
 */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);

const Labels = z.record(z.string(), z.string());
export type Labels = z.infer<typeof Labels>;

/** Nanoseconds since 1970 as text, within 64 bits: a JavaScript number cannot hold them. */
const Nanoseconds = z.string().regex(/^-?\d{1,19}$/);

/** Labels of one entry by origin, present when `categorize-labels` was asked for. */
const Categories = z.object({
  structuredMetadata: Labels.optional(),
  parsed: Labels.optional(),
});

const Entry = z.tuple([Nanoseconds, z.string()], Categories).transform(([ns, line, categories]) => ({
  ns,
  line,
  labels: { ...categories?.structuredMetadata, ...categories?.parsed },
}));
export type Entry = z.infer<typeof Entry>;

const Stream = z.object({ stream: Labels, values: listOf(Entry) });

/** A sample value is text: a plain number, `NaN`, `+Inf` or `-Inf`. */
const SampleValue = z.string().transform((text, context) => {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (text === 'NaN' || (text !== '' && !Number.isNaN(value))) return value;
  context.addIssue({ code: 'custom', message: 'is not a sample value' });
  return z.NEVER;
});

/** Seconds since 1970, with a fraction; and the value. */
const Sample = z.tuple([z.number(), SampleValue]).transform(([seconds, value]) => ({ seconds, value }));

const MatrixSeries = z
  .object({ metric: Labels, values: listOf(Sample) })
  .transform(({ metric, values }) => ({ labels: metric, points: values }));
const VectorSeries = z
  .object({ metric: Labels, value: Sample })
  .transform(({ metric, value }) => ({ labels: metric, point: value }));

/** Streams of a log query. They are grouped by label set: order lines by time yourself. */
export const StreamsResponse = z
  .object({ data: z.object({ resultType: z.literal('streams'), result: listOf(Stream) }) })
  .transform(({ data }) => data.result);
export type StreamsResponse = z.infer<typeof StreamsResponse>;

/** Series of a metric query over a range, and of `index/volume_range`. A silent service has no series. */
export const MatrixResponse = z
  .object({ data: z.object({ resultType: z.literal('matrix'), result: listOf(MatrixSeries) }) })
  .transform(({ data }) => data.result);
export type MatrixResponse = z.infer<typeof MatrixResponse>;

/** Series of a metric query at one time, and of `index/volume` (bytes). */
export const VectorResponse = z
  .object({ data: z.object({ resultType: z.literal('vector'), result: listOf(VectorSeries) }) })
  .transform(({ data }) => data.result);
export type VectorResponse = z.infer<typeof VectorResponse>;

/** Names of `labels`, values of `label/{name}/values`: without any the key `data` is missing. */
export const NamesResponse = z
  .object({ status: z.literal('success'), data: listOf(z.string()) })
  .transform(({ data }) => data);

/** Label sets of `series`. */
export const SeriesResponse = z
  .object({ status: z.literal('success'), data: listOf(Labels) })
  .transform(({ data }) => data);

/** `index/stats`: estimates that lag behind and may count twice. */
export const StatsResponse = z.object({
  streams: z.number(),
  chunks: z.number(),
  bytes: z.number(),
  entries: z.number(),
});

/** One text frame of `tail`. Dropped entries are reported by their labels and time only. */
export const TailFrame = z
  .object({
    streams: listOf(Stream),
    dropped_entries: listOf(z.object({ labels: Labels.nullish(), timestamp: z.string() })),
  })
  .transform(({ streams, dropped_entries }) => ({ streams, dropped: dropped_entries.length }));
export type TailFrame = z.infer<typeof TailFrame>;

/** `status/buildinfo`, which Loki answers without a tenant. */
export const BuildInfo = z.object({ version: z.string() });
