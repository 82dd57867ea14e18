import { cloneJson, isJsonObject } from '../kubernetes/object';
import type { Json, JsonObject, KubeObject, ResourceName, Store } from '../kubernetes/store';
import {
  type AppService,
  colourServiceOf,
  colours,
  deploymentOf,
  partsOf,
  type RouterKind,
} from '../topology';

/** What git holds of one object: the members of spec that a sync writes. */
export type Manifest = {
  resource: ResourceName;
  group: string;
  kind: string;
  namespace: string;
  name: string;
  /** At the API server. */
  path: string;
  spec: JsonObject;
};

export type ManagedPart = 'router' | 'deployments';

const routers: Record<RouterKind, { resource: ResourceName; group: string; api: string; members: string[] }> =
  {
    service: { resource: 'services', group: '', api: '/api/v1', members: ['selector'] },
    'virtual-service': {
      resource: 'virtualservices.networking.istio.io',
      group: 'networking.istio.io',
      api: '/apis/networking.istio.io/v1',
      members: ['http'],
    },
    'http-route': {
      resource: 'httproutes.gateway.networking.k8s.io',
      group: 'gateway.networking.k8s.io',
      api: '/apis/gateway.networking.k8s.io/v1',
      members: ['rules'],
    },
  };

const workload = {
  resource: 'deployments.apps',
  group: 'apps',
  api: '/apis/apps/v1',
  members: ['replicas', 'template'],
};

/**
 * The manifests of a service as somebody would have committed them before a change: Deployments as they are now,
 * the router with everything on the colour that has most, so that it can be asked for in mid-change too.
 */
export function manifestsOf(
  store: Store,
  service: AppService,
  namespace: string,
  parts: readonly ManagedPart[],
): Manifest[] {
  const names = [
    ...(parts.includes('router') ? [{ ...routers[service.router], name: service.id, isRouter: true }] : []),
    ...(parts.includes('deployments')
      ? partsOf(service).map((part) => ({ ...workload, name: deploymentOf(service, part), isRouter: false }))
      : []),
  ];
  return names.flatMap(({ resource, group, api, members, name, isRouter }) => {
    const object = store.get(resource, namespace, name);
    if (!object) return [];
    const spec = membersOf(object, members);
    return [
      {
        resource,
        group,
        kind: object.kind,
        namespace,
        name,
        path: `${api}/namespaces/${namespace}/${resource.split('.')[0]}/${name}`,
        spec: isRouter ? atRest(spec, service) : spec,
      },
    ];
  });
}

export function membersOf(object: KubeObject, members: readonly string[]): JsonObject {
  const entries = members.flatMap((member): [string, Json][] => {
    const value = object.spec?.[member];
    return value === undefined ? [] : [[member, cloneJson(value)]];
  });
  return Object.fromEntries(entries);
}

const backendOf = (entry: JsonObject): Json | undefined =>
  isJsonObject(entry['destination']) ? entry['destination']['host'] : entry['name'];
const weightOf = (entry: JsonObject): number => (typeof entry['weight'] === 'number' ? entry['weight'] : 1);

/** Rules with weighted colours give all to the one that has more; rules with one destination go there too. */
function atRest(spec: JsonObject, service: AppService): JsonObject {
  const copy = cloneJson(spec);
  const names = colours.map((colour) => colourServiceOf(service, colour));
  const lists = [copy['http'], copy['rules']]
    .flatMap((rules) => (Array.isArray(rules) ? rules : []))
    .filter(isJsonObject)
    .map((rule) => [rule['route'], rule['backendRefs']].find(Array.isArray))
    .map((entries) => (entries ?? []).filter(isJsonObject));
  const weighted = lists.find((entries) => entries.length > 1);
  if (!weighted) return copy;
  const most = weighted.toSorted((a, b) => weightOf(b) - weightOf(a))[0];
  const leading = most === undefined ? undefined : backendOf(most);
  for (const entry of weighted) entry['weight'] = backendOf(entry) === leading ? 100 : 0;
  for (const [only, ...others] of lists) {
    if (only === undefined || others.length > 0 || !names.some((name) => name === backendOf(only))) continue;
    if (isJsonObject(only['destination'])) only['destination']['host'] = leading ?? null;
    else only['name'] = leading ?? null;
  }
  return copy;
}
