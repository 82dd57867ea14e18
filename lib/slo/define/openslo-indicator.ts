import { Indicator } from '@/lib/config/slo';
import { queriesDigest } from './openslo-export';
import { type Part, refused, taken } from './openslo-part';
import { annotation, type Metric, type OpenObjective, type SliSpec } from './openslo-schema';
import { type ReadSelector, readSelector } from './promql-selector';

/** Types of the DataSource documents beside an SLO, by their names. */
export type SourceTypes = ReadonlyMap<string, string>;

const operators = { gte: '>=', lte: '<=', gt: '>', lt: '<' } as const;

/**
 * The indicator of an SLI: what the annotations keep, as long as the queries are still those that were exported;
 * else the queries, as series that stand as they are written.
 */
export function indicatorForm(
  sli: SliSpec,
  objective: OpenObjective,
  annotations: Record<string, string>,
  sources: SourceTypes,
): Part {
  const { op, value } = objective;
  const threshold = { ...(op === undefined ? {} : { op }), ...(value === undefined ? {} : { value }) };
  const kept = annotations[annotation.indicator];
  if (kept === undefined) return fromQueries(sli, objective, sources);
  if (annotations[annotation.queries] === queriesDigest([sli, threshold])) {
    return fromAnnotations(kept, annotations);
  }
  const read = fromQueries(sli, objective, sources);
  const changed = 'its queries were changed after the export: the series are taken as written in them.';
  return read.ok ? taken(read.form, [...read.notes, changed]) : read;
}

function fromAnnotations(kept: string, annotations: Record<string, string>): Part {
  try {
    const indicator = Indicator.parse(JSON.parse(kept));
    const errors = annotations[annotation.clientErrors];
    const scope = annotations[annotation.scope] === 'written' ? 'written' : 'service';
    const clientErrors: unknown = errors === undefined ? [] : JSON.parse(errors);
    if (!Array.isArray(clientErrors)) return refused(`its annotation ${annotation.clientErrors} is no list.`);
    return taken({ indicator, scope, clientErrors: clientErrors.map(String) });
  } catch {
    return refused(`its annotation ${annotation.indicator} cannot be read.`);
  }
}

/** A query without a sum says nothing about groups; series that stand as written have none by default. */
const grouped = (groupBy: string[] | null): { groupBy?: string[] } => (groupBy === null ? {} : { groupBy });

function fromQueries(sli: SliSpec, { op, value }: OpenObjective, sources: SourceTypes): Part {
  const { ratioMetric, thresholdMetric } = sli;
  if ((ratioMetric === undefined) === (thresholdMetric === undefined)) {
    return refused('the indicator needs exactly one of ratioMetric and thresholdMetric.');
  }
  if (ratioMetric !== undefined) return fromRatio(ratioMetric, sources);
  const gauge = readMetric(thresholdMetric, sources);
  if (typeof gauge === 'string') return refused(`thresholdMetric: ${gauge}`);
  if (op === undefined || value === undefined)
    return refused('objectives: a thresholdMetric needs op and value.');
  return taken({
    scope: 'written',
    ...grouped(gauge.groupBy),
    indicator: { kind: 'probe', gauge: gauge.series, healthy: { op: operators[op], value } },
  });
}

function fromRatio(
  { counter, good, bad, total, raw }: NonNullable<SliSpec['ratioMetric']>,
  sources: SourceTypes,
): Part {
  if (raw !== undefined)
    return refused('ratioMetric.raw: a ratio that is already computed has no counts to keep.');
  if (counter === false) return refused('ratioMetric.counter: false; only counters can be counted.');
  if (total === undefined) return refused('ratioMetric.total: is missing.');
  if ((good === undefined) === (bad === undefined))
    return refused('ratioMetric: exactly one of good and bad is needed.');
  const all = readMetric(total, sources);
  if (typeof all === 'string') return refused(`ratioMetric.total: ${all}`);
  const side = good === undefined ? 'bad' : 'good';
  const part = readMetric(good ?? bad, sources);
  if (typeof part === 'string') return refused(`ratioMetric.${side}: ${part}`);
  if ((part.groupBy ?? []).join() !== (all.groupBy ?? []).join()) {
    return refused(`ratioMetric.${side} is summed by other labels than ratioMetric.total.`);
  }
  const series = side === 'good' ? { good: part.series } : { bad: part.series };
  return taken({
    scope: 'written',
    ...grouped(all.groupBy),
    indicator: { kind: 'events', total: all.series, ...series },
  });
}

/** The series of a metric source of Prometheus; a sentence when it cannot be taken over. */
function readMetric(metric: Metric | undefined, sources: SourceTypes): ReadSelector | string {
  if (metric === undefined) return 'is missing.';
  const { metricSourceRef, spec = {} } = metric.metricSource;
  const type = metric.metricSource.type ?? sources.get(metricSourceRef ?? '');
  if (type !== undefined && type.toLowerCase() !== 'prometheus') {
    return `the metric source is ${type}; only Prometheus is read.`;
  }
  const query = [spec['query'], spec['promql'], spec['expr']].find((value) => typeof value === 'string');
  if (typeof query !== 'string') {
    const from = metricSourceRef === undefined ? '' : ` of ${metricSourceRef}`;
    return `the metric source${from} has no query.`;
  }
  const read = readSelector(query);
  if (read === null) return `the query ${query} is more than a selector, or one in rate and sum.`;
  return read;
}
