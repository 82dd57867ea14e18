import { createHash } from 'node:crypto';
import { withClientErrors } from '@/lib/config/client-errors';
import type { Matcher, Series, Service } from '@/lib/config/service';
import { type Slo, timeSlices } from '@/lib/config/slo';
import { OpsError } from '@/lib/core/errors';
import { equals, type Selector, selector } from '@/lib/sources/prometheus/queries';
import { boundPattern, boundSeconds } from './bound';
import { canonical } from './canonical';

/** Counters whose increase is the events. */
export type Counted = { role: 'total' | 'good' | 'bad'; selector: Selector };
export type Healthy = { op: '>=' | '<=' | '>' | '<' | '=='; value: number };

/** What Prometheus is asked about an objective in one environment; `groupBy` is empty for one figure. */
export type IndicatorQueries =
  /** `total` and exactly one of `good` and `bad`, in this order. */
  | { kind: 'counters'; counted: [Counted & { role: 'total' }, Counted]; groupBy: string[] }
  /** Observations of a native histogram; good are those of at most `below` seconds, interpolated. */
  | { kind: 'native'; histogram: Selector; below: number; groupBy: string[] }
  /** A gauge, judged in slices of `sliceSeconds`. */
  | { kind: 'probe'; selector: Selector; healthy: Healthy; sliceSeconds: 60 | 300; groupBy: string[] };

type Chosen =
  | { kind: 'counters'; total: Series; other: { role: 'good' | 'bad'; series: Series } }
  | { kind: 'native'; histogram: Series; below: number }
  | { kind: 'probe'; gauge: Series; healthy: Healthy; sliceSeconds: 60 | 300 };

const withBound = (series: Series, op: '=' | '=~', value: string): Series => ({
  ...series,
  matchers: [...series.matchers, { label: 'le', op, value }],
});

/** The series of an objective as they are written, before the service and the environment are added. */
function chosen(service: Service, slo: Slo): Chosen {
  const { indicator } = slo;
  const { requests, latency } = service.metrics;
  if (indicator === 'availability') {
    const failed = withClientErrors(requests, slo.clientErrors);
    if (failed.ok)
      return { kind: 'counters', total: requests.total, other: { role: 'bad', series: failed.series } };
    throw new OpsError('invalid', `The objective ${slo.id} cannot be counted: ${failed.problem}`);
  }
  switch (indicator.kind) {
    case 'events': {
      const { total, good, bad } = indicator;
      if (bad !== undefined) return { kind: 'counters', total, other: { role: 'bad', series: bad } };
      if (good !== undefined) return { kind: 'counters', total, other: { role: 'good', series: good } };
      throw new OpsError('invalid', `The objective ${slo.id} has neither good nor bad events.`);
    }
    case 'latency': {
      const buckets = indicator.buckets ?? latency?.buckets;
      if (buckets === undefined) {
        throw new OpsError(
          'invalid',
          `The objective ${slo.id} names no buckets, and ${service.id} has none.`,
        );
      }
      return {
        kind: 'counters',
        total: withBound(buckets, '=', '+Inf'),
        other: { role: 'good', series: withBound(buckets, '=~', boundPattern(indicator.below)) },
      };
    }
    case 'latency-native':
      return { kind: 'native', histogram: indicator.histogram, below: boundSeconds(indicator.below) };
    case 'probe':
      return {
        kind: 'probe',
        gauge: indicator.gauge,
        healthy: indicator.healthy,
        sliceSeconds: timeSlices(slo)?.seconds ?? 60,
      };
    default:
      return indicator satisfies never;
  }
}

function added(service: Service, slo: Slo, environment: string): Matcher[] {
  if (slo.scope === 'written') return [];
  return [...service.metrics.selector, equals(service.metrics.labels.environment, environment)];
}

/** Labels of the groups: those of the objective, else the region; a written selector has none by itself. */
export function groupLabels(service: Service, slo: Slo): string[] {
  if (slo.groupBy !== undefined) return [...new Set(slo.groupBy)];
  return slo.scope === 'written' ? [] : [service.metrics.labels.region];
}

/** What to ask for an objective. Throws OpsError `invalid` for a definition that the configuration refuses. */
export function indicatorOf(service: Service, slo: Slo, environment: string): IndicatorQueries {
  const what = chosen(service, slo);
  const groupBy = groupLabels(service, slo);
  const pick = (series: Series): Selector => selector(series, added(service, slo, environment));
  switch (what.kind) {
    case 'counters':
      return {
        kind: 'counters',
        counted: [
          { role: 'total', selector: pick(what.total) },
          { role: what.other.role, selector: pick(what.other.series) },
        ],
        groupBy,
      };
    case 'native':
      return { kind: 'native', histogram: pick(what.histogram), below: what.below, groupBy };
    case 'probe':
      return {
        kind: 'probe',
        selector: pick(what.gauge),
        healthy: what.healthy,
        sliceSeconds: what.sliceSeconds,
        groupBy,
      };
    default:
      return what satisfies never;
  }
}

/** Matchers are all of them true at once, so their order and repetition say nothing. */
const sorted = (series: Series, more: readonly Matcher[]) => ({
  metric: series.metric,
  matchers: [...new Set([...series.matchers, ...more].map(canonical))].sort(),
});

/**
 * SHA-256 (hex) over what decides the counts of an objective in an environment: its series, groups, bound or
 * threshold. Name, target, window and the order of matchers do not: buckets stay good when those change.
 */
export function definitionHash(service: Service, slo: Slo, environment: string): string {
  const what = chosen(service, slo);
  const more = added(service, slo, environment);
  const groupBy = [...groupLabels(service, slo)].sort();
  const parts =
    what.kind === 'counters'
      ? { total: sorted(what.total, more), role: what.other.role, other: sorted(what.other.series, more) }
      : what.kind === 'native'
        ? { histogram: sorted(what.histogram, more), below: what.below }
        : { gauge: sorted(what.gauge, more), healthy: what.healthy, sliceSeconds: what.sliceSeconds };
  return createHash('sha256')
    .update(canonical({ kind: what.kind, groupBy, ...parts }))
    .digest('hex');
}

/** The environments in which an objective holds: its own list, else wherever its service runs. */
export const environmentsOf = (service: Service, slo: Slo): string[] =>
  Object.keys(service.placements).filter((name) => slo.environments?.includes(name) ?? true);
