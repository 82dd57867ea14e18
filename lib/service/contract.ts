import * as z from 'zod/mini';
import { ChangeRow } from '@/lib/change/row-contract';
import { linkKinds } from '@/lib/config/link-kinds';
import { Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';

const At = z.iso.datetime();

/** Worst first: the order of the overview. `burning-fast` pages, `burning-slow` warns (slo.md 4). */
export const serviceStates = [
  'down',
  'burning-fast',
  'burning-slow',
  'degraded',
  'no-data',
  'deploying',
  'healthy',
] as const;
export type ServiceState = (typeof serviceStates)[number];

/** [unix seconds, value or null where nothing is known]; nulls break the line. */
export const Point = z.tuple([z.number(), z.nullable(z.number())]);
export type Point = z.infer<typeof Point>;

export const FiringAlert = z.object({
  fingerprint: z.string(),
  name: z.string(),
  severity: z.enum(['critical', 'warning', 'info', 'unknown']),
  state: z.enum(['active', 'suppressed', 'unprocessed']),
  since: At,
  summary: z.string(),
  service: z.nullable(Slug),
  region: z.nullable(z.string()),
  runbook: z.nullable(z.url()),
  /** Who silenced it and until when; empty when nobody did. */
  silences: z.array(z.object({ id: z.string(), createdBy: z.string(), comment: z.string(), endsAt: At })),
  inhibited: z.boolean(),
});
export type FiringAlert = z.infer<typeof FiringAlert>;

/** Key figures of one service in one region. Ratios 0-1, seconds, requests per second. */
export const Figures = z.object({
  requestRate: readingOf(z.number()),
  errorRatio: readingOf(z.number()),
  p95Seconds: readingOf(z.number()),
  /** Share of the error budget that is left; may be negative. Null value in the reading = no SLO. */
  budgetLeft: readingOf(z.number()),
  burnRate1h: readingOf(z.number()),
});
export type Figures = z.infer<typeof Figures>;

/** One row of the overview: a service in a region of the environment. */
export const ServiceRow = z.object({
  service: Slug,
  name: z.string(),
  region: Slug,
  environment: Slug,
  state: z.enum(serviceStates),
  /** The cause in words, for the second line of an attention row; null when healthy. */
  cause: z.nullable(z.string()),
  slo: z.nullable(Slug),
  figures: Figures,
  /** Error ratio of the last 6 h in 5-min steps. */
  sparkline: readingOf(z.array(Point)),
  /** Versions in the cluster now with their ready pods. */
  versions: readingOf(z.array(z.object({ version: z.string(), pods: z.int(), ready: z.int() }))),
  alerts: z.int(),
  lastChange: z.nullable(z.object({ id: z.string(), at: At, sentence: z.string() })),
});
export type ServiceRow = z.infer<typeof ServiceRow>;

export const TimelineEntry = z.object({
  id: z.string(),
  at: At,
  glyph: z.enum(['person', 'worker', 'cluster', 'alert']),
  sentence: z.string(),
  href: z.nullable(z.string()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Burn over the last 6 h per row, 5-min bars, with changes as lines. */
export const BurnStrip = z.object({
  service: Slug,
  name: z.string(),
  region: Slug,
  points: readingOf(z.array(Point)),
});

/** GET /api/v1/overview?environment= */
export const OverviewView = z.object({
  environment: Slug,
  at: At,
  sentence: z.object({ state: z.enum(serviceStates), lead: z.string(), rest: z.string() }),
  services: z.array(ServiceRow),
  burn: z.array(BurnStrip),
  alerts: readingOf(z.array(FiringAlert)),
  needsYou: z.array(ChangeRow),
  running: z.array(ChangeRow),
  recentChanges: z.array(ChangeRow),
  timeline: z.array(TimelineEntry),
});
export type OverviewView = z.infer<typeof OverviewView>;

/** GET /api/v1/services?environment= */
export const ServiceList = z.object({ environment: Slug, services: z.array(ServiceRow) });
export type ServiceList = z.infer<typeof ServiceList>;

/** Limits of an indicator in its own unit; the whole of them is at /slis. */
export const Levels = z.object({ target: z.number(), warning: z.number(), critical: z.number() });
export type Levels = z.infer<typeof Levels>;

/** GET /api/v1/services/{service}?environment=&region= (head of the service page) */
export const ServiceView = z.object({
  service: Slug,
  name: z.string(),
  description: z.nullable(z.string()),
  owner: z.string(),
  tier: z.int(),
  links: z.partialRecord(z.enum(linkKinds), z.url()),
  environment: Slug,
  region: Slug,
  placements: z.array(z.object({ environment: Slug, region: Slug })),
  row: ServiceRow,
  limits: z.object({ errorRatio: Levels, p95Seconds: Levels }),
  alerts: readingOf(z.array(FiringAlert)),
  activeChange: z.nullable(ChangeRow),
  changes: z.array(ChangeRow),
  /** Why a deploy cannot be planned now by this person; null when it can. */
  deployBlocked: z.nullable(z.string()),
});
export type ServiceView = z.infer<typeof ServiceView>;

export const ranges = ['30m', '2h', '6h', '24h', '7d'] as const;
export type Range = (typeof ranges)[number];

export const Chart = z.object({
  id: z.string(),
  title: z.string(),
  unit: z.enum(['ratio', 'count', 'seconds', 'bytes', 'per-second']),
  query: z.string(),
  /** Horizontal lines with their names, in the chart's unit. */
  thresholds: z.array(
    z.object({ value: z.number(), label: z.string(), severity: z.enum(['target', 'warn', 'crit']) }),
  ),
  series: readingOf(
    z.array(z.object({ name: z.string(), version: z.nullable(z.string()), points: z.array(Point) })),
  ),
});
export type Chart = z.infer<typeof Chart>;

/** GET /api/v1/services/{service}/charts?environment=&region=&range= */
export const ServiceCharts = z.object({
  from: At,
  to: At,
  stepSeconds: z.number(),
  charts: z.array(Chart),
  markers: z.array(z.object({ at: At, label: z.string(), change: z.string() })),
});
export type ServiceCharts = z.infer<typeof ServiceCharts>;
