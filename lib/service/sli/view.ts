import 'server-only';
import type { Config } from '@/lib/config/schema';
import { mapReading, missing } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { type Located, locate, prometheusFor } from '../placements';
import type { ServiceSlis } from './contract';
import { planAll } from './plan';
import { historySeconds, historyStep, rateSpan, type SliReadings, slisOfPlace } from './read';
import { sliRow } from './row';

export type SlisAsk = {
  service: string;
  environment?: string | undefined;
  region?: string | undefined;
};

/** How long the first page waits for the first figures. */
const firstWaitMs = 2000;

const unread = (): SliReadings => {
  const none = missing('too-late', 'Prometheus has not answered yet.');
  return { numbers: none, history: none, historyTo: 0, hours: none };
};

/** What alerts for this service here: its objectives. An indicator never does. */
const objectivesOf = (config: Config, { service, environment }: Located): ServiceSlis['objectives'] =>
  config.slos
    .filter((slo) => slo.service === service.id && (slo.environments?.includes(environment) ?? true))
    .map(({ id, name }) => ({ id, name }));

/** SLI-01 to SLI-09 of a service in one region. Throws OpsError `not-found`; a dead source is in each row. */
export async function serviceSlisView(config: Config, ask: SlisAsk): Promise<ServiceSlis> {
  const place = locate(config, ask);
  const { service, environment, placement } = place;
  const source = prometheusFor(config, environment, placement.region);
  const windowSeconds = source === undefined ? 300 : rateSpan(source);
  const readings = (await slisOfPlace(config, place).get(firstWaitMs)) ?? unread();
  const times = Array.from(
    { length: historySeconds / historyStep },
    (_, index) => readings.historyTo - historySeconds + (index + 1) * historyStep,
  );
  const input = {
    service,
    environment,
    region: placement.region,
    windowSeconds,
    nowSeconds: Math.floor(now().getTime() / 1000),
    readings,
    times,
  };
  return {
    service: service.id,
    environment,
    region: placement.region,
    source: mapReading(readings.numbers, () => windowSeconds),
    rows: planAll({ place, windowSeconds }).map((plan) => sliRow(plan, input)),
    objectives: objectivesOf(config, place),
  };
}
