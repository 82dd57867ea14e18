import 'server-only';
import type { Config } from '@/lib/config/schema';
import { type Slo, windowSeconds } from '@/lib/config/slo';
import type { PrometheusSource } from '@/lib/config/sources';
import { messageOf } from '@/lib/core/errors';
import { prometheusFor } from '@/lib/service/placements';
import { definitionHash, environmentsOf, type IndicatorQueries, indicatorOf } from '../define/indicator';

/** What is to be recorded: one objective in one environment. */
export type Planned = {
  slo: string;
  environment: string;
  hash: string;
  /** The objective as it is configured, kept with its buckets. */
  definition: Slo;
  windowSeconds: number;
  sources: PrometheusSource[];
  indicator: IndicatorQueries;
  histogram: boolean;
};
/** An objective that cannot be recorded, in words. */
export type Unplanned = { slo: string; environment: string; message: string };

/** Everything that a configuration asks to be recorded. */
export function planOf(config: Config): { planned: Planned[]; unplanned: Unplanned[] } {
  const planned: Planned[] = [];
  const unplanned: Unplanned[] = [];
  for (const slo of config.slos) {
    const service = config.services.find(({ id }) => id === slo.service);
    if (service === undefined) continue;
    for (const environment of environmentsOf(service, slo)) {
      const regions = (service.placements[environment] ?? []).map(({ region }) => region);
      const sources = regions.flatMap((region) => prometheusFor(config, environment, region) ?? []);
      try {
        planned.push({
          slo: slo.id,
          environment,
          hash: definitionHash(service, slo, environment),
          definition: slo,
          windowSeconds: windowSeconds(slo),
          sources: [...new Set(sources)],
          indicator: indicatorOf(service, slo, environment),
          histogram: slo.indicator !== 'availability' && slo.indicator.kind === 'latency',
        });
      } catch (error) {
        unplanned.push({ slo: slo.id, environment, message: messageOf(error) });
      }
    }
  }
  return { planned, unplanned };
}
