import { z } from 'zod';

const Labels = z.record(z.string(), z.string());
/** A number as Go prints it, among them NaN, +Inf and -Inf; anything else would be read as no traffic or as 0. */
const sampleText = /^(?:NaN|[+-]?Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;
/** [seconds, text]. */
const Sample = z.tuple([z.number(), z.string().regex(sampleText, 'is not a sample value')]);
/** Checked in one pass: an answer holds tens of thousands of samples, and a schema for each costs more than reading them. */
const isSamples = (given: unknown): boolean =>
  Array.isArray(given) &&
  given.every(
    (one: unknown) =>
      Array.isArray(one) &&
      one.length === 2 &&
      typeof one[0] === 'number' &&
      typeof one[1] === 'string' &&
      sampleText.test(one[1]),
  );
const Samples = z.custom<[at: number, value: string][]>(isSamples, 'must be a list of [seconds, value]');
const HistogramSample = z.tuple([z.number(), z.unknown()]);

const VectorItem = z.object({
  metric: Labels,
  value: Sample.optional(),
  histogram: HistogramSample.optional(),
});
const MatrixItem = z.object({
  metric: Labels,
  /** A number stands for a list of samples that was taken out before (samples-text.ts). */
  values: z.union([z.int().min(0), Samples]).optional(),
  histograms: z.array(HistogramSample).optional(),
});

export type MatrixItem = z.infer<typeof MatrixItem>;

const Data = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(VectorItem) }),
  z.object({ resultType: z.literal('matrix'), result: z.array(MatrixItem) }),
  z.object({ resultType: z.literal('scalar'), result: Sample }),
  z.object({ resultType: z.literal('string'), result: z.tuple([z.number(), z.string()]) }),
]);

/** Answer of /api/v1/query and /api/v1/query_range (W-22); `warnings` and `infos` are absent before 3.0. */
export const QueryAnswer = z.object({
  status: z.literal('success'),
  data: Data,
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
});
export type QueryAnswer = z.infer<typeof QueryAnswer>;

export const ErrorAnswer = z.object({
  status: z.literal('error'),
  errorType: z.string(),
  error: z.string(),
});

/** A sample value: Go prints infinities as +Inf and -Inf, which Number() does not read. */
export function sampleValue(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
