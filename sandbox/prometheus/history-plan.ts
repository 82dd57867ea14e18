import { z } from 'zod';
import { appServices } from '../topology';

const MINUTE = 60_000;
const DAY = 86_400_000;

const Labels = z.record(z.string(), z.string());

/** One service in one region: the pod whose labels carry the whole past, and those of its exporters and machines. */
export const HistorySubject = z.object({
  service: z.enum(['fraiseql-api', 'fraiseql-observers', 'architect-api']),
  region: z.string(),
  pod: Labels,
  container: Labels,
  database: Labels.nullable(),
  cache: Labels.nullable(),
  /** Machines of the region, by name; written with one of its services. */
  nodes: z.array(z.object({ name: z.string(), labels: Labels })),
});
export type HistorySubject = z.infer<typeof HistorySubject>;

/** What the generator is asked for; times in milliseconds since the epoch. */
export const HistoryRequest = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  seed: z.number(),
  subjects: z.array(HistorySubject),
});
export type HistoryRequest = z.infer<typeof HistoryRequest>;

/** Days of the past that are written, and the step of the samples in seconds. */
export const HISTORY_DAYS = 30;
const FINE_DAYS = 3;
const COARSE_STEP = 120_000;
const FINE_STEP = 60_000;

/** Moments of all samples, oldest first: every 120 s, and every 60 s in the last three days. */
export function* sampleTimes(fromMs: number, toMs: number): Generator<number> {
  const fineFrom = toMs - FINE_DAYS * DAY;
  // Counted backwards from the end, so that the last sample lies exactly there.
  const coarse = Math.max(0, Math.floor((Math.max(fineFrom, fromMs) - fromMs) / COARSE_STEP));
  const firstFine = Math.max(fineFrom, fromMs);
  for (let index = coarse; index > 0; index--) yield firstFine - index * COARSE_STEP;
  for (let at = firstFine; at <= toMs; at += FINE_STEP) yield at;
}

type Span = { fromMs: number; toMs: number };

function span(toMs: number, daysAgo: number, minutes: number): Span {
  const fromMs = Math.floor((toMs - daysAgo * DAY) / (2 * MINUTE)) * 2 * MINUTE;
  return { fromMs, toMs: fromMs + minutes * MINUTE };
}

function inside(at: number, { fromMs, toMs }: Span): boolean {
  return at > fromMs && at <= toMs;
}

/** Bad days of the last month, relative to its end. */
export function pastEvents(toMs: number): { outage: Span; badDeploy: Span; gap: Span; resetMs: number } {
  return {
    /** Architect Dashboard API in us-east-1 answers hardly anything for 15 minutes. */
    outage: span(toMs, 12.2, 15),
    /** The release of FraiseQL API six days ago failed 6 % for 40 minutes until it was corrected. */
    badDeploy: span(toMs, releaseDays('fraiseql-api'), 40),
    /** Prometheus itself was away. */
    gap: span(toMs, 9.1, 50),
    /** The observers in eu-west-1 were restarted: their counters begin again. */
    resetMs: span(toMs, 16.3, 0).fromMs,
  };
}

function releaseDays(service: string): number {
  return appServices.find(({ id }) => id === service)?.releases[2].daysAgo ?? 0;
}

/** Share of failed requests at a moment of the past, given the usual share. */
export function pastErrorShare(subject: HistorySubject, atMs: number, toMs: number, usual: number): number {
  const { outage, badDeploy } = pastEvents(toMs);
  if (subject.service === 'architect-api' && subject.region === 'us-east-1' && inside(atMs, outage))
    return 0.97;
  if (subject.service === 'fraiseql-api' && inside(atMs, badDeploy)) return 0.06;
  return usual;
}

export function isGap(atMs: number, toMs: number): boolean {
  return inside(atMs, pastEvents(toMs).gap);
}

/** True when the counters of the subject begin again between two samples. */
export function isReset(subject: HistorySubject, beforeMs: number, atMs: number, toMs: number): boolean {
  const { resetMs } = pastEvents(toMs);
  const restarted = subject.service === 'fraiseql-observers' && subject.region === 'eu-west-1';
  return restarted && beforeMs < resetMs && atMs >= resetMs;
}

/** Version that ran at a moment of the past. */
export function versionAt(subject: HistorySubject, atMs: number, toMs: number): string {
  const service = appServices.find(({ id }) => id === subject.service);
  const running = service?.releases.findLast(({ daysAgo }) => atMs > span(toMs, daysAgo, 0).fromMs);
  return running?.version ?? service?.releases[0].version ?? '';
}
