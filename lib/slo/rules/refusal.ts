import { type Slo, timeSlices } from '@/lib/config/slo';
import type { PrometheusSource } from '@/lib/config/sources';
import { formatDuration } from '@/lib/core/duration';
import { prometheusFor } from '@/lib/service/placements';
import { nativeRefusal } from '../define/check-native';
import { groupLabels, type IndicatorQueries } from '../define/indicator';
import type { ObjectiveAsk } from './rule';

/** Labels that the rules give to records and alerts: a group of that name would be overwritten. */
const ownLabels = ['slo', 'service', 'environment', 'severity', 'pair', 'window', 'alertname', 'alertstate'];

export type Served = { regions: string[]; sources: PrometheusSource[] };

/** The regions of the environment whose Prometheus is asked for, and the servers of all of them. */
export function servedRegions({ config, service, environment, source }: ObjectiveAsk): Served {
  const placed = [...new Set((service.placements[environment] ?? []).map(({ region }) => region))];
  const served = placed.flatMap((region) => {
    const found = prometheusFor(config, environment, region);
    return found === undefined || (source !== null && found.id !== source) ? [] : [{ region, found }];
  });
  return {
    regions: served.map(({ region }) => region),
    sources: [...new Set(served.map(({ found }) => found))],
  };
}

/** Why an objective cannot be rules for this server; null when it can. */
export function refusalOf(
  { slo, service, environment, server, source }: ObjectiveAsk,
  indicator: IndicatorQueries,
  { sources }: Served,
): string | null {
  if (sources.length === 0) {
    return source === null
      ? `no Prometheus of the configuration answers for ${service.id} in ${environment}.`
      : `the Prometheus ${source} answers for none of its regions.`;
  }
  const own = groupLabels(service, slo).find((label) => ownLabels.includes(label));
  if (own !== undefined) {
    return `it is grouped by ${own}, a label that the rules themselves set; rename it when scraping, or group by another.`;
  }
  if (indicator.kind === 'native') {
    const refusal = nativeRefusal(server);
    if (refusal !== null) {
      return `it counts a native histogram. ${refusal} Say --enable-feature native-histograms here too if it does, or --prometheus with the version that runs.`;
    }
  }
  return intervalRefusal(slo, indicator, Math.max(...sources.map(({ scrapeInterval }) => scrapeInterval)));
}

/** An increase needs two samples in its span, a slice of a probe one. */
function intervalRefusal(slo: Slo, indicator: IndicatorQueries, scrapeSeconds: number): string | null {
  const slices = timeSlices(slo);
  const needed = indicator.kind === 'probe' ? indicator.sliceSeconds : (slices?.seconds ?? 300) / 2;
  if (scrapeSeconds <= needed) return null;
  const what = indicator.kind === 'probe' ? 'slice of' : 'count over';
  const seconds = slices?.seconds ?? 300;
  return `a ${what} ${formatDuration(seconds)} needs a scrape every ${formatDuration(needed)} or more often, and scrapeInterval says ${formatDuration(scrapeSeconds)}.`;
}

/** What the console takes into account and the rules cannot. */
export function limitNotes({ slo }: ObjectiveAsk, { sources }: Served): string[] {
  const takesOut = [
    ...(slo.maintenance === 'excluded' ? ['planned maintenance'] : []),
    ...(slo.exclusions.length > 0 ? ['its exclusions'] : []),
  ];
  const servers = sources.map(({ id }) => id);
  return [
    ...(takesOut.length > 0
      ? [`Prometheus does not know ${takesOut.join(' and ')}: silence the alerts for that time.`]
      : []),
    ...(servers.length > 1
      ? [
          `Its series are in ${servers.length} servers (${servers.join(', ')}), and each can judge only what it holds: print the rules of each with --source.`,
        ]
      : []),
  ];
}
