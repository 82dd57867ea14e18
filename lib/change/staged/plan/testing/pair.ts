import { Config } from '@/lib/config/schema';
import { fakeCluster } from './cluster';

export const IMAGE = 'registry.example.com/shop/api';
export const regions = ['us-east-1', 'eu-west-1'] as const;

export type Kind = 'service' | 'virtual-service' | 'http-route' | 'replicas';
export type MemberSpec = {
  version: string;
  replicas: number;
  ready?: number;
  paused?: boolean;
  env?: object;
  /** Its autoscaler leaves so many pods; absent: it has none. */
  fewest?: number;
};
export type PairSpec = {
  kind: Kind;
  blue: MemberSpec;
  green: MemberSpec;
  /** Of the pair's third member; absent: it has none. */
  baseline?: MemberSpec;
  /** Percent of green. */
  share: number;
  region?: string;
};

const traffic: Record<Kind, object> = {
  service: { kind: 'service', name: 'api' },
  'virtual-service': { kind: 'virtual-service', name: 'api', headerRoute: 'canary-header' },
  'http-route': { kind: 'http-route', name: 'api', rule: 1, headerRule: 0 },
  replicas: { kind: 'replicas', name: 'api' },
};

/** signalbox.yaml of one service with a pair in two regions. */
export function configOf(kind: Kind, more: object = {}, hasBaseline = false): Config {
  const access = { kubeconfig: '/none', context: 'none' };
  const requests = { metric: 'requests_total' };
  return Config.parse({
    version: 1,
    environments: [{ id: 'production', name: 'Production' }],
    regions: regions.map((id) => ({ id, name: id })),
    clusters: regions.map((id) => ({ id, region: id, web: access, worker: access })),
    sources: { prometheus: [{ id: 'metrics', url: 'http://127.0.0.1:9' }] },
    services: [
      {
        id: 'api',
        name: 'Shop API',
        owner: 'shop',
        image: IMAGE,
        placements: {
          production: regions.map((region) => ({
            region,
            cluster: region,
            namespace: 'shop',
            deployment: 'api',
            container: 'api',
            pair: {
              blue: { deployment: 'api', service: 'api-blue' },
              green: { deployment: 'api-green', service: 'api-green' },
              ...(hasBaseline ? { baseline: { deployment: 'api-baseline', service: 'api-baseline' } } : {}),
              traffic: traffic[kind],
            },
          })),
        },
        metrics: {
          selector: [{ label: 'service', op: '=', value: 'api' }],
          requests: {
            total: requests,
            failed: { ...requests, matchers: [{ label: 'status', op: '=~', value: '5..' }] },
          },
        },
      },
    ],
    policies: [{ id: 'production', match: {}, signOffs: ['engineering_lead'] }],
    status: { environment: 'production' },
    ...more,
  });
}

type Colour = 'blue' | 'green' | 'baseline';
const nameOf = (colour: Colour): string => (colour === 'blue' ? 'api' : `api-${colour}`);

function template(colour: Colour, { version, env }: MemberSpec) {
  return {
    metadata: { labels: { app: 'api', color: colour } },
    spec: {
      containers: [
        {
          name: 'api',
          image: `${IMAGE}:${version}`,
          readinessProbe: { httpGet: { path: '/ready', port: 80 } },
          livenessProbe: { httpGet: { path: '/health', port: 80 } },
          ...(env === undefined ? {} : { env }),
        },
      ],
    },
  };
}

function member(region: string, colour: Colour, spec: MemberSpec): [string, object][] {
  const name = nameOf(colour);
  const labels = { app: 'api', color: colour };
  const uid = `${region}-${name}`;
  const ready = spec.ready ?? spec.replicas;
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
  const pods = Array.from({ length: spec.replicas }, (_, n): [string, object] => [
    `/api/v1/namespaces/shop/pods/${name}-abc-${n}`,
    {
      metadata: {
        name: `${name}-abc-${n}`,
        creationTimestamp: `2026-11-0${2 + (n % 5)}T08:00:00Z`,
        labels,
        ownerReferences: [{ uid: `${uid}-rs` }],
      },
      spec: { containers: [{ name: 'api', image: `${IMAGE}:${spec.version}` }] },
      status: { conditions: [{ type: 'Ready', status: n < ready ? 'True' : 'False' }] },
    },
  ]);
  return [
    [
      `/apis/apps/v1/namespaces/shop/deployments/${name}`,
      {
        metadata: { name, namespace: 'shop', uid, resourceVersion: '7', generation: 1, labels },
        spec: {
          replicas: spec.replicas,
          ...(spec.paused ? { paused: true } : {}),
          minReadySeconds: 5,
          selector: { matchLabels: labels },
          template: template(colour, spec),
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        },
        status: {
          observedGeneration: 1,
          replicas: spec.replicas,
          updatedReplicas: spec.replicas,
          readyReplicas: ready,
          availableReplicas: ready,
        },
      },
    ],
    [
      `/apis/apps/v1/namespaces/shop/replicasets/${name}-abc`,
      {
        ...set,
        metadata: {
          name: `${name}-abc`,
          uid: `${uid}-rs`,
          labels,
          ownerReferences: [{ uid, controller: true }],
        },
        spec: { replicas: spec.replicas, template: template(colour, spec) },
      },
    ],
    ...pods,
    ...(spec.fewest === undefined ? [] : [autoscaler(region, name, spec.fewest)]),
    [
      `/api/v1/namespaces/shop/services/api-${colour}`,
      { metadata: { name: `api-${colour}`, uid: `${region}-svc-${colour}` }, spec: { selector: labels } },
    ],
    [
      `/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/api-${colour}-x`,
      {
        metadata: { name: `api-${colour}-x`, labels: { 'kubernetes.io/service-name': `api-${colour}` } },
        endpoints: Array.from({ length: ready }, () => ({ conditions: { ready: true } })),
      },
    ],
  ];
}

const autoscaler = (region: string, name: string, minReplicas: number): [string, object] => [
  `/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/${name}-scaler`,
  {
    metadata: { name: `${name}-scaler`, uid: `${region}-${name}-scaler`, resourceVersion: '5' },
    spec: { scaleTargetRef: { kind: 'Deployment', name }, minReplicas, maxReplicas: 9 },
  },
];

function router(region: string, kind: Kind, green: number): [string, object][] {
  const metadata = { name: 'api', uid: `${region}-router`, resourceVersion: '9', generation: 3 };
  const host = (colour: Colour, weight: number) => ({
    destination: { host: `api-${colour}`, port: { number: 80 } },
    weight,
  });
  const ref = (colour: Colour, weight: number) => ({ name: `api-${colour}`, port: 80, weight });
  switch (kind) {
    case 'service':
      return [
        [
          '/api/v1/namespaces/shop/services/api',
          { metadata, spec: { selector: { app: 'api', color: green === 100 ? 'green' : 'blue' } } },
        ],
      ];
    case 'virtual-service':
      return [
        [
          '/apis/networking.istio.io/v1/namespaces/shop/virtualservices/api',
          {
            metadata,
            spec: {
              http: [
                {
                  name: 'canary-header',
                  match: [{ headers: { 'x-canary': { exact: 'true' } } }],
                  route: [host('blue', 100)],
                },
                { name: 'primary', route: [host('blue', 100 - green), host('green', green)] },
              ],
            },
          },
        ],
      ];
    case 'http-route':
      return [
        [
          '/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/api',
          {
            metadata,
            spec: {
              rules: [
                {
                  matches: [{ headers: [{ name: 'x-canary', value: 'true' }] }],
                  backendRefs: [ref('blue', 1)],
                },
                { backendRefs: [ref('blue', 100 - green), ref('green', green)] },
              ],
            },
            status: {
              parents: [{ conditions: [{ type: 'Accepted', status: 'True', observedGeneration: 3 }] }],
            },
          },
        ],
      ];
    case 'replicas':
      return [['/api/v1/namespaces/shop/services/api', { metadata, spec: { selector: { app: 'api' } } }]];
  }
}

/** A cluster with both colours of the service and what sends requests to them. */
export function pairCluster({ kind, blue, green, baseline, share, region = 'us-east-1' }: PairSpec) {
  return fakeCluster(
    region,
    new Map([
      ['/api/v1/namespaces/kube-system', { metadata: { name: 'kube-system', uid: `cluster-${region}` } }],
      ...member(region, 'blue', blue),
      ...member(region, 'green', green),
      ...(baseline === undefined ? [] : member(region, 'baseline', baseline)),
      ...router(region, kind, share),
    ]),
  );
}
