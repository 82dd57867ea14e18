import type { Selector } from '@/lib/sources/prometheus/queries';
import { groupLabels, type IndicatorQueries } from '../define/indicator';
import { anyAbsent, narrowed } from './promql';
import type { ObjectiveAsk } from './rule';

/** What tells that series are gone: the labels of the groups that are missed, and the series in words. */
export type Absent = { expr: string; groupBy: string[]; what: string };

/** Series that must be there. Where groups are regions, those of the placements are known, and each is missed. */
export function absentOf(
  { service, slo }: ObjectiveAsk,
  indicator: IndicatorQueries,
  histogram: boolean,
  regions: readonly string[],
): Absent {
  const of = neededSeries(indicator, histogram);
  const { region } = service.metrics.labels;
  const what = of.map(({ text }) => text).join(' or of ');
  const perRegion = slo.scope === 'service' && groupLabels(service, slo).includes(region);
  if (!perRegion) return { expr: anyAbsent([], of).text, groupBy: [], what };
  const all = of.flatMap((one) => regions.map((name) => narrowed(one, region, name)));
  return { expr: anyAbsent([region], all).text, groupBy: [region], what };
}

/** Good or bad events may have no series yet; the buckets of a histogram are there whenever its total is. */
function neededSeries(indicator: IndicatorQueries, histogram: boolean): Selector[] {
  if (indicator.kind === 'native') return [indicator.histogram];
  if (indicator.kind === 'probe') return [indicator.selector];
  const [total, other] = indicator.counted;
  return histogram ? [total.selector, other.selector] : [total.selector];
}
