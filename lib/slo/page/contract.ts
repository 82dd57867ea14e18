import * as z from 'zod/mini';
import { readingOf } from '@/lib/core/reading';
import { Point } from '@/lib/service/contract';
import { Exhaustion, FleetRow, Freshness, SloNumbers } from '../contract';
import { LedgerView } from '../ledger/contract';
import { causes } from '../ledger/model';
import { burnWords } from '../math/burn';
import { sloWords } from '../math/word';
import { countMethods } from '../model';

const At = z.iso.datetime();
const Unix = z.number().check(z.describe('Unix seconds'));
const Series = z.array(Point);

/** How a tile came about: the formula, the same with its numbers, and what was asked. */
export const How = z.object({
  formula: z.string(),
  filled: z.string().check(z.describe('The formula with the numbers of now; the last one is the figure')),
  queries: z.array(z.string()).check(z.describe('The same question in PromQL')),
  notes: z.array(z.string()),
});
export type How = z.infer<typeof How>;

export const tileIds = ['sli', 'budget', 'burn', 'exhaustion', 'last-change'] as const;
export type TileId = (typeof tileIds)[number];

/** A pace carried on: the last so many seconds, and when the budget is gone with it. */
export const Pace = z.object({
  spanSeconds: z.number(),
  burn: z.nullable(z.number()),
  exhaustion: Exhaustion,
});
export type Pace = z.infer<typeof Pace>;

/** The budget seen in one of two ways (slo.md 1.6). */
export const SloMode = z.object({
  label: z.string().check(z.describe('"Fixed: the last 30 d" or "Fixed: 2026-11"')),
  from: Unix,
  to: Unix,
  end: Unix.check(z.describe('Where the chart ends: the end of the period, or the reach of the forecast')),
  numbers: SloNumbers,
  /** Budget left per step; null is a gap. Fixed starts full and only falls, rolling recovers. */
  budget: Series,
  stepSeconds: z.number(),
  ideal: z.nullable(Series).check(z.describe('The budget spent evenly; null in rolling mode')),
  forecast: z
    .nullable(z.object({ soonest: Series, likely: Series, latest: Series }))
    .check(z.describe('Budget left from now on, at the fastest, the 6 h and the slowest pace')),
  paces: z.array(Pace),
  soonest: Exhaustion,
  latest: Exhaustion,
  /** Calendar periods only: what the period comes to at the 6 h pace. */
  projection: z.nullable(
    z.object({
      total: z.number(),
      bad: z.number(),
      allowedFailures: z.number(),
      budgetLeft: z.number(),
    }),
  ),
  how: z.object({ sli: How, budget: How, burn: How, exhaustion: How, 'last-change': How }),
});
export type SloMode = z.infer<typeof SloMode>;

/** One burn alert as it stands now. */
export const JudgedRule = z.object({
  id: z.string(),
  severity: z.enum(['page', 'ticket']),
  words: z.string().check(z.describe('"1 h and 5 min above 14.4×" or "below 99 % over 1 h"')),
  longSeconds: z.number(),
  shortSeconds: z.nullable(z.number()),
  factor: z.number(),
  spent: z.number().check(z.describe('Share of the budget that is gone when it fires on a steady burn')),
  long: z.nullable(z.number()),
  short: z.nullable(z.number()),
  failures: z.nullable(z.number()).check(z.describe('In the long span')),
  word: z.nullable(z.enum(burnWords)).check(z.describe('Null: no data in one of the spans')),
  firing: z.boolean(),
  isHeldBack: z.boolean().check(z.describe('Above its factor, but with fewer failures than asked for')),
  minimumEvents: z.number().check(z.describe('Below these a single failure trips the long span')),
  secondsToFire: z.number().check(z.describe('When every event fails')),
  problem: z.nullable(z.string()).check(z.describe('Why it can never do its work')),
});
export type JudgedRule = z.infer<typeof JudgedRule>;

/** What a page draws from the buckets; one reading, since all of it has the same age. */
export const SloData = z.object({
  fixed: SloMode,
  rolling: SloMode,
  /** Burn rate per step over the window. */
  burn: Series,
  /** Events per second per step: traffic explains burn. */
  rate: Series,
  pairs: z.array(JudgedRule).check(z.describe('The four pairs, scaled to the window')),
  guides: z.array(JudgedRule).check(z.describe('The two rules of SLO-03')),
  minFailures: z.int(),
  counted: z.object({
    words: z.string().check(z.describe('How the window was counted, and what that leaves out')),
    shares: z.array(z.object({ method: z.enum(countMethods), share: z.number() })),
  }),
  invalid: z
    .array(z.object({ at: Unix, words: z.string() }))
    .check(z.describe('Buckets with impossible counts, the first twenty')),
});
export type SloData = z.infer<typeof SloData>;

export const SloDefinition = z.object({
  words: z.string().check(z.describe('The objective in one or two sentences')),
  indicator: z.string(),
  method: z.string(),
  window: z.string(),
  grouping: z.string(),
  description: z.nullable(z.string()),
  queries: z.array(z.object({ role: z.enum(['total', 'good', 'bad', 'healthy']), promql: z.string() })),
  hash: z.string().check(z.describe('First characters of what names the definition')),
  since: z.nullable(At),
});
export type SloDefinition = z.infer<typeof SloDefinition>;

/** A definition that was edited since: its buckets stay its own and are in no figure of the current one. */
export const EarlierDefinition = z.object({
  hash: z.string(),
  words: z.string(),
  seenFrom: At,
  seenTo: z.nullable(At),
  from: z.nullable(At).check(z.describe('The span its buckets cover; null: it has none')),
  to: z.nullable(At),
});
export type EarlierDefinition = z.infer<typeof EarlierDefinition>;

/** Something that happened, for the lane under the chart. */
export const Marker = z.object({
  id: z.string(),
  cause: z.enum(causes),
  title: z.string(),
  regions: z.nullable(z.array(z.string())).check(z.describe('Null: everywhere')),
  from: Unix,
  to: z.nullable(Unix).check(z.describe('Null: still going on')),
  href: z.nullable(z.string()),
});
export type Marker = z.infer<typeof Marker>;

/** Key of one group of an objective, such as region=us-east-1. */
export const GroupKey = z
  .string()
  .check(z.maxLength(1000), z.describe('Only this group, such as region=us-east-1'));

/** GET /api/v1/slos/{slo}?environment=&exclusions=on|off&group= */
export const SloPage = z.object({
  row: FleetRow,
  group: z
    .nullable(z.string())
    .check(z.describe('Key of the group that all figures are of; null: of all together')),
  sentence: z.object({ word: z.enum(sloWords), lead: z.string(), rest: z.string() }),
  definition: SloDefinition,
  earlier: z.array(EarlierDefinition),
  data: readingOf(SloData),
  exclusions: z
    .object({
      applied: z.boolean(),
      seconds: z.number().check(z.describe('What they take out of the window')),
      count: z.int(),
    })
    .check(z.describe('The rows are in the ledger')),
  markers: z.array(Marker),
  ledger: z
    .nullable(LedgerView)
    .check(z.describe('Null: the database does not answer, so what was spent cannot be attributed now')),
  gaps: z.array(z.object({ from: Unix, to: Unix })).check(z.describe('Asked for again by the recorder')),
  freshness: Freshness,
});
export type SloPage = z.infer<typeof SloPage>;
