import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Service } from '@/lib/config/service';
import type { Slo } from '@/lib/config/slo';
import type { PrometheusSource } from '@/lib/config/sources';
import { formatDuration } from '@/lib/core/duration';
import { missing, stale } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { prometheusFor, serviceOf } from '@/lib/service/placements';
import { prometheusName, queryInstant } from '@/lib/sources/prometheus/client';
import { difference, type Expr, increase, largest } from '@/lib/sources/prometheus/queries';
import { toSourceError } from '@/lib/sources/source-error';
import { indicatorOf } from '../define/indicator';
import { requireGroup } from '../page/known';
import { snapSpan } from './bounds';
import { failedByLabel, mostSeries } from './by-label';
import type { SpanLabels } from './contract';
import type { SpanAsk } from './view';

/** Raw samples of more than a day would have to be read for a few shares. */
const longestAsked = 86_400;

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The failures of each series in a span, or why they cannot be told from its counters. */
function failuresOf(
  service: Service,
  slo: Slo,
  environment: string,
  seconds: number,
): { query: Expr } | { problem: string } {
  if (seconds > longestAsked) {
    return {
      problem: `Labels are told for spans of up to ${formatDuration(longestAsked)}, since Prometheus has to read every sample; choose a shorter one.`,
    };
  }
  const asked = indicatorOf(service, slo, environment);
  if (asked.kind === 'native') {
    return { problem: 'A native histogram has its failures within its buckets, not in series of their own.' };
  }
  if (asked.kind === 'probe') {
    return { problem: 'A probe says whether a slice of time was healthy; it has no failures with labels.' };
  }
  const [total, other] = asked.counted;
  const counted = increase(other.selector, seconds);
  const failed =
    other.role === 'bad' ? counted : difference(increase(total.selector, seconds), counted, ['le']);
  return { query: largest(mostSeries, failed) };
}

/** Labels that say nothing: the query asks for one value of each. */
const fixedLabels = (service: Service, slo: Slo): string[] =>
  slo.scope === 'written'
    ? []
    : [service.metrics.labels.environment, ...service.metrics.selector.map(({ label }) => label)];

function sourcesOf(config: Config, service: Service, environment: string): PrometheusSource[] {
  const places = service.placements[environment] ?? [];
  return [...new Set(places.flatMap(({ region }) => prometheusFor(config, environment, region) ?? []))];
}

/**
 * Which labels the failures of a span have: one query of each Prometheus of the service, bounded in time and series. A
 * Prometheus that does not answer is in the reading. Throws OpsError as `spanView` does.
 */
export async function spanLabels(config: Config, ask: SpanAsk, signal?: AbortSignal): Promise<SpanLabels> {
  const { slo, environment, labels } = await requireGroup(config, ask);
  const service = serviceOf(config, slo.service);
  const asked = { from: Date.parse(ask.from) / 1000, to: Date.parse(ask.to) / 1000 };
  const at = now();
  const span = snapSpan(asked, {
    now: at.getTime() / 1000,
    hoursKeptSeconds: config.retention.sloHours,
  });
  const bounds = { from: iso(span.from), to: iso(span.to) };
  const failures = failuresOf(service, slo, environment, span.to - span.from);
  if ('problem' in failures) {
    return { ...bounds, query: null, failed: missing('no-series', failures.problem) };
  }
  const { query } = failures;
  const sources = sourcesOf(config, service, environment);
  if (sources.length === 0) {
    const none = missing('not-configured', 'No Prometheus is configured where this service runs.');
    return { ...bounds, query: query.text, failed: none };
  }
  const answers = await Promise.all(
    sources.map(async (source) => {
      try {
        return await queryInstant(source, query, { at: new Date(span.to * 1000), signal });
      } catch (error) {
        return { error: toSourceError(error, prometheusName(source)) };
      }
    }),
  );
  const all = answers.flatMap((answer) => ('series' in answer ? answer.series : []));
  const ofGroup = Object.entries(labels);
  const series = all.filter((one) => ofGroup.every(([label, value]) => (one.labels[label] ?? '') === value));
  const broken = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []));
  const [first] = broken;
  const hidden = [...fixedLabels(service, slo), ...Object.keys(labels)];
  const value = { ...failedByLabel(series, hidden), isCut: all.length >= mostSeries };
  if (first !== undefined) {
    return {
      ...bounds,
      query: query.text,
      failed:
        broken.length === answers.length
          ? missing(first.reason, first.message)
          : stale(value, at.toISOString(), first.reason, first.message),
    };
  }
  return {
    ...bounds,
    query: query.text,
    failed: { state: 'fresh', value, observedAt: at.toISOString() },
  };
}
