import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { PrometheusSource } from '@/lib/config/sources';
import { fresh, missing, type Reading } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { Poll } from '@/lib/sources/poll';
import { type Labels, prometheusName, queryInstant, queryRange } from '@/lib/sources/prometheus/client';
import { readingAfter, toSourceError } from '@/lib/sources/source-error';
import { keyOf, type Located, prometheusFor } from '../placements';
import { figureLabel } from '../series';
import { meanOfHour, sameHours, slotSeconds } from './baseline';
import { batch, planAll, requestRate } from './plan';

/** Numbers of the plans by the key of their part. */
export type Numbers = ReadonlyMap<string, number>;
/** The hours compared with: weeks ago and requests per second. `from` is the begin of the hour (unix seconds). */
export type SameHours = { from: number; hours: { weeksAgo: number; rate: number }[] };

/** What is known of the indicators of one service in one region. */
export type SliReadings = {
  numbers: Reading<Numbers>;
  /** By time (unix seconds) on a grid of `historyStep`. */
  history: Reading<ReadonlyMap<number, Numbers>>;
  historyTo: number;
  hours: Reading<SameHours>;
};

declare global {
  var signalboxSlis: Map<string, Poll<SliReadings>> | undefined;
}

export const historySeconds = 6 * 3600;
export const historyStep = 300;
/** Rates are those of the guide's queries, over 5 min; longer where the source is scraped more seldom. */
export const rateSpan = (source: PrometheusSource): number => Math.max(300, source.scrapeInterval * 4);

const figureOf = (labels: Labels): string => labels[figureLabel] ?? '';

async function readNumbers(
  source: PrometheusSource,
  place: Located,
  previous: SliReadings | undefined,
  signal: AbortSignal,
): Promise<Reading<Numbers>> {
  try {
    const plans = planAll({ place, windowSeconds: rateSpan(source) });
    const { series } = await queryInstant(source, batch(plans), { signal });
    return fresh(new Map(series.map(({ labels, value }) => [figureOf(labels), value])), now());
  } catch (error) {
    return readingAfter(previous?.numbers, toSourceError(error, prometheusName(source)));
  }
}

async function readHistory(
  source: PrometheusSource,
  place: Located,
  to: number,
  previous: SliReadings | undefined,
  signal: AbortSignal,
): Promise<SliReadings['history']> {
  const range = { from: to - historySeconds + historyStep, to, step: historyStep, signal };
  try {
    const plans = planAll({ place, windowSeconds: Math.max(historyStep, rateSpan(source)) });
    const { series } = await queryRange(source, batch(plans), range);
    const byTime = new Map<number, Map<string, number>>();
    for (const { labels, points } of series) {
      for (const [at, value] of points) {
        const here = byTime.get(at) ?? new Map<string, number>();
        byTime.set(at, here.set(figureOf(labels), value));
      }
    }
    return fresh(byTime, now());
  } catch (error) {
    return readingAfter(previous?.history, toSourceError(error, prometheusName(source)));
  }
}

/** The same hour of the last weeks; what did not exist then is left out. */
async function readHours(
  source: PrometheusSource,
  place: Located,
  at: number,
  previous: SliReadings | undefined,
  signal: AbortSignal,
): Promise<SliReadings['hours']> {
  const expr = requestRate(place, slotSeconds);
  const spans = sameHours(at);
  try {
    const read = await Promise.all(
      spans.map(async ({ weeksAgo, from, to }) => {
        const slots = { from: from + slotSeconds, to, step: slotSeconds, signal };
        const { series } = await queryRange(source, expr, slots);
        return { weeksAgo, rate: meanOfHour((series[0]?.points ?? []).map(([, value]) => value)) };
      }),
    );
    const hours = read.flatMap(({ weeksAgo, rate }) => (rate === null ? [] : [{ weeksAgo, rate }]));
    return fresh({ from: Math.floor(at / 3600) * 3600, hours }, now());
  } catch (error) {
    return readingAfter(previous?.hours, toSourceError(error, prometheusName(source)));
  }
}

const isOfHour = (hours: SliReadings['hours'] | undefined, at: number): boolean =>
  hours?.state === 'fresh' && hours.value.from === Math.floor(at / 3600) * 3600;

async function readAll(
  config: Config,
  place: Located,
  previous: SliReadings | undefined,
  signal: AbortSignal,
): Promise<SliReadings> {
  const source = prometheusFor(config, place.environment, place.placement.region);
  if (source === undefined) {
    const none = missing('not-configured', 'No Prometheus serves this region.');
    return { numbers: none, history: none, historyTo: 0, hours: none };
  }
  const at = Math.floor(now().getTime() / 1000);
  const historyTo = Math.floor(at / historyStep) * historyStep;
  const isKept = previous?.history.state === 'fresh' && previous.historyTo === historyTo;
  const [numbers, history, hours] = await Promise.all([
    readNumbers(source, place, previous, signal),
    isKept ? previous.history : readHistory(source, place, historyTo, previous, signal),
    previous !== undefined && isOfHour(previous.hours, at)
      ? previous.hours
      : readHours(source, place, at, previous, signal),
  ]);
  return { numbers, history, historyTo, hours };
}

const leastSeconds = 15;

/**
 * The indicators of a place, read while somebody looks: one query each scrape (every 15 s at most) for all figures,
 * one each 5 min for their history, four an hour for the same hours of earlier weeks, however many look.
 */
export function slisOfPlace(config: Config, place: Located): Poll<SliReadings> {
  globalThis.signalboxSlis ??= new Map();
  const polls = globalThis.signalboxSlis;
  const key = `${place.environment}/${keyOf(place)}`;
  const known = polls.get(key);
  if (known !== undefined) return known;
  const scrape =
    prometheusFor(config, place.environment, place.placement.region)?.scrapeInterval ?? leastSeconds;
  const poll = new Poll<SliReadings>({
    name: `indicators of ${key}`,
    intervalMs: Math.max(leastSeconds, scrape) * 1000,
    read: (previous, signal) => readAll(config, place, previous, signal),
  });
  polls.set(key, poll);
  return poll;
}
