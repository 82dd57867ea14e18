import 'server-only';
import { isAbout } from '@/lib/change/row';
import type { Config } from '@/lib/config/schema';
import type { Metrics } from '@/lib/config/service';
import type { PrometheusSource } from '@/lib/config/sources';
import { mapReading, missing, type Reading, readingValue } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import type { MatrixSeries } from '@/lib/sources/prometheus/client';
import {
  aggregate,
  type Expr,
  quantile,
  rate,
  ratio,
  type Selector,
  sumBy,
  vector,
} from '@/lib/sources/prometheus/queries';
import { readRange } from '@/lib/sources/prometheus/range-cache';
import { changesPoll } from './changes';
import { type Grid, gridOf, onGrid } from './chart-grid';
import type { Chart, Range, ServiceCharts } from './contract';
import { rateWindow } from './figures';
import { type Located, locate, prometheusFor } from './placements';
import { requests, serviceSelector } from './series';
import { gaugeThresholds, levelLines } from './thresholds';

/** Older samples may be thinner than today's scrapes: a rate must still span two of them, a minute apart. */
const longScrape = 60;

type Series = Chart['series'];
type Gauge = Metrics['gauges'][number];
type Context = { place: Located; where: { environment: string; region: string }; grid: Grid; window: number };
type Plan = {
  id: string;
  title: string;
  unit: Chart['unit'];
  thresholds: Chart['thresholds'];
  expr: Expr;
  /** The parts that are asked; the chart's own expression is what a person would type. */
  parts: Expr[];
  lines: (parts: MatrixSeries[][]) => { name: string; version: string | null; points: [number, number][] }[];
};

const versionOf = (series: MatrixSeries, label: string): string => series.labels[label] || 'unknown';

function byVersion(label: string, series: readonly MatrixSeries[] | undefined) {
  return (series ?? [])
    .map((one) => ({ name: versionOf(one, label), version: versionOf(one, label), points: one.points }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Failed over all per version. A version without any failure has no failed series: that is 0, not nothing. */
function errorLines(label: string, [total, failed]: MatrixSeries[][]) {
  const bad = new Map((failed ?? []).map((one) => [versionOf(one, label), new Map(one.points)]));
  return byVersion(label, total).map((line) => ({
    ...line,
    points: line.points.flatMap(([at, all]): [number, number][] =>
      all > 0 ? [[at, Math.min(1, (bad.get(line.name)?.get(at) ?? 0) / all)]] : [],
    ),
  }));
}

function requestPlans({ place: { service }, where, window }: Context): Plan[] {
  const { labels, latency } = service.metrics;
  const total = sumBy([labels.version], rate(requests(service, 'total', where), window));
  const failed = sumBy([labels.version], rate(requests(service, 'failed', where), window));
  const plans: Plan[] = [
    {
      id: 'requests',
      title: 'Requests by version',
      unit: 'per-second',
      thresholds: [],
      expr: total,
      parts: [total],
      lines: ([series]) => byVersion(labels.version, series),
    },
    {
      id: 'errors',
      title: 'Error share by version',
      unit: 'ratio',
      thresholds: levelLines(service, 'error-rate', where.environment),
      expr: ratio(failed, total),
      parts: [total, failed],
      lines: (parts) => errorLines(labels.version, parts),
    },
  ];
  if (latency === undefined) return plans;
  const p95 = quantile(0.95, serviceSelector(service, latency.buckets, where), window, [labels.version]);
  return [
    ...plans,
    {
      id: 'latency-p95',
      title: 'Latency p95 by version',
      unit: 'seconds',
      thresholds: levelLines(service, 'latency-p95', where.environment),
      expr: p95,
      parts: [p95],
      lines: ([series]) => byVersion(labels.version, series),
    },
  ];
}

/** Counts and bytes add up over pods; ages and shares do not. */
function gaugeValue(gauge: Gauge, of: Selector, window: number): Expr {
  if (gauge.kind === 'counter') return sumBy([], rate(of, window));
  if (gauge.limit === undefined && gauge.unit === 'seconds') return aggregate('max', vector(of));
  if (gauge.limit === undefined && gauge.unit === 'ratio') return aggregate('avg', vector(of));
  return sumBy([], vector(of));
}

function gaugePlan(gauge: Gauge, { place: { service }, where, window }: Context): Plan {
  const used = gaugeValue(gauge, serviceSelector(service, gauge.used, where), window);
  // The two sides carry different labels, so each is summed before the division.
  const expr =
    gauge.limit === undefined
      ? used
      : ratio(used, sumBy([], vector(serviceSelector(service, gauge.limit, where))));
  const rated = gauge.kind === 'counter' && gauge.unit === 'count' && gauge.limit === undefined;
  const unit = gauge.limit !== undefined ? 'ratio' : rated ? 'per-second' : gauge.unit;
  return {
    id: gauge.id,
    title: gauge.name,
    unit,
    thresholds: gaugeThresholds(service, gauge.id, unit, where.environment),
    expr,
    parts: [expr],
    lines: ([series]) =>
      (series ?? []).map((one) => ({ name: gauge.name, version: null, points: one.points })),
  };
}

/** The worst of the parts decides the state; a chart without any series says which metric is silent. */
function combine(plan: Plan, parts: Reading<MatrixSeries[]>[], grid: Grid): Series {
  const broken =
    parts.find(({ state }) => state === 'missing') ?? parts.find(({ state }) => state === 'stale');
  const reading = broken ?? parts[0] ?? missing('not-configured');
  if (reading.state === 'missing') return reading;
  const lines = plan.lines(parts.map((part) => readingValue(part) ?? []));
  if (lines.length === 0) {
    return missing('no-series', `Prometheus has no samples for this chart in the chosen range.`);
  }
  return mapReading(reading, () => lines.map((line) => ({ ...line, points: onGrid(line.points, grid) })));
}

async function drawChart(source: PrometheusSource | undefined, plan: Plan, grid: Grid): Promise<Chart> {
  const { id, title, unit, thresholds, expr } = plan;
  const series =
    source === undefined
      ? missing('not-configured', 'No Prometheus serves this region.')
      : combine(plan, await Promise.all(plan.parts.map((part) => readRange(source, part, grid))), grid);
  return { id, title, unit, thresholds, query: expr.text, series };
}

export type ChartsAsk = {
  service: string;
  environment?: string | undefined;
  region?: string | undefined;
  range: Range;
};

/** The charts of a service in one region. Throws OpsError `not-found`; a dead Prometheus is in each chart. */
export async function serviceChartsView(config: Config, ask: ChartsAsk): Promise<ServiceCharts> {
  const place = locate(config, ask);
  const grid = gridOf(ask.range, Math.floor(now().getTime() / 1000));
  const { region } = place.placement;
  const source = prometheusFor(config, place.environment, region);
  const window = Math.max(grid.step, longScrape * 2.5, source === undefined ? 0 : rateWindow(source));
  const context = { place, where: { environment: place.environment, region }, grid, window };
  const plans = [
    ...requestPlans(context),
    ...place.service.metrics.gauges.map((gauge) => gaugePlan(gauge, context)),
  ];
  const changes = (await changesPoll(config).get(1000)) ?? [];
  return {
    from: new Date(grid.from * 1000).toISOString(),
    to: new Date(grid.to * 1000).toISOString(),
    stepSeconds: grid.step,
    charts: await Promise.all(plans.map((plan) => drawChart(source, plan, grid))),
    markers: changes.flatMap(({ row, change }) =>
      change.startedAt !== null &&
      isAbout(change, { service: place.service.id, environment: place.environment, region }) &&
      change.startedAt.getTime() >= grid.from * 1000
        ? [{ at: change.startedAt.toISOString(), label: `${row.id} ${row.toVersion}`, change: row.id }]
        : [],
    ),
  };
}
