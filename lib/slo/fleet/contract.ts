import * as z from 'zod/mini';
import { changeStates } from '@/lib/change/model';
import { ChangeId, Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';
import { Exhaustion, Freshness, SloProgress } from '../contract';
import { sloWords } from '../math/word';
import { countMethods, dataStates } from '../model';

const At = z.iso.datetime();
const Unix = z.number().check(z.describe('Unix seconds'));

/** What a row needs and cannot be worked out from the rest: the list is sent to everybody who looks. */
export const ListNumbers = z.object({
  state: z.enum(dataStates),
  coverage: z.number().check(z.describe('Share of the window that is known, 0-1')),
  method: z.nullable(z.enum(countMethods)),
  total: z.nullable(z.number()).check(z.describe('Events, or slices where the row has slices')),
  bad: z.nullable(z.number()),
  sli: z.nullable(z.number()).check(z.describe('1 - bad / total, to nine decimals')),
  budgetLeft: z
    .nullable(z.number())
    .check(z.describe('1 - bad / ((1 - objective) x total), to nine decimals; may be negative')),
  burn1h: z.nullable(z.number()).check(z.describe('1: the budget lasts exactly the window')),
  soonest: Exhaustion.check(z.describe('Of the paces of 1 h, 6 h and 3 d')),
  latest: Exhaustion,
});
export type ListNumbers = z.infer<typeof ListNumbers>;

export const ListGroup = z.object({
  labels: z.record(z.string(), z.string()),
  word: z.enum(sloWords),
  numbers: z.optional(ListNumbers).check(z.describe('Absent for the only group: those of the row')),
});
export type ListGroup = z.infer<typeof ListGroup>;

/** What a change cost an objective, as its ledger prices it. */
export const ListCost = z.object({
  change: ChangeId,
  failed: z.nullable(z.number()).check(z.describe('Net; null: not priced yet')),
  low: z.nullable(z.number()),
  high: z.nullable(z.number()),
  share: z.nullable(z.number()).check(z.describe('Of the budget of the window')),
  isShared: z.boolean().check(z.describe('Other changes or entries stand in the same span')),
});
export type ListCost = z.infer<typeof ListCost>;

export const ListWindow = z.object({
  kind: z.enum(['rolling', 'calendar']),
  words: z.string().check(z.describe('"30 d" or "month, Europe/Berlin"')),
  seconds: z.number(),
  from: Unix,
  to: Unix.check(z.describe('The moment the figures stand for')),
  end: Unix,
  spark: z
    .nullable(z.object({ from: Unix, step: z.number() }))
    .check(z.describe('Where the first value of a sparkline stands, and seconds between two')),
});
export type ListWindow = z.infer<typeof ListWindow>;

export const ListRow = z.object({
  id: Slug,
  name: z.string(),
  service: Slug.check(z.describe('In services')),
  objective: z.string().check(z.describe('Per cent as decimal text')),
  window: z.int().check(z.describe('Index in windows')),
  slices: z.optional(z.int()).check(z.describe('Seconds of a slice; absent: events are counted')),
  word: z.enum(sloWords),
  numbers: readingOf(ListNumbers),
  groups: z.array(ListGroup),
  spark: z
    .nullable(z.array(z.nullable(z.int())))
    .check(z.describe('Budget left over the window, in thousandths; null: not known')),
  costs: z
    .optional(z.array(ListCost))
    .check(z.describe('Of the last change, and of those of 24 h; newest first')),
  progress: z.optional(SloProgress).check(z.describe('While the past is filled in, or something is wrong')),
});
export type ListRow = z.infer<typeof ListRow>;

/** A change that was carried out within the window of an objective of its service. */
export const ListChange = z.object({
  id: ChangeId,
  service: Slug,
  region: Slug,
  title: z.string(),
  by: z.string(),
  at: At,
  state: z.enum(changeStates),
});
export type ListChange = z.infer<typeof ListChange>;

/** GET /api/v1/slos?environment= : worst first. What many rows have in common stands once beside them. */
export const Fleet = z.object({
  at: At.check(z.describe('When anything in it last changed')),
  environment: Slug,
  counts: z.record(z.enum(sloWords), z.int()),
  services: z.record(Slug, z.object({ name: z.string(), owner: z.string() })),
  windows: z.array(ListWindow),
  changes: z.array(ListChange).check(z.describe('Newest first')),
  rows: z.array(ListRow),
  freshness: Freshness,
});
export type Fleet = z.infer<typeof Fleet>;

/** GET /api/v1/slo-days?environment= : what each UTC day spent of each budget. */
export const FleetDays = z.object({
  environment: Slug,
  days: z.array(z.iso.date()).check(z.describe('UTC, oldest first; the last one is not over')),
  rows: z.array(
    z.object({
      id: Slug,
      spent: z
        .nullable(z.array(z.nullable(z.number())))
        .check(
          z.describe(
            'Share of the budget of the window, to four digits, of each day; null: not known or before the window. Null altogether: not read yet',
          ),
        ),
    }),
  ),
});
export type FleetDays = z.infer<typeof FleetDays>;
