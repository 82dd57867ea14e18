import type { Config } from '@/lib/config/schema';
import type { Placement, Service } from '@/lib/config/service';
import type { HttpSource, PrometheusSource } from '@/lib/config/sources';
import { OpsError } from '@/lib/core/errors';
import type { WatchedRouter } from '@/lib/sources/kubernetes/routers';
import { routerOf } from './pair';

/** A service where it runs. */
export type Located = { service: Service; environment: string; placement: Placement };

/** Every placement of an environment, in the order of the configuration. */
export function placementsIn(config: Config, environment: string): Located[] {
  return config.services.flatMap((service) =>
    (service.placements[environment] ?? []).map((placement) => ({ service, environment, placement })),
  );
}

/** The environment asked for, or the first one. Throws OpsError `not-found` for an unknown name. */
export function environmentOf(config: Config, asked: string | undefined): string {
  const known = config.environments.map(({ id }) => id);
  const id = asked ?? known[0];
  if (id !== undefined && known.includes(id)) return id;
  throw new OpsError('not-found', `There is no environment "${asked}".`, {
    next: `Choose one of: ${known.join(', ')}.`,
  });
}

/** Throws OpsError `not-found`. */
export function serviceOf(config: Config, id: string): Service {
  const service = config.services.find((one) => one.id === id);
  if (service !== undefined) return service;
  throw new OpsError('not-found', `There is no service "${id}".`, {
    next: 'Open the list of services to see their names.',
  });
}

/** One placement: the one asked for, or the service's first in the environment. Throws OpsError `not-found`. */
export function locate(
  config: Config,
  ask: { service: string; environment?: string | undefined; region?: string | undefined },
): Located {
  const service = serviceOf(config, ask.service);
  const environment = environmentOf(config, ask.environment ?? firstEnvironment(config, service));
  const placements = service.placements[environment] ?? [];
  const placement =
    ask.region === undefined ? placements[0] : placements.find(({ region }) => region === ask.region);
  if (placement !== undefined) return { service, environment, placement };
  const where = ask.region === undefined ? environment : `${environment}, ${ask.region}`;
  throw new OpsError('not-found', `${service.name} does not run in ${where}.`, {
    next: `It runs in: ${placesOf(service)
      .map((place) => `${place.environment}, ${place.region}`)
      .join('; ')}.`,
  });
}

const firstEnvironment = (config: Config, service: Service): string | undefined =>
  config.environments.find(({ id }) => service.placements[id] !== undefined)?.id;

/** All places of a service as environment and region. */
export const placesOf = (service: Service): { environment: string; region: string }[] =>
  Object.entries(service.placements).flatMap(([environment, placements]) =>
    placements.map(({ region }) => ({ environment, region })),
  );

export const regionName = (config: Config, id: string): string =>
  config.regions.find((region) => region.id === id)?.name ?? id;

/** True when a source answers for this environment and region; absent lists mean all. */
export const serves = (source: HttpSource, environment: string, region: string | null): boolean =>
  (source.environments?.includes(environment) ?? true) &&
  (region === null || (source.regions?.includes(region) ?? true));

/** The Prometheus of a place: the first that serves it. */
export const prometheusFor = (
  config: Config,
  environment: string,
  region: string,
): PrometheusSource | undefined =>
  config.sources.prometheus.find((source) => serves(source, environment, region));

/** The places each Prometheus answers for, so that one query per source covers them all. */
export function byPrometheus(config: Config, places: readonly Located[]): Map<PrometheusSource, Located[]> {
  const groups = new Map<PrometheusSource, Located[]>();
  for (const place of places) {
    const source = prometheusFor(config, place.environment, place.placement.region);
    if (source === undefined) continue;
    groups.set(source, [...(groups.get(source) ?? []), place]);
  }
  return groups;
}

export const placeKey = (service: string, region: string): string => `${service}/${region}`;
export const keyOf = ({ service, placement }: Located): string => placeKey(service.id, placement.region);

/** Namespaces per cluster that any service uses: what the watches cover. */
export function namespacesOf(config: Config, cluster: string): string[] {
  const all = config.services.flatMap((service) => Object.values(service.placements).flat());
  return [...new Set(all.filter((one) => one.cluster === cluster).map(({ namespace }) => namespace))];
}

/** Kinds of routers per namespace of a cluster that any pair names: watched besides the rest, and nowhere else. */
export function routersOf(config: Config, cluster: string): WatchedRouter[] {
  const all = config.services.flatMap((service) => Object.values(service.placements).flat());
  const found = new Map<string, WatchedRouter>();
  for (const { cluster: of, namespace, pair } of all) {
    // Where the pods are the share, no object has to be read for it.
    if (of !== cluster || pair === undefined || pair.traffic.kind === 'replicas') continue;
    const { kind } = routerOf(pair);
    found.set(`${namespace}/${kind}`, { namespace, kind });
  }
  return [...found.values()];
}

/** Deployments of a placement: its one, or those of both colours and of the baseline. */
export const deploymentsOf = ({ deployment, pair }: Placement): string[] =>
  pair === undefined
    ? [deployment]
    : [pair.blue, pair.green, pair.baseline].flatMap((member) => member?.deployment ?? []);
