import type { RequestPlan } from '@/lib/change/contract';
import { type ClusterId, clusterIds } from '@/sandbox/topology';
import type { Serving } from './checker/history';
import type { Kind } from './kinds';
import { BY_PODS } from './simulated-config';
import { PODS } from './simulation';
import type { StagedSimulation } from './staged-simulation';

const [REGION = 'us-east-1'] = clusterIds;
type App = 'fraiseql-api' | 'fraiseql-observers' | 'architect-api';

const routers = {
  'fraiseql-api': { namespace: 'fraiseql', router: 'virtualservices.networking.istio.io/fraiseql-api' },
  'fraiseql-observers': {
    namespace: 'fraiseql',
    router: 'httproutes.gateway.networking.k8s.io/fraiseql-observers',
  },
  'architect-api': { namespace: 'architect-production', router: 'services/architect-api' },
} as const satisfies Record<App, { namespace: string; router: string }>;

/** A canary of it starts pods of the old version too, and stops them. */
const isBeside = (app: App): boolean => app === 'fraiseql-api';

const serving = (app: App, regions: readonly ClusterId[] = [REGION]): Serving[] =>
  regions.map((cluster) => ({
    cluster,
    need: PODS,
    shares: { [app]: 1, [`${app}-green`]: 0, ...(isBeside(app) ? { [`${app}-baseline`]: 0 } : {}) },
    backends: {
      [app]: `${app}-blue`,
      [`${app}-green`]: `${app}-green`,
      ...(isBeside(app) ? { [`${app}-baseline`]: `${app}-baseline` } : {}),
    },
    ...routers[app],
  }));

const place = { environment: 'production', region: REGION } as const;
const deploy =
  (
    service: App,
    version: string,
    strategy: 'blue-green' | 'canary' | 'gradual' | 'big-bang',
    regions?: ClusterId[],
  ) =>
  (): RequestPlan => ({
    kind: 'deploy',
    service,
    ...place,
    version,
    strategy,
    ...(regions === undefined ? {} : { regions }),
  });

/** One Service chooses the pods of both colours: the place that has no router. */
const servingByPods: readonly Serving[] = [
  {
    cluster: BY_PODS.region,
    namespace: 'fraiseql',
    need: PODS,
    shares: { [BY_PODS.service]: 1, [`${BY_PODS.service}-green`]: 0 },
    backends: {},
    router: null,
    isByPods: true,
  },
];
const placeByPods = { service: BY_PODS.service, environment: 'production', region: BY_PODS.region } as const;
const gradualByPods = (version: string) => (): RequestPlan => ({
  kind: 'deploy',
  ...placeByPods,
  version,
  strategy: 'gradual',
});

const BAD = '2.1.0';

/** Where the share is that of the pods: two Deployments are written one after the other. */
export const byPods: readonly Kind[] = [
  {
    name: 'gradual by pods',
    ask: gradualByPods('8.1.0'),
    state: 'Succeeded',
    // One new pod, both of them, none of the old.
    writes: 3,
    serving: servingByPods,
  },
  {
    name: 'gradual by pods of a bad version',
    ask: gradualByPods(BAD),
    state: 'BackedOut',
    writes: 2,
    serving: servingByPods,
  },
  {
    name: 'shift by pods',
    ask: () => ({ kind: 'shift', ...placeByPods, colour: 'green', weight: 100 }),
    state: 'Succeeded',
    writes: 2,
    serving: servingByPods,
  },
  {
    name: 'shift of a part by pods',
    ask: () => ({ kind: 'shift', ...placeByPods, colour: 'green', weight: 25 }),
    state: 'Succeeded',
    writes: 1,
    serving: servingByPods,
  },
  {
    name: 'rollback by pods',
    ask: () => ({ kind: 'rollback', ...placeByPods }),
    state: 'Succeeded',
    writes: 2,
    serving: servingByPods,
  },
];

/** Changes in several steps: through each kind of router and by pods, of one region and of two, forth and back. */
export const stagedKinds: readonly Kind[] = [
  {
    name: 'canary over a VirtualService',
    ask: deploy('fraiseql-api', '2.0.0', 'canary'),
    state: 'Succeeded',
    writes: 6,
    serving: serving('fraiseql-api'),
  },
  {
    name: 'blue-green',
    ask: deploy('architect-api', 'v3.2.0', 'blue-green'),
    state: 'Succeeded',
    writes: 2,
    serving: serving('architect-api'),
  },
  {
    name: 'blue-green in two regions',
    ask: deploy('architect-api', 'v3.2.0', 'blue-green', [...clusterIds]),
    state: 'Succeeded',
    writes: 4,
    serving: serving('architect-api', clusterIds),
  },
  {
    name: 'canary over an HTTPRoute',
    ask: deploy('fraiseql-observers', '8.1.0', 'canary'),
    state: 'Succeeded',
    // Two of them hold the old pods and let them go.
    writes: 6,
    serving: serving('fraiseql-observers'),
  },
  {
    name: 'gradual',
    ask: deploy('fraiseql-observers', '8.1.0', 'gradual'),
    state: 'Succeeded',
    // The old pods are held; its pods, a quarter of the requests, half of them, all of them; the old ones are let go.
    writes: 6,
    serving: serving('fraiseql-observers'),
  },
  {
    name: 'canary of a bad version',
    ask: deploy('fraiseql-api', BAD, 'canary'),
    state: 'BackedOut',
    writes: 6,
    serving: serving('fraiseql-api'),
  },
  {
    name: 'canary of a bad version beside an autoscaler',
    ask: deploy('fraiseql-observers', BAD, 'canary'),
    state: 'BackedOut',
    // The old pods are held, its pods, a part of the requests; and each of these back.
    writes: 6,
    serving: serving('fraiseql-observers'),
  },
  {
    name: 'big-bang',
    ask: deploy('architect-api', 'v3.2.0', 'big-bang', [...clusterIds]),
    state: 'Succeeded',
    writes: 4,
    serving: serving('architect-api', clusterIds),
  },
  {
    name: 'shift',
    ask: () => ({ kind: 'shift', service: 'fraiseql-api', ...place, colour: 'green', weight: 25 }),
    state: 'Succeeded',
    writes: 2,
    serving: serving('fraiseql-api'),
  },
  {
    name: 'rollback to the other colour',
    ask: () => ({ kind: 'rollback', service: 'architect-api', ...place }),
    state: 'Succeeded',
    writes: 2,
    serving: serving('architect-api'),
  },
  {
    name: 'blue-green with a migration in maintenance',
    ask: () => ({
      kind: 'deploy',
      service: 'architect-api',
      ...place,
      version: 'v3.2.0',
      strategy: 'blue-green',
      migration: 'reversible',
      maintenance: true,
    }),
    state: 'Succeeded',
    // The pods, maintenance mode on and off, the Job and its release, the router.
    writes: 6,
    serving: serving('architect-api'),
  },
  ...byPods,
];

/** What becomes of the requests that a version takes. */
export function tellBehaviour({ prometheus }: StagedSimulation): void {
  prometheus.behave(BAD, 0.3);
}
