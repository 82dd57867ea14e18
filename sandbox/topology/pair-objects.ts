import type { JsonObject, NewObject, ResourceName, Store } from '../kubernetes/store';
import {
  COLOUR_LABEL,
  type Colour,
  colourServiceOf,
  colours,
  deploymentOf,
  hasPair,
  type Placement,
  partsOf,
} from '../topology';
import { seedMaintenance } from './maintenance';
import { seedMember, service } from './member-objects';

/**
 * What a placement needs beside its first Deployment to let two colours take turns: green at rest with the
 * version before, for some a baseline at rest, a Service for each, and the router. Only what is missing is made, so a store that an
 * earlier version kept gets it too. Routes to a colour that no pod carries would cut the service off: where
 * blue's selector does not name its colour, no router is made, and the pair cannot be used.
 */
export function seedPair(store: Store, placement: Placement, nowMs: number): void {
  const { service: app, namespace, replicas } = placement;
  const blue = store.get('deployments.apps', namespace, deploymentOf(app, 'blue'));
  if (!hasPair(placement) || !blue) return;
  const green = deploymentOf(app, 'green');
  if (!store.get('deployments.apps', namespace, green)) {
    const [older, previous] = app.releases;
    const member = { name: green, colour: 'green', replicas: 0, revisions: [older, previous] } as const;
    seedMember(store, { ...placement, replicas }, member, nowMs);
  }
  const beside = deploymentOf(app, 'baseline');
  if (app.hasBaseline && !store.get('deployments.apps', namespace, beside)) {
    const [, previous] = app.releases;
    const member = { name: beside, colour: 'baseline', replicas: 0, revisions: [previous] } as const;
    seedMember(store, { ...placement, replicas }, member, nowMs);
  }
  for (const part of partsOf(app)) {
    const selector = { app: app.id, [COLOUR_LABEL]: part };
    putMissing(store, 'services', service(placement, colourServiceOf(app, part), selector));
  }
  seedMaintenance(store, placement);
  if (!JSON.stringify(blue.spec?.['selector'] ?? {}).includes(`"${COLOUR_LABEL}":"blue"`)) return;
  if (app.router === 'virtual-service')
    putMissing(store, 'virtualservices.networking.istio.io', virtualService(placement));
  if (app.router === 'http-route')
    putMissing(store, 'httproutes.gateway.networking.k8s.io', httpRoute(placement));
}

function putMissing(store: Store, resource: ResourceName, object: NewObject): void {
  const { namespace, name } = object.metadata;
  if (!store.get(resource, namespace ?? null, name)) store.create(resource, object);
}

/** All to blue: the weights of a service between two releases. */
const weightOf = (colour: Colour): number => (colour === 'blue' ? 100 : 0);

/** TRF-01: requests with `x-canary: true` by a route of their own, before the one with the weights. */
function virtualService({ service: app, namespace }: Placement): NewObject {
  const to = (colour: Colour, weight: number): JsonObject => ({
    destination: { host: colourServiceOf(app, colour), port: { number: 80 } },
    weight,
  });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: app.id, namespace, labels: { app: app.id, team: app.team } },
    spec: {
      hosts: [app.id],
      http: [
        {
          name: 'canary-header',
          match: [{ headers: { 'x-canary': { exact: 'true' } } }],
          route: [to('blue', 100)],
        },
        { name: 'primary', route: colours.map((colour) => to(colour, weightOf(colour))) },
      ],
    },
  };
}

/** The same as a Gateway API route of the mesh: its parent is the Service that clients call (GAMMA). */
function httpRoute({ service: app, namespace }: Placement): NewObject {
  const to = (colour: Colour, weight: number): JsonObject => ({
    group: '',
    kind: 'Service',
    name: colourServiceOf(app, colour),
    port: 80,
    weight,
  });
  const path = { type: 'PathPrefix', value: '/' };
  const header = { type: 'Exact', name: 'x-canary', value: 'true' };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: app.id, namespace, labels: { app: app.id, team: app.team } },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: app.id, port: 80 }],
      rules: [
        { matches: [{ headers: [header], path }], backendRefs: [to('blue', 1)] },
        { matches: [{ path }], backendRefs: colours.map((colour) => to(colour, weightOf(colour))) },
      ],
    },
  };
}
