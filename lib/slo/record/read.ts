import 'server-only';
import { type Matrix, queryInstant, queryRange, queryRaw } from '@/lib/sources/prometheus/client';
import {
  addLabel,
  either,
  extremeBy,
  histogramBelow,
  histogramCount,
  increase,
  lastCountOver,
  lastOver,
  overTime,
  type Selector,
  sumBy,
  vector,
} from '@/lib/sources/prometheus/queries';
import type { Counted, IndicatorQueries } from '../define/indicator';
import type { Counts } from '../model';
import type { Answer, Asked, Counters, One } from './asked';
import { addSeries, type Before, countSeries, needsBefore, type Span, staleAfter } from './count';
import { estimate, estimateCounters, figureLabel } from './estimate';
import { addGroups, GroupCounter, type GroupCounts, keyOfLabels, seriesKey, withoutName } from './groups';
import { isHealthy, sliceSamples } from './slices';
import { partOf, seriesIn } from './subset';

/** How far back a series is looked for that seems to be born. */
const pastSeconds = 86_400;

/** Sizes in which an indicator is counted: minutes too where they mean something. */
export const finestSize = (indicator: IndicatorQueries): 60 | 300 =>
  indicator.kind === 'native' || (indicator.kind === 'probe' && indicator.sliceSeconds === 300) ? 300 : 60;

async function everywhere(asked: Asked, read: (one: One) => Promise<Answer>): Promise<Answer> {
  const answers = await Promise.all(asked.sources.map((source) => read({ ...asked, source })));
  return {
    groups: addGroups(answers.map(({ groups }) => groups)),
    empty: answers.every(({ empty }) => empty),
    warnings: answers.flatMap(({ warnings }) => warnings),
    samples: Math.max(0, ...answers.map(({ samples }) => samples)),
  };
}

/** Counts (from, to] from raw samples. Throws SourceError; AnswerTooLarge asks for a shorter span. */
export function readCounted(asked: Asked, span: { from: number; to: number }): Promise<Answer> {
  const { indicator } = asked;
  switch (indicator.kind) {
    case 'counters':
      return everywhere(asked, (one) => countCounters(one, indicator, { ...span, size: 60 }));
    case 'probe':
      return everywhere(asked, (one) =>
        countProbe(one, indicator, { ...span, size: indicator.sliceSeconds }),
      );
    case 'native': {
      // A native histogram has no samples that are numbers: whole 5-minute buckets by increase().
      const to = Math.floor(span.to / 300) * 300;
      return to <= span.from
        ? Promise.resolve({ groups: new Map(), empty: false, warnings: [], samples: 0 })
        : readEstimated(asked, { ...span, to });
    }
    default:
      return indicator satisfies never;
  }
}

type Probe = Extract<IndicatorQueries, { kind: 'probe' }>;

async function countCounters(one: One, indicator: Counters, span: Span): Promise<Answer> {
  const [total, other] = indicator.counted;
  const isPart = partOf(total.selector, other.selector);
  const [all, asked] = await Promise.all([
    countRole(one, total, span),
    isPart === null ? countRole(one, other, span) : null,
  ]);
  const within = isPart === null ? null : seriesIn(all.series, isPart);
  // A part of the same series need not be read twice.
  const part = asked ?? (within && { ...all, series: within }) ?? (await countRole(one, other, span));
  const counter = new GroupCounter(indicator.groupBy);
  for (const { labels, counts } of all.series) addSeries(counter.role(labels, 'total'), counts);
  for (const { labels, counts } of part.series) addSeries(counter.role(labels, 'other'), counts);
  const role = other.role === 'good' ? 'good' : 'bad';
  return {
    groups: counter.join(role, one.histogram),
    empty: all.series.length === 0,
    warnings: [...new Set([...all.warnings, ...part.warnings])],
    samples: Math.max(all.samples, part.samples),
  };
}

async function countRole(one: One, { selector }: Counted, span: Span) {
  const { source, signal } = one;
  const read = await queryRaw(source, selector, { from: span.from - staleAfter, to: span.to, signal });
  const before = await pastOf(one, selector, read, span.from);
  return {
    series: read.series.map(({ labels, points }) => ({
      labels,
      counts: countSeries(points, span, before(labels)),
    })),
    warnings: read.warnings,
    samples: read.series.reduce((sum, { points }) => sum + points.length, 0),
  };
}

/**
 * What came before the series that begin within the span: born, or merely back after a gap. A series that is there
 * from the moment on in which the server itself began to scrape was not born then.
 */
async function pastOf(
  { source, signal }: One,
  selector: Selector,
  read: Matrix,
  from: number,
): Promise<(labels: Record<string, string>) => Before> {
  const candidates = read.series.filter(({ points }) => needsBefore(points, from));
  if (candidates.length === 0) return () => 'unknown';
  const at = new Date((from - staleAfter) * 1000);
  const past = await queryInstant(source, lastOver(selector, pastSeconds), { at, signal });
  const values = new Map<string, Before>(past.series.map(({ labels, value }) => [seriesKey(labels), value]));
  if (
    [...values.values()].some((value) => typeof value === 'number' && !(value >= 0 && Number.isFinite(value)))
  ) {
    const found = await queryInstant(source, lastCountOver(selector, pastSeconds, source.scrapeInterval), {
      at,
      signal,
    });
    for (const key of values.keys()) values.set(key, 'unknown');
    for (const { labels, value } of past.series) {
      if (value >= 0 && Number.isFinite(value)) values.set(seriesKey(labels), value);
    }
    for (const { labels, value } of found.series) values.set(seriesKey(labels), value);
  }
  const unborn: Before =
    past.series.length === 0 && (await beganToScrape(source, read, signal)) ? 'unknown' : 'born';
  const firstAt = Math.min(...candidates.map(({ points }) => points[0]?.[0] ?? Number.POSITIVE_INFINITY));
  const first = new Map(candidates.map(({ labels, points }) => [seriesKey(labels), points[0]?.[0] ?? 0]));
  return (labels) => {
    const key = seriesKey(labels);
    // Whether a function keeps the name of the metric depends on the version of the server.
    const known = values.get(key) ?? values.get(seriesKey(withoutName(labels)));
    if (known !== undefined) return known;
    return (first.get(key) ?? 0) <= firstAt + source.scrapeInterval * 2 ? unborn : 'born';
  };
}

/** True when `up` is there with the first samples and was not before them: the server is new, not the series. */
async function beganToScrape(source: One['source'], read: Matrix, signal: AbortSignal): Promise<boolean> {
  const first = Math.min(...read.series.map(({ points }) => points[0]?.[0] ?? Number.POSITIVE_INFINITY));
  const count = sumBy([], vector({ kind: 'selector', text: 'up' }));
  const ask = (at: number) => queryInstant(source, count, { at: new Date(at * 1000), signal });
  const then = await ask(first + source.scrapeInterval);
  if (then.series.length === 0) return false;
  return (await ask(first - staleAfter)).series.length === 0;
}

async function countProbe(one: One, indicator: Probe, span: Span): Promise<Answer> {
  const { source, signal } = one;
  const read = await queryRaw(source, indicator.selector, { from: span.from, to: span.to, signal });
  const counter = new GroupCounter(indicator.groupBy);
  const byGroup = new Map<string, { labels: Record<string, string>; all: Matrix['series'] }>();
  for (const series of read.series) {
    const labels = counter.labelsOf(series.labels);
    const key = keyOfLabels(labels);
    byGroup.set(key, { labels, all: [...(byGroup.get(key)?.all ?? []), series] });
  }
  const groups: GroupCounts = new Map();
  for (const [key, { labels, all }] of byGroup) {
    const buckets = sliceSamples(
      all.map(({ points }) => points),
      span,
      indicator.healthy,
    );
    groups.set(key, { labels, buckets });
  }
  const samples = read.series.reduce((sum, { points }) => sum + points.length, 0);
  return { groups, empty: read.series.length === 0, warnings: read.warnings, samples };
}

/**
 * Counts (from, to] by increase() over 5 minutes, for days whose samples are too many to be read: extrapolated, and
 * without the first value of a series that was born. Probes are read as the least and greatest value of each slice.
 */
export function readEstimated(asked: Asked, span: { from: number; to: number }): Promise<Answer> {
  const { indicator } = asked;
  switch (indicator.kind) {
    case 'counters':
      return everywhere(asked, (one) => estimateCounters(one, indicator, span));
    case 'native': {
      const all = sumBy(indicator.groupBy, increase(indicator.histogram, 300));
      const figures = {
        total: histogramCount(all),
        other: histogramBelow(indicator.below, all),
        role: 'good',
      } as const;
      return everywhere(asked, (one) => estimate(one, indicator.groupBy, figures, span));
    }
    case 'probe':
      return everywhere(asked, (one) => estimateProbe(one, indicator, span));
    default:
      return indicator satisfies never;
  }
}

async function estimateProbe(
  one: One,
  { selector, healthy, sliceSeconds, groupBy }: Probe,
  { from, to }: { from: number; to: number },
): Promise<Answer> {
  const worst = (by: 'min' | 'max') => extremeBy(by, groupBy, overTime(by, selector, sliceSeconds));
  const both = either([
    addLabel(worst('min'), figureLabel, 'min'),
    addLabel(worst('max'), figureLabel, 'max'),
  ]);
  const range = { from: from + sliceSeconds, to, step: sliceSeconds, signal: one.signal };
  const { series, warnings } = await queryRange(one.source, both, range);
  const counter = new GroupCounter(groupBy);
  const groups: GroupCounts = new Map();
  for (const { labels, points } of series) {
    const own = counter.labelsOf(labels);
    const key = keyOfLabels(own);
    const group = groups.get(key) ?? { labels: own, buckets: new Map<number, Counts>() };
    groups.set(key, group);
    for (const [at, value] of points) {
      if (!Number.isFinite(value)) continue;
      const bad = isHealthy(value, healthy) ? (group.buckets.get(at)?.bad ?? 0) : 1;
      group.buckets.set(at, { good: 1 - bad, bad, total: 1 });
    }
  }
  const samples = series.reduce((sum, { points }) => sum + points.length, 0);
  return { groups, empty: series.length === 0, warnings, samples };
}
