import * as z from 'zod/mini';
import { ChangeId, Slug } from '@/lib/core/ids';
import { backgroundKinds, causes, claimEnds, entryCauses } from './model';

const At = z.iso.datetime();
const Instant = z.iso.datetime({ offset: true });
const Title = z.string().check(z.trim(), z.minLength(3), z.maxLength(120));
const Reason = z.string().check(z.trim(), z.minLength(3, 'say why'), z.maxLength(400));

/** POST /api/v1/slos/{slo}/entries: budget that was spent on something else than a change. */
export const AddEntry = z.strictObject({
  environment: Slug,
  cause: z.enum(entryCauses),
  region: z.optional(Slug).check(z.describe('Absent: everywhere')),
  from: Instant,
  to: Instant,
  title: Title,
  note: z.optional(z.string().check(z.trim(), z.maxLength(2000))),
  link: z.optional(z.url({ protocol: /^https?$/ }).check(z.maxLength(500))),
  change: z
    .optional(ChangeId)
    .check(z.describe('The change that caused it: where both stand, the change pays')),
});
export type AddEntry = z.infer<typeof AddEntry>;

/** DELETE of an entry or an exclusion: it is voided, and stays to be seen. */
export const VoidWritten = z.strictObject({ reason: Reason });
export type VoidWritten = z.infer<typeof VoidWritten>;

/** POST /api/v1/slos/{slo}/exclusions: events in the span are neither good nor bad. */
export const AddExclusion = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once'), environment: Slug, reason: Reason, from: Instant, to: Instant }),
  z.strictObject({
    kind: z.literal('recurring'),
    environment: Slug,
    reason: Reason,
    rule: z.string().check(z.maxLength(200), z.describe('RFC 5545, such as FREQ=WEEKLY;BYDAY=SU')),
    starts: z.string().check(z.describe('Wall-clock time of the first occurrence: 2026-01-04T02:00')),
    zone: z.string().check(z.maxLength(60), z.describe('IANA time zone of the wall clock')),
    seconds: z.int().check(z.describe('How long each occurrence lasts; at most 7 days')),
  }),
]);
export type AddExclusion = z.infer<typeof AddExclusion>;

const Voided = z.nullable(z.object({ at: At, by: z.string(), reason: z.string() }));

export const EntryRow = z.object({
  id: z.uuid(),
  cause: z.enum(entryCauses),
  region: z.nullable(Slug),
  from: At,
  to: At,
  title: z.string(),
  note: z.nullable(z.string()),
  link: z.nullable(z.string()),
  change: z.nullable(ChangeId),
  by: z.string(),
  createdAt: At,
  voided: Voided,
});
export type EntryRow = z.infer<typeof EntryRow>;

/** An exclusion as it was written; `id` null: in signalbox.yaml. */
export const WrittenExclusion = z.object({
  id: z.nullable(z.uuid()).check(z.describe('Null: written in signalbox.yaml')),
  reason: z.string(),
  when: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('once'), from: At, to: At }),
    z.object({
      kind: z.literal('recurring'),
      rule: z.string(),
      starts: z.string(),
      zone: z.string(),
      seconds: z.number(),
    }),
  ]),
  by: z.nullable(z.string()),
  createdAt: z.nullable(At),
  voided: Voided,
});
export type WrittenExclusion = z.infer<typeof WrittenExclusion>;

export const ExclusionRow = z.extend(WrittenExclusion, {
  secondsInWindow: z
    .number()
    .check(z.describe('What it takes out of the window; overlapping ones each say theirs')),
});
export type ExclusionRow = z.infer<typeof ExclusionRow>;

/** Failed requests, their share of the window's budget (0-1), and seconds of full outage; null without traffic. */
export const Cost = z.object({
  failed: z.number(),
  share: z.nullable(z.number()),
  outageSeconds: z.nullable(z.number()),
});

/** Bad slices of time, the time they are, and their share of the window's budget of slices; null without slices. */
export const SliceSpend = z.object({
  slices: z
    .number()
    .check(z.describe('Not whole where lines share slices, or some would have been bad anyway')),
  seconds: z.number(),
  share: z.nullable(z.number()),
});
export type SliceSpend = z.infer<typeof SliceSpend>;

export const LedgerLine = z.object({
  id: z.string().check(z.describe('change:214 or entry:<uuid>')),
  cause: z.enum(causes),
  title: z.string(),
  by: z.string(),
  at: At,
  regions: z
    .nullable(z.array(Slug))
    .check(z.describe('Those of the objective that it reached; null: everywhere. Each is priced by itself')),
  from: At,
  to: At,
  end: z.enum(claimEnds).check(z.describe('What ended the window')),
  gross: Cost.check(z.describe('Everything that failed in the window of the line')),
  net: Cost.check(z.describe('Its part of the sum: the excess, shared equally where lines overlap')),
  low: Cost,
  high: Cost,
  slices: z
    .nullable(z.object({ gross: SliceSpend, net: SliceSpend, low: SliceSpend, high: SliceSpend }))
    .check(z.describe('The same in bad slices of time; null: the objective is of events')),
  requests: z.number(),
  coverage: z.nullable(z.number()).check(z.describe('Share of the window with counts, 0-1')),
  background: z.nullable(
    z.object({
      kind: z.enum(backgroundKinds),
      from: At,
      to: At,
      failed: z.number(),
      requests: z.number(),
    }),
  ),
  sharedWith: z.array(z.object({ id: z.string(), title: z.string() })),
  beganInOutage: z.boolean(),
  isGross: z.boolean().check(z.describe('No traffic before it: all failures count as caused')),
  change: z.nullable(ChangeId),
  link: z.nullable(z.string()),
  note: z.nullable(z.string()),
});
export type LedgerLine = z.infer<typeof LedgerLine>;

/** GET /api/v1/slos/{slo}/ledger */
export const LedgerQuery = z.object({
  environment: z.optional(Slug),
  exclusions: z._default(z.enum(['applied', 'ignored']), 'applied'),
  horizonHours: z._default(z.coerce.number().check(z.minimum(1), z.maximum(24)), 4),
});

export const LedgerView = z.object({
  slo: Slug,
  environment: Slug,
  from: At,
  to: At,
  requests: z.number(),
  budgetFailures: z.number().check(z.describe('Failures the window allows so far')),
  budgetSeconds: z.number().check(z.describe('Seconds of full outage the window allows so far')),
  coverage: z.number(),
  spent: Cost,
  unexplained: Cost,
  slices: z
    .nullable(
      z.object({
        sliceSeconds: z.int(),
        total: z.number(),
        budget: z.number().check(z.describe('Bad slices that the window allows so far')),
        spent: SliceSpend,
        unexplained: SliceSpend,
        byCause: z.array(z.object({ cause: z.enum(causes), cost: SliceSpend })),
      }),
    )
    .check(z.describe('The budget of an objective of time slices; null: it is of events')),
  byCause: z.array(z.object({ cause: z.enum(causes), cost: Cost })),
  lines: z.array(LedgerLine),
  voided: z.array(EntryRow),
  exclusions: z.object({
    applied: z.boolean(),
    excludedSeconds: z.number(),
    rows: z.array(ExclusionRow),
    maintenance: z.enum(['counts', 'excluded']),
  }),
  horizonHours: z.number(),
  method: z.string(),
  mayAdd: z.boolean(),
  mayExclude: z.boolean(),
});
export type LedgerView = z.infer<typeof LedgerView>;
