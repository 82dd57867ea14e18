import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { PrometheusSource } from '@/lib/config/sources';
import { fresh, missing, type Reading } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { Poll } from '@/lib/sources/poll';
import { type Labels, prometheusName, queryInstant, queryRange } from '@/lib/sources/prometheus/client';
import type { Expr } from '@/lib/sources/prometheus/queries';
import { readingAfter, toSourceError } from '@/lib/sources/source-error';
import type { Point } from './contract';
import { byPrometheus, keyOf, type Located, placementsIn } from './placements';
import { figureLabel, increaseOfAll, quantileOfAll, rateOfAll, regionLabel, serviceLabel } from './series';

/** Figures of one service in one region, from Prometheus alone. */
export type PlaceFigures = {
  requestRate: Reading<number>;
  errorRatio: Reading<number>;
  p95Seconds: Reading<number>;
  /** Error ratio in 5-min steps over 6 h; null where nothing was asked or measured. */
  errorHistory: Reading<Point[]>;
};
export type EnvironmentFigures = {
  places: Map<string, PlaceFigures>;
  /** State of each Prometheus by its id, for the freshness bar. */
  sources: Map<string, Reading<true>>;
  historyAt: number;
};

declare global {
  var signalboxFigures: Map<string, Poll<EnvironmentFigures>> | undefined;
}

const historySeconds = 6 * 3600;
const historyStep = 300;
const placeOf = (labels: Labels): string => `${labels[serviceLabel]}/${labels[regionLabel]}`;

/** Long enough for four scrapes, so that one lost scrape does not empty a rate. */
export const rateWindow = (source: PrometheusSource): number => Math.max(60, source.scrapeInterval * 4);

type Values = { at: Date; of: (place: Located) => number | undefined };

async function ask(source: PrometheusSource, expr: Expr | null, signal: AbortSignal): Promise<Values> {
  if (expr === null) return { at: now(), of: () => undefined };
  const { series } = await queryInstant(source, expr, { signal });
  const found = new Map(series.map(({ labels, value }) => [placeOf(labels), value]));
  return { at: now(), of: (place) => found.get(keyOf(place)) };
}

const noSeries = ({ service, environment, placement }: Located, metric: string): Reading<never> =>
  missing(
    'no-series',
    `Prometheus has no recent samples of ${metric} for ${service.name} in ${environment}, ${placement.region}.`,
  );

const finite = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

function errorRatioOf(place: Located, total: Values, failed: Values): Reading<number> {
  const all = total.of(place);
  if (!finite(all)) return noSeries(place, place.service.metrics.requests.total.metric);
  if (all <= 0) return missing('no-series', 'No requests arrived, so there is no share of failed ones.');
  const bad = failed.of(place);
  return fresh(Math.min(1, finite(bad) ? bad / all : 0), total.at);
}

function p95Of(place: Located, p95: Values): Reading<number> {
  const { latency } = place.service.metrics;
  if (latency === undefined) {
    return missing(
      'not-configured',
      `${place.service.name} names no latency histogram in the configuration.`,
    );
  }
  const value = p95.of(place);
  if (value === undefined) return noSeries(place, latency.buckets.metric);
  if (!Number.isFinite(value)) {
    return missing('no-series', 'No requests arrived, so there is no latency to show.');
  }
  return fresh(value, p95.at);
}

/** The three queries fail one by one: a histogram that is gone must not hide the error share. */
async function readNow(
  source: PrometheusSource,
  places: readonly Located[],
  previous: EnvironmentFigures | undefined,
  signal: AbortSignal,
): Promise<{ places: Map<string, Omit<PlaceFigures, 'errorHistory'>>; source: Reading<true> }> {
  const seconds = rateWindow(source);
  const settle = async (expr: Expr | null) =>
    ask(source, expr, signal).catch((error: unknown) => toSourceError(error, prometheusName(source)));
  const [total, failed, p95] = await Promise.all([
    settle(rateOfAll(places, 'total', seconds)),
    settle(rateOfAll(places, 'failed', seconds)),
    settle(quantileOfAll(places, 0.95, seconds)),
  ]);
  const result = new Map(
    places.map((place) => {
      const old = previous?.places.get(keyOf(place));
      const rate = total instanceof Error ? readingAfter(old?.requestRate, total) : rateOf(place, total);
      const broken = total instanceof Error ? total : failed instanceof Error ? failed : null;
      return [
        keyOf(place),
        {
          requestRate: rate,
          errorRatio:
            broken !== null || total instanceof Error || failed instanceof Error
              ? readingAfter(old?.errorRatio, broken ?? toSourceError(failed, prometheusName(source)))
              : errorRatioOf(place, total, failed),
          p95Seconds: p95 instanceof Error ? readingAfter(old?.p95Seconds, p95) : p95Of(place, p95),
        },
      ] as const;
    }),
  );
  const before = previous?.sources.get(source.id);
  return {
    places: result,
    source: total instanceof Error ? readingAfter(before, total) : fresh<true>(true, total.at),
  };
}

function rateOf(place: Located, total: Values): Reading<number> {
  const value = total.of(place);
  return finite(value)
    ? fresh(value, total.at)
    : noSeries(place, place.service.metrics.requests.total.metric);
}

async function readHistory(
  source: PrometheusSource,
  places: readonly Located[],
  previous: EnvironmentFigures | undefined,
  signal: AbortSignal,
): Promise<Map<string, Reading<Point[]>>> {
  const at = now();
  const to = Math.floor(at.getTime() / 1000 / historyStep) * historyStep;
  const from = to - historySeconds + historyStep;
  try {
    const options = { from, to, step: historyStep, signal };
    const { series } = await queryRange(source, increaseOfAll(places, historyStep), options);
    const found = new Map<string, number>();
    for (const { labels, points } of series) {
      for (const [time, value] of points)
        found.set(`${placeOf(labels)} ${labels[figureLabel]} ${time}`, value);
    }
    return new Map(
      places.map((place) => [
        keyOf(place),
        fresh(
          Array.from({ length: historySeconds / historyStep }, (_, index): Point => {
            const time = from + index * historyStep;
            const total = found.get(`${keyOf(place)} total ${time}`);
            if (!finite(total) || total <= 0) return [time, null];
            return [time, Math.min(1, (found.get(`${keyOf(place)} failed ${time}`) ?? 0) / total)];
          }),
          at,
        ),
      ]),
    );
  } catch (error) {
    const failure = toSourceError(error, prometheusName(source));
    return new Map(
      places.map((place) => [
        keyOf(place),
        readingAfter(previous?.places.get(keyOf(place))?.errorHistory, failure),
      ]),
    );
  }
}

const unserved = (): PlaceFigures => {
  const none = missing('not-configured', 'No Prometheus serves this region.');
  return { requestRate: none, errorRatio: none, p95Seconds: none, errorHistory: none };
};

async function readFigures(
  config: Config,
  environment: string,
  previous: EnvironmentFigures | undefined,
  signal: AbortSignal,
): Promise<EnvironmentFigures> {
  const all = placementsIn(config, environment);
  const at = Math.floor(now().getTime() / 1000);
  const historyDue = previous === undefined || at - previous.historyAt >= 60;
  const result: EnvironmentFigures = {
    places: new Map(all.map((place) => [keyOf(place), unserved()])),
    sources: new Map(),
    historyAt: historyDue ? at : previous.historyAt,
  };
  await Promise.all(
    [...byPrometheus(config, all)].map(async ([source, places]) => {
      const [current, history] = await Promise.all([
        readNow(source, places, previous, signal),
        historyDue ? readHistory(source, places, previous, signal) : null,
      ]);
      result.sources.set(source.id, current.source);
      for (const [key, figures] of current.places) {
        const errorHistory = history?.get(key) ?? previous?.places.get(key)?.errorHistory;
        result.places.set(key, { ...figures, errorHistory: errorHistory ?? unserved().errorHistory });
      }
    }),
  );
  return result;
}

/** Figures of an environment, refreshed once per scrape while somebody reads them. */
export function environmentFigures(config: Config, environment: string): Poll<EnvironmentFigures> {
  globalThis.signalboxFigures ??= new Map();
  const polls = globalThis.signalboxFigures;
  const known = polls.get(environment);
  if (known !== undefined) return known;
  const scrape = Math.min(...config.sources.prometheus.map(({ scrapeInterval }) => scrapeInterval));
  const poll = new Poll<EnvironmentFigures>({
    name: `figures of ${environment}`,
    intervalMs: Math.max(2, scrape) * 1000,
    read: (previous, signal) => readFigures(config, environment, previous, signal),
  });
  polls.set(environment, poll);
  return poll;
}
