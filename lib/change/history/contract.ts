import * as z from 'zod/mini';
import { colours } from '@/lib/config/colours';
import { changeKinds } from '@/lib/core/change-kind';
import { ChangeId, Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';
import { ChangeRow } from '../row-contract';
import { measureDays, measureIds, outcomes } from './model';

const At = z.iso.datetime();
const Seconds = z.number().check(z.minimum(0));

/** Query of GET /api/v1/services/{service}/history. */
export const HistoryQuery = z.object({
  environment: z.optional(Slug).check(z.describe('Absent: every environment')),
  kind: z.optional(z.enum(changeKinds)),
  outcome: z.optional(z.enum(outcomes)),
  before: z.optional(ChangeId).check(z.describe('The `next` of the page before')),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** What a change cost one objective: the line of the ledger, and its part of the budget of the window that ends now. */
export const ObjectiveCost = z.object({
  slo: Slug,
  name: z.string(),
  unit: z.enum(['requests', 'slices']).check(z.describe('What failed: requests, or slices of time')),
  failed: z.number().check(z.describe('Its part of the sum: the excess over the background before it')),
  low: z.number().check(z.describe('The truth lies between low and high (95 %)')),
  high: z.number(),
  share: z.nullable(z.number()).check(z.describe('Of the budget, 0-1; null: in slices, or no traffic')),
  shareLow: z.nullable(z.number()),
  shareHigh: z.nullable(z.number()),
  sharedWith: z.array(z.string()).check(z.describe('Claims of the ledger that pay for the same failures')),
  isCounting: z.boolean().check(z.describe('Its window is not over: the figure still moves')),
  coverage: z.number().check(z.describe('Share of its window that is known, 0-1')),
  isGross: z
    .boolean()
    .check(z.describe('No traffic before it to compare with: all failures count, as the most it can be')),
});
export type ObjectiveCost = z.infer<typeof ObjectiveCost>;

/** `state` says why there are no lines. */
export const ChangeCost = z.object({
  state: z.enum(['priced', 'not-carried-out', 'no-objective', 'not-counted', 'no-requests']),
  lines: z.array(ObjectiveCost).check(z.describe('One an objective, the dearest first')),
});
export type ChangeCost = z.infer<typeof ChangeCost>;

export const HistoryRow = z.extend(ChangeRow, {
  reason: z.string(),
  ticket: z.nullable(z.string()),
  startedAt: z.nullable(At),
  seconds: z
    .nullable(Seconds)
    .check(z.describe('From start to end; null while it runs or when it never did')),
  outcome: z.enum(outcomes),
  cost: ChangeCost,
});
export type HistoryRow = z.infer<typeof HistoryRow>;

/** A version that the cluster shows now, and the change that put it there. */
export const RunningVersion = z.object({
  version: z.string(),
  pods: z.int(),
  ready: z.int(),
  colour: z.nullable(z.enum(colours)).check(z.describe('Null: the place has no pair of colours')),
  share: z
    .nullable(z.number())
    .check(z.describe('Part of the requests that its colour takes by weight, 0 to 1; null: no pair')),
  by: z.nullable(
    z.object({
      id: ChangeId,
      title: z.string(),
      requesterName: z.string(),
      since: At.check(z.describe('When the change began to write')),
      isRunning: z.boolean().check(z.describe('The change has not ended yet')),
    }),
  ),
  unexplained: z.nullable(z.string()).check(z.describe('Why no change is named; null when one is')),
});
export type RunningVersion = z.infer<typeof RunningVersion>;

export const PlaceNow = z.object({
  environment: Slug,
  region: Slug,
  cluster: Slug,
  desired: z.nullable(z.int()).check(z.describe('Pods that shall run; null: not known')),
  running: readingOf(z.array(RunningVersion)),
});
export type PlaceNow = z.infer<typeof PlaceNow>;

/** GET /api/v1/services/{service}/history */
export const HistoryView = z.object({
  service: Slug,
  name: z.string(),
  environments: z.array(Slug).check(z.describe('Where the service runs')),
  places: z.array(PlaceNow),
  changes: z.array(HistoryRow),
  next: z.nullable(ChangeId),
});
export type HistoryView = z.infer<typeof HistoryView>;

/** Query of GET /api/v1/changes/measures. */
export const MeasuresQuery = z.object({
  service: z.optional(Slug).check(z.describe('Absent: all services')),
  environment: z.optional(Slug).check(z.describe('Absent: the first of the configuration')),
  days: z._default(z.enum(measureDays), '30'),
});
export type MeasuresQuery = z.infer<typeof MeasuresQuery>;

/** One of the five measures of DORA. `value` null: not enough is known, and `missing` says of what. */
export const Measure = z.object({
  id: z.enum(measureIds),
  name: z.string(),
  unit: z.enum(['per-week', 'seconds', 'ratio']),
  value: z.nullable(z.number()),
  low: z.nullable(z.number()).check(z.describe('Of a ratio: the 95 % interval (Wilson)')),
  high: z.nullable(z.number()),
  p90: z
    .nullable(z.number())
    .check(z.describe('Of a duration: nine of ten were at most this; value is the median')),
  numbers: z.string().check(z.describe('The definition with its numbers filled in')),
  definition: z.string(),
  notes: z.array(z.string()),
  missing: z.nullable(z.string()),
});
export type Measure = z.infer<typeof Measure>;

/** GET /api/v1/changes/measures */
export const MeasuresView = z.object({
  service: z.nullable(Slug),
  environment: Slug,
  days: z.int(),
  from: At.check(z.describe('The start of the span, or of the record when that is later')),
  to: At,
  knownDays: z.number().check(z.describe('How many of the days the record of changes covers')),
  counts: z.object({
    deployments: z.int(),
    succeeded: z.int(),
    backedOut: z.int(),
    failed: z.int(),
    undone: z.int().check(z.describe('Succeeded, and taken back later by a rollback')),
    rollbacks: z.int(),
    notCarriedOut: z.int().check(z.describe('Deploys that ended before anything was written')),
    open: z.int().check(z.describe('Deploys that have not ended')),
  }),
  measures: z.array(Measure),
  isCut: z
    .boolean()
    .check(z.describe('There are more changes than are read at once: the oldest are missing')),
});
export type MeasuresView = z.infer<typeof MeasuresView>;
