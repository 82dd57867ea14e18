import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';
import { Point } from '@/lib/service/contract';
import { countMethods, dataStates } from '../model';
import { GroupKey, Marker } from '../page/contract';

const At = z.iso.datetime();
const Instant = z.iso
  .datetime({ offset: true })
  .check(z.describe('An instant with its zone, such as 2026-11-21T06:10:00Z'));

/** GET /api/v1/slos/{slo}/span?environment=&from=&to=&exclusions= and the same of /span/labels */
export const SpanQuery = z.object({
  environment: z.optional(Slug),
  group: z.optional(GroupKey),
  from: Instant,
  to: Instant,
  exclusions: z._default(z.enum(['on', 'off']), 'on').check(z.describe('off counts what was excluded too')),
});
export type SpanQuery = z.infer<typeof SpanQuery>;

/** One group of an objective in a span. */
export const SpanGroup = z.object({
  key: z.string(),
  labels: z.record(z.string(), z.string()),
  state: z.enum(dataStates),
  total: z.nullable(z.number()),
  bad: z.nullable(z.number()),
  part: z.nullable(z.number()).check(z.describe('Share of the failures of the span, 0-1; null without any')),
});
export type SpanGroup = z.infer<typeof SpanGroup>;

/** What a span of time cost. Figures are null where there are none: no data, no traffic, invalid counts. */
export const SloSpan = z.object({
  slo: Slug,
  environment: Slug,
  from: At.check(z.describe('Down to a whole bucket')),
  to: At.check(z.describe('Up to a whole bucket, and no further than is recorded')),
  seconds: z.number(),
  bucketSeconds: z.int().check(z.describe('What the bounds were taken to')),
  asked: z.object({ from: At, to: At }),
  unit: z.enum(['events', 'slices']),
  state: z.enum(dataStates),
  coverage: z.number().check(z.describe('Share of the span that is known, 0-1')),
  method: z.nullable(z.enum(countMethods)),
  total: z.nullable(z.number()),
  bad: z.nullable(z.number()),
  share: z.nullable(z.number()).check(z.describe('Of the budget of the window as it stands now')),
  burn: z.nullable(z.number()).check(z.describe('Burn rate over the span')),
  steps: z
    .array(Point)
    .check(z.describe('Burn rate by bucket, so many buckets together that there are at most 300')),
  remarks: z.array(z.string()).check(z.describe('What has to be known to believe the figures')),
  groups: z.array(SpanGroup).check(z.describe('Most failures first')),
  markers: z.array(Marker).check(z.describe('What was changed, broke or was planned in the span')),
  exclusions: z.object({ applied: z.boolean(), seconds: z.number() }),
});
export type SloSpan = z.infer<typeof SloSpan>;

/** The failures of a span told apart by one label: the values with most of them. */
export const FailedByLabel = z.object({
  label: z.string(),
  values: z.array(z.object({ value: z.string(), part: z.number() })),
  others: z.int().check(z.describe('Values that are not listed')),
});
export type FailedByLabel = z.infer<typeof FailedByLabel>;

/** GET /api/v1/slos/{slo}/span/labels: asked of Prometheus, and of nothing else. */
export const SpanLabels = z.object({
  from: At,
  to: At,
  query: z.nullable(z.string()).check(z.describe('What was asked; null: nothing can be')),
  failed: readingOf(
    z.object({
      series: z.int(),
      isCut: z.boolean().check(z.describe('There were more series with failures than are added up')),
      labels: z.array(FailedByLabel),
    }),
  ),
});
export type SpanLabels = z.infer<typeof SpanLabels>;
