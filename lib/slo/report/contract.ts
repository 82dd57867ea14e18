import * as z from 'zod/mini';
import { ChangeId, Slug } from '@/lib/core/ids';
import { causes } from '../ledger/model';
import { countMethods, dataStates } from '../model';
import { monthForm } from './words';

const At = z.iso.datetime();
const Failures = z.number().check(z.describe('Failed events, or bad slices, to a thousandth'));
const Seconds = z.number().check(z.describe('Full outage at the traffic of the month, to a thousandth'));
const Share = z.nullable(z.number()).check(z.describe('Of the budget, 0-1 and beyond; null: no budget'));

export const Month = z
  .string()
  .check(z.regex(monthForm, 'must be a month such as 2026-11'), z.describe('Such as 2026-11'));

/** Part of a budget: the same in failures and in time. */
export const Amount = z.object({ failures: Failures, seconds: Seconds });
export type Amount = z.infer<typeof Amount>;
export const Spent = z.object({ failures: Failures, seconds: Seconds, share: Share });
export type Spent = z.infer<typeof Spent>;

/** What all of a span says. A figure is null where there is none: no data, no traffic, contradicting counts. */
export const Totals = z.object({
  state: z.enum(dataStates),
  total: z.nullable(z.number()),
  sli: z.nullable(z.number()).check(z.describe('Good of all, 0-1')),
  isMet: z.nullable(z.boolean()),
  budget: z.nullable(Amount).check(z.describe('What the counted part of the month allows')),
  spent: z.nullable(Spent),
  left: z.nullable(Amount).check(z.describe('May be negative')),
});
export type Totals = z.infer<typeof Totals>;

/** One cause of what was spent; `unexplained` is what no line of the ledger claims. */
export const CauseCost = z.extend(Spent, { cause: z.enum(causes) });
export type CauseCost = z.infer<typeof CauseCost>;

/** One line of the ledger. The truth lies between `low` and `high` failures. */
export const CostLine = z.extend(Spent, {
  id: z.string(),
  cause: z.enum(causes),
  title: z.string(),
  by: z.string(),
  at: At,
  change: z.nullable(ChangeId),
  low: Failures,
  high: Failures,
  isShared: z.boolean().check(z.describe('Others stand in the same span')),
});
export type CostLine = z.infer<typeof CostLine>;

export const ReportExclusion = z.object({
  reason: z.string(),
  by: z.nullable(z.string()).check(z.describe('Null: written in signalbox.yaml, or planned maintenance')),
  seconds: z.number().check(z.describe('What it takes out of the month')),
});
export type ReportExclusion = z.infer<typeof ReportExclusion>;

/** An objective in a month, or the part of the month in which one definition of it counted. */
export const ReportLine = z.extend(Totals, {
  objective: Slug,
  definition: z.string().check(z.describe('First characters of what names the definition')),
  isEarlier: z.boolean().check(z.describe('The objective was edited since: its counts stay its own')),
  name: z.string(),
  service: Slug,
  serviceName: z.string(),
  owner: z.nullable(z.string()),
  target: z.string().check(z.describe('Per cent as decimal text')),
  unit: z.enum(['events', 'slices']),
  sliceSeconds: z.nullable(z.int()),
  zone: z.string().check(z.describe('Where its month begins and ends')),
  from: At,
  to: At.check(z.describe('End of the month')),
  spans: z.array(z.object({ from: At, to: At })).check(z.describe('When this definition counted')),
  coverage: z.number().check(z.describe('Share of its part of the month that is known, 0-1')),
  method: z.nullable(z.enum(countMethods)),
  monthBudgetSeconds: z.number().check(z.describe('Full outage that its part of the whole month allows')),
  byCause: z
    .array(CauseCost)
    .check(z.describe('With the unexplained rest their sum is what was spent, exactly')),
  largest: z.array(CostLine).check(z.describe('The ten that cost most')),
  excludedSeconds: z.number(),
  exclusions: z.array(ReportExclusion),
  without: z.nullable(Totals).check(z.describe('The figures if nothing were excluded; null: nothing is')),
  notes: z.array(z.string()),
});
export type ReportLine = z.infer<typeof ReportLine>;

/** What is frozen. Its canonical JSON (RFC 8785) is hashed with SHA-256. */
export const ReportDocument = z.object({
  version: z.literal(1),
  month: Month,
  environment: Slug,
  timeZone: z.string(),
  from: At,
  to: At,
  until: At.check(z.describe('Up to where events are counted; the same as to when the month is over')),
  summary: z.array(z.string()),
  lines: z.array(ReportLine),
  missing: z
    .array(z.string())
    .check(z.describe('What was not final when it was frozen, after the longest wait')),
  method: z.object({ version: z.int(), sentences: z.array(z.string()) }),
});
export type ReportDocument = z.infer<typeof ReportDocument>;

const What = z.string().check(z.trim(), z.minLength(3), z.maxLength(120));
const Why = z.string().check(z.trim(), z.minLength(3, 'say why'), z.maxLength(1000));
const most = 1e12;

/** POST /api/v1/reports/{month}/corrections */
export const AddCorrection = z.strictObject({
  environment: Slug,
  objective: Slug,
  definition: z
    .optional(z.string().check(z.maxLength(64)))
    .check(z.describe('Needed where the objective was edited in the month and has several lines')),
  what: What.check(z.describe('Which figure is wrong')),
  why: Why,
  failures: z
    .optional(z.number().check(z.minimum(-most), z.maximum(most)))
    .check(z.describe('To add to the failures that were spent; negative: they were fewer')),
  seconds: z
    .optional(z.number().check(z.minimum(-most), z.maximum(most)))
    .check(z.describe('To add to the time that was spent')),
});
export type AddCorrection = z.infer<typeof AddCorrection>;

/** What was learned after the close. It stands beside the frozen figure, which stays. */
export const Correction = z.object({
  id: z.uuid(),
  objective: Slug,
  definition: z.string(),
  what: z.string(),
  why: z.string(),
  failures: z.nullable(z.number()),
  seconds: z.nullable(z.number()),
  by: z.string(),
  at: At,
});
export type Correction = z.infer<typeof Correction>;

/** A line with its corrections: what was spent if they hold. */
export const Corrected = z.object({
  objective: Slug,
  definition: z.string(),
  failures: z.number(),
  seconds: z.number(),
  isMet: z.nullable(z.boolean()),
  count: z.int(),
});
export type Corrected = z.infer<typeof Corrected>;

export const reportStates = ['running', 'closing', 'frozen'] as const;
export type ReportState = (typeof reportStates)[number];

/** GET /api/v1/reports/{month}?environment= */
export const MonthReport = z.object({
  state: z.enum(reportStates).check(z.describe('closing: over, and not frozen yet')),
  frozenAt: z.nullable(At),
  hash: z.nullable(z.string()).check(z.describe('SHA-256 of the canonical JSON of report, hex')),
  waiting: z.array(z.string()).check(z.describe('Why a month that is over is not frozen yet')),
  report: ReportDocument,
  corrections: z.array(Correction),
  corrected: z.array(Corrected),
  mayCorrect: z.boolean(),
  previous: z.nullable(Month),
  next: z.nullable(Month),
});
export type MonthReport = z.infer<typeof MonthReport>;

export const ReportQuery = z.object({
  environment: z.optional(Slug),
  format: z
    .optional(z.enum(['json', 'csv']))
    .check(z.describe('As a file to keep; absent: what the page shows')),
});

export const MonthRow = z.object({
  month: Month,
  state: z.enum(reportStates),
  frozenAt: z.nullable(At),
  hash: z.nullable(z.string()),
  met: z.nullable(z.int()).check(z.describe('Null: not frozen, so not counted here')),
  judged: z.nullable(z.int()),
  objectives: z.nullable(z.int()),
  coverage: z.nullable(z.number()).check(z.describe('Of the objective that is known least')),
  corrections: z.int(),
});
export type MonthRow = z.infer<typeof MonthRow>;

/** GET /api/v1/reports?environment= : newest first */
export const MonthList = z.object({
  environment: Slug,
  timeZone: z.string(),
  months: z.array(MonthRow),
});
export type MonthList = z.infer<typeof MonthList>;
