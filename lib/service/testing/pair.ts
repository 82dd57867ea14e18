import { Placement } from '@/lib/config/service';
import { fresh, type Reading } from '@/lib/core/reading';
import { RouterObject } from '@/lib/sources/kubernetes/routers';
import { Deployment, Pod, ReplicaSet } from '@/lib/sources/kubernetes/schema';
import type { PlacementObjects } from '../pair';

/** A namespace with the pair `api` and `api-green`, as the watches hold it. */
export const at = new Date('2026-11-21T10:00:00Z');
const container = (version: string) => ({ name: 'api', image: `registry.example.com/shop/api:${version}` });

export const deployment = (name: string, version: string, replicas: number, ready = replicas): Deployment =>
  Deployment.parse({
    metadata: { name, uid: name },
    spec: { replicas, selector: {}, template: { spec: { containers: [container(version)] } } },
    status: { replicas, updatedReplicas: replicas, readyReplicas: ready, availableReplicas: ready },
  });
const set = (of: string): ReplicaSet =>
  ReplicaSet.parse({
    metadata: { name: `${of}-1`, uid: `${of}-1`, ownerReferences: [owner('Deployment', of)] },
    spec: {},
  });
const owner = (kind: string, uid: string) => ({ kind, name: uid, uid, controller: true });
const pod = (of: string, n: number, version: string): Pod =>
  Pod.parse({
    metadata: {
      name: `${of}-1-${n}`,
      uid: `${of}-1-${n}`,
      ownerReferences: [owner('ReplicaSet', `${of}-1`)],
    },
    spec: { containers: [container(version)] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });

const placement = (traffic: object): Placement =>
  Placement.parse({
    ...{ region: 'us-east-1', cluster: 'one', namespace: 'shop', deployment: 'api', container: 'api' },
    pair: {
      blue: { deployment: 'api', service: 'api-blue' },
      green: { deployment: 'api-green', service: 'api-green' },
      traffic,
    },
  });
export const bySelector = placement({ kind: 'service', name: 'api' });
export const byWeight = placement({ kind: 'virtual-service', name: 'api' });
export const byRoute = placement({ kind: 'http-route', name: 'api', rule: 0 });
export const byPods = placement({ kind: 'replicas', name: 'api' });

export const router = (spec: object): Reading<RouterObject> =>
  fresh(RouterObject.parse({ metadata: { name: 'api', uid: 'r', labels: {} }, spec }), at);
export const selects = (color: string) => router({ selector: { app: 'api', color }, ports: [{ port: 80 }] });
export const weighs = (blue: number, green: number) =>
  router({
    hosts: ['api'],
    http: [
      {
        name: 'primary',
        route: [
          { destination: { host: 'api-blue' }, weight: blue },
          { destination: { host: 'api-green' }, weight: green },
        ],
      },
    ],
  });

export type Numbers = { blue?: number; green?: number };
export function objects(
  routed: PlacementObjects['router'],
  { blue = 3, green = 3 }: Numbers = {},
  more: Partial<PlacementObjects> = {},
): PlacementObjects {
  const podsOf = (name: string, count: number, version: string) =>
    Array.from({ length: count }, (_, n) => pod(name, n, version));
  return {
    deployments: fresh([deployment('api', '3.0.0', blue), deployment('api-green', '3.1.0', green)], at),
    sets: fresh([set('api'), set('api-green'), set('other')], at),
    pods: fresh([...podsOf('api', blue, '3.0.0'), ...podsOf('api-green', green, '3.1.0')], at),
    router: routed,
    ...more,
  };
}
