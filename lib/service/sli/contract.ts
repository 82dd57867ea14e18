import * as z from 'zod/mini';
import { sliIds } from '@/lib/config/sli-guide';
import { Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';
import { Point } from '../contract';
import { absences, sliStates } from './model';

/** Where a limit comes from: the table of guide 004, the service's configuration, or that for its environment. */
const originOf = z.enum(['guide', 'service', 'environment']);
const Limit = z.object({ value: z.number(), origin: originOf });
export type SliLimit = z.infer<typeof Limit>;

const Levels = z.object({
  kind: z.enum(['below', 'band', 'above']),
  low: z.nullable(Limit),
  target: Limit,
  warning: Limit,
  critical: Limit,
});
const Side = z.object({ warning: Limit, critical: Limit });
const Changes = z.object({ kind: z.literal('baseline'), up: Side, down: Side });

/** The same hour of the week: requests per second, the median of the weeks that are known. */
export const SliBaseline = z.object({
  value: z.number(),
  weeks: z.array(z.object({ weeksAgo: z.int(), rate: z.number() })),
  weeksWanted: z.int(),
  /** Begin of the hour that is compared with, in UTC. */
  hourFrom: z.iso.datetime(),
  /** Ratio: 0.5 is half more than then, -1 is nothing left; null where nothing ran then. */
  change: z.nullable(z.number()),
});
export type SliBaseline = z.infer<typeof SliBaseline>;

export const SliRow = z.object({
  id: z.enum(sliIds),
  /** SLI-01 to SLI-09. */
  ref: z.string(),
  name: z.string(),
  unit: z.enum(['seconds', 'ratio', 'per-second']),
  state: z.enum(sliStates),
  /** Why there is no state; `add` names the settings that would give one. */
  absence: z.nullable(
    z.object({ kind: z.enum(absences), sentence: z.string(), add: z.nullable(z.string()) }),
  ),
  value: readingOf(z.number()),
  limits: z.discriminatedUnion('kind', [Levels, Changes]),
  /** Where the limits come from, as a sentence. */
  origin: z.string(),
  baseline: z.nullable(SliBaseline),
  /** Every 5 min of the last 6 h. */
  history: z.array(Point),
  how: z.object({
    formula: z.string(),
    numbers: z.string(),
    notes: z.array(z.string()),
    query: z.nullable(z.string()),
  }),
});
export type SliRow = z.infer<typeof SliRow>;

/** GET /api/v1/services/{service}/slis?environment=&region= */
export const ServiceSlis = z.object({
  service: Slug,
  environment: Slug,
  region: Slug,
  /** Whether the source answers; the value is the span of rates in seconds. */
  source: readingOf(z.number()),
  rows: z.array(SliRow),
  /** Objectives of the service: what alerts, which an indicator never does. */
  objectives: z.array(z.object({ id: Slug, name: z.string() })),
});
export type ServiceSlis = z.infer<typeof ServiceSlis>;
