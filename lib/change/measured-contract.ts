import * as z from 'zod/mini';
import { ChangeId } from '@/lib/core/ids';
import { verdicts } from './model';

const At = z.iso.datetime();
/** Rises with each reading of any change; a text, because it may outgrow the numbers of JSON. */
const MeasurementId = z.string().check(z.regex(/^\d{1,18}$/));
const Limit = z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 100);

export const MeasurementView = z.object({
  id: MeasurementId,
  at: At,
  step: z.int(),
  verdict: z.enum(verdicts),
  total: z.nullable(z.number()),
  failed: z.nullable(z.number()),
  detail: z.nullable(z.string()),
  /** Of a staged change: where, what share of the requests the new version had, and what the old one answered. */
  region: z.nullable(z.string()),
  proves: z.boolean().check(z.describe('It tells whether the requests follow the weights, and nothing else')),
  share: z.nullable(z.number()),
  baselineTotal: z.nullable(z.number()),
  baselineFailed: z.nullable(z.number()),
});
export type MeasurementView = z.infer<typeof MeasurementView>;

/** All readings of one region, of which the page has the newest alone; of a change of one Deployment the region is null. */
export const MeasuredView = z.object({
  region: z.nullable(z.string()),
  passed: z.int(),
  failed: z.int(),
  unjudged: z.int().check(z.describe('Without a verdict: NODATA and ERROR')),
  firstJudged: z.nullable(MeasurementView),
  lastJudged: z.nullable(MeasurementView),
});
export type MeasuredView = z.infer<typeof MeasuredView>;

export const ObservationView = z.object({
  seq: z.int(),
  step: z.nullable(z.int()),
  at: At,
  kind: z.string().check(z.describe('state, act, reading, hold, command or seen')),
  sentence: z.string(),
});

export type ObservationView = z.infer<typeof ObservationView>;

/** Query of GET …/measurements: newest first; `before` is the `next` of the page before. */
export const MeasurementsQuery = z.object({
  region: z.optional(z.string().check(z.maxLength(63))),
  before: z.optional(MeasurementId),
  limit: Limit,
});
export type MeasurementsQuery = z.output<typeof MeasurementsQuery>;

/** GET /api/v1/changes/{change}/measurements. `next` is null on the last page. */
export const MeasurementList = z.object({
  measurements: z.array(MeasurementView),
  next: z.nullable(MeasurementId),
});
export type MeasurementList = z.infer<typeof MeasurementList>;

export const MeasurementParams = z.object({ change: ChangeId, measurement: MeasurementId });

/** The beginning of a text that may be long; `length` counts the characters of the whole of it. */
const Excerpt = z.object({ text: z.string(), length: z.int() });
export type Excerpt = z.infer<typeof Excerpt>;

/** GET /api/v1/changes/{change}/measurements/{measurement}: a reading with its evidence. */
export const MeasurementEvidence = z.extend(MeasurementView, {
  query: Excerpt,
  answer: z.nullable(Excerpt).check(z.describe('What was answered, as JSON; null where nothing was kept')),
  answeredFor: z.nullable(At).check(z.describe('The moment of the figures by the clock of Prometheus')),
});
export type MeasurementEvidence = z.infer<typeof MeasurementEvidence>;

/** Query of GET …/log: newest first; `before` is the `next` of the page before. */
export const LogQuery = z.object({
  before: z.optional(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(2_147_483_647))),
  limit: Limit,
});
export type LogQuery = z.output<typeof LogQuery>;

/** GET /api/v1/changes/{change}/log. `next` is null on the last page. */
export const LogPage = z.object({ observations: z.array(ObservationView), next: z.nullable(z.int()) });
export type LogPage = z.infer<typeof LogPage>;
