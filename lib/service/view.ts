import 'server-only';
import { can, type Role } from '@/lib/access/model';
import { isAbout } from '@/lib/change/row';
import type { Config } from '@/lib/config/schema';
import { mapReading } from '@/lib/core/reading';
import { runningOf } from './changes';
import type { ServiceList, ServiceRow, ServiceView } from './contract';
import { type EnvironmentSnapshot, environmentSnapshot, worstFirst } from './environment';
import { environmentOf, type Located, locate, placesOf } from './placements';
import { alertsOf, objectsOf } from './row';
import { levelsOf } from './thresholds';

/** Every service and region of an environment, worst first. Throws OpsError `not-found`. */
export async function serviceListView(config: Config, environment: string | undefined): Promise<ServiceList> {
  const snapshot = await environmentSnapshot(config, environmentOf(config, environment));
  return { environment: snapshot.environment, services: worstFirst(snapshot.rows) };
}

declare global {
  var signalboxServiceLists: Map<string, { key: string; json: string }> | undefined;
}

/** The same as JSON text, written once per change of its parts. */
export async function serviceListJson(config: Config, environment: string | undefined): Promise<string> {
  const snapshot = await environmentSnapshot(config, environmentOf(config, environment));
  globalThis.signalboxServiceLists ??= new Map();
  const kept = globalThis.signalboxServiceLists.get(snapshot.environment);
  if (kept?.key === snapshot.key) return kept.json;
  const list: ServiceList = { environment: snapshot.environment, services: worstFirst(snapshot.rows) };
  const json = JSON.stringify(list);
  globalThis.signalboxServiceLists.set(snapshot.environment, { key: snapshot.key, json });
  return json;
}

/** Why this person cannot plan a deploy here now; null when they can. */
function deployBlocked(config: Config, place: Located, reader: { roles: readonly Role[] }): string | null {
  if (!can(reader, 'change.plan')) return 'Planning a deploy needs the role SRE.';
  const objects = objectsOf(config, place);
  if (objects.state === 'missing') {
    return `A deploy cannot be planned while the cluster cannot be read: ${objects.detail ?? objects.reason}`;
  }
  if (objects.state === 'stale') {
    return `A deploy cannot be planned on stale data: ${objects.detail ?? objects.reason}`;
  }
  return null;
}

const rowOf = (snapshot: EnvironmentSnapshot, { service, placement }: Located): ServiceRow | undefined =>
  snapshot.rows.find((row) => row.service === service.id && row.region === placement.region);

export type ServiceAsk = {
  service: string;
  environment?: string | undefined;
  region?: string | undefined;
};

/** The head of the service page. Throws OpsError `not-found`. */
export async function serviceView(
  config: Config,
  ask: ServiceAsk,
  reader: { roles: readonly Role[] },
): Promise<ServiceView> {
  const place = locate(config, ask);
  const { service, environment, placement } = place;
  const snapshot = await environmentSnapshot(config, environment);
  const row = rowOf(snapshot, place);
  if (row === undefined) throw new Error(`The snapshot of ${environment} lacks ${service.id}.`);
  const at = { service: service.id, environment, region: placement.region };
  const own = snapshot.changes.filter(({ change }) => isAbout(change, at));
  return {
    service: service.id,
    name: service.name,
    description: service.description ?? null,
    owner: service.owner,
    tier: service.tier,
    links: service.links,
    environment,
    region: placement.region,
    placements: placesOf(service),
    row,
    limits: {
      errorRatio: levelsOf(service, 'error-rate', environment),
      p95Seconds: levelsOf(service, 'latency-p95', environment),
    },
    alerts: mapReading(snapshot.alerts, (alerts) => alertsOf(alerts, place)),
    activeChange: runningOf(own)[0] ?? null,
    changes: own.slice(0, 20).map(({ row: change }) => change),
    deployBlocked: deployBlocked(config, place, reader),
  };
}
