import * as z from 'zod/mini';
import { ChangeId, Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';
import { sloWords } from './math/word';
import { countMethods, dataStates } from './model';

const At = z.iso.datetime();
const Unix = z.number().check(z.describe('Unix seconds'));

/** When the budget is gone if a pace goes on; seconds from the moment the figures stand for. */
export const Exhaustion = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('spent'),
    recoversInSeconds: z.nullable(z.number()).check(z.describe('Null: it does not come back at this pace')),
  }),
  z.object({ kind: z.literal('in'), seconds: z.number() }),
  z.object({ kind: z.literal('never') }),
  z.object({ kind: z.literal('unknown') }),
]);
export type Exhaustion = z.infer<typeof Exhaustion>;

/** What a window says. A figure is null where there is none: no data, no traffic (0/0 is not 100 %), invalid. */
export const SloNumbers = z.object({
  state: z.enum(dataStates),
  coverage: z.number().check(z.describe('Share of the window that is known, 0-1')),
  method: z.nullable(z.enum(countMethods)).check(z.describe('How it was counted; mixed: in several ways')),
  total: z.nullable(z.number()).check(z.describe('Events or slices, as the unit of the row says')),
  bad: z.nullable(z.number()),
  sli: z.nullable(z.number()).check(z.describe('good / total, 0-1')),
  isMet: z.nullable(z.boolean()),
  budgetLeft: z.nullable(z.number()).check(z.describe('Share of the budget left; may be negative')),
  allowedFailures: z.nullable(z.number()).check(z.describe('(1 - objective) x total')),
  failuresLeft: z.nullable(z.number()).check(z.describe('May be negative')),
  failureCosts: z.nullable(z.number()).check(z.describe('Share of the budget that one failure costs')),
  budgetSeconds: z.number().check(z.describe('Full outage that the window allows at constant traffic')),
  secondsLeft: z.nullable(z.number()).check(z.describe('The rest of it; may be negative')),
});
export type SloNumbers = z.infer<typeof SloNumbers>;

/** The figures of a row: its window, and how fast it is spent now. */
export const RowNumbers = z.extend(SloNumbers, {
  burn1h: z.nullable(z.number()).check(z.describe('1: the budget lasts exactly the window')),
  soonest: Exhaustion.check(z.describe('Of the paces of 1 h, 6 h and 3 d')),
  latest: Exhaustion,
});
export type RowNumbers = z.infer<typeof RowNumbers>;

/** How far the recorder has come with an objective. */
export const SloProgress = z.object({
  backfill: z
    .object({ done: z.int(), total: z.int() })
    .check(z.describe('Days of the past that are filled in')),
  backfilledFrom: z.nullable(At),
  recordedUntil: z.nullable(At),
  problem: z.nullable(z.object({ reason: z.string(), message: z.string() })),
  gapSeconds: z.number().check(z.describe('Spans that could not be read and are asked for again')),
  sentence: z
    .nullable(z.string())
    .check(z.describe('What is missing, such as "filling in the past: 12 of 30 days"; null: nothing')),
});
export type SloProgress = z.infer<typeof SloProgress>;

/** One group of an objective, told apart by its labels. */
export const SloGroup = z.object({
  key: z.string().check(z.describe('Unique within the objective')),
  labels: z.record(z.string(), z.string()),
  word: z.enum(sloWords),
  numbers: RowNumbers,
});
export type SloGroup = z.infer<typeof SloGroup>;

/** What the newest change in the window cost, as the ledger prices it. */
export const LastChange = z.object({
  id: ChangeId,
  title: z.string(),
  by: z.string(),
  at: At,
  failed: z.nullable(z.number()).check(z.describe('Net; null: not priced')),
  low: z.nullable(z.number()),
  high: z.nullable(z.number()),
  share: z.nullable(z.number()).check(z.describe('Of the budget of the window')),
  isShared: z.boolean().check(z.describe('Other changes or entries stand in the same span')),
});
export type LastChange = z.infer<typeof LastChange>;

/** Evenly spaced values; the first one stands for `from`. */
export const Sparkline = z.object({ from: Unix, step: z.number(), values: z.array(z.nullable(z.number())) });
export type Sparkline = z.infer<typeof Sparkline>;

/** An objective in one environment, all its groups together. */
export const FleetRow = z.object({
  id: Slug,
  name: z.string(),
  service: Slug,
  serviceName: z.string(),
  owner: z.string(),
  environment: Slug,
  objective: z.string().check(z.describe('Per cent as decimal text')),
  window: z.object({
    kind: z.enum(['rolling', 'calendar']),
    words: z.string().check(z.describe('"30 d" or "month, Europe/Berlin"')),
    seconds: z.number(),
    from: Unix,
    to: Unix.check(z.describe('The moment the figures stand for')),
    end: Unix.check(z.describe('End of the calendar period; the same as to in a rolling window')),
  }),
  unit: z.enum(['events', 'slices']),
  sliceSeconds: z.nullable(z.int()),
  word: z.enum(sloWords),
  numbers: readingOf(RowNumbers),
  groups: z.array(SloGroup),
  sparkline: z.nullable(Sparkline).check(z.describe('Budget left over the window, about 60 values')),
  lastChange: z.nullable(LastChange),
  progress: z.nullable(SloProgress).check(z.describe('Null: the recorder has not begun')),
});
export type FleetRow = z.infer<typeof FleetRow>;

/** How new the recorded counts are. */
export const Freshness = z.object({
  state: z.enum(['fresh', 'stale', 'missing']),
  recordedUntil: z.nullable(At).check(z.describe('End of the newest bucket of any objective shown')),
  sentence: z.nullable(z.string()).check(z.describe('Who is away and since when; null: nobody')),
});
export type Freshness = z.infer<typeof Freshness>;
