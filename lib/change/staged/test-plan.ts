import type { Live } from '../rollout';
import type { Analysis, BackStep, Fields, PlannedObject, StagedStep, Stepwise } from './contract';

/** A canary over given regions, as tests of decisions need it. */

export const keyOf = (region: string, part: string): string => `${region}/${part}`;

const kinds = {
  new: 'Deployment',
  old: 'Deployment',
  router: 'VirtualService',
  maintenance: 'ConfigMap',
  autoscaler: 'HorizontalPodAutoscaler',
} as const;

export const template = (image: string) => ({ spec: { containers: [{ name: 'api', image }] } });
export const PODS = 4;

/** The old version is on blue, the new one on green. */
export const weights = (candidate: number): Fields => ({
  http: [
    {
      name: 'primary',
      route: [
        { destination: { host: 'api-old' }, weight: 100 - candidate },
        { destination: { host: 'api-new' }, weight: candidate },
      ],
    },
  ],
});

export const stepwise: Stepwise = {
  pair: {
    blue: { service: 'api-old' },
    green: { service: 'api-new' },
    traffic: { kind: 'virtual-service', name: 'api-router', route: 'primary' },
  },
  colour: 'blue',
  percent: 100,
  need: PODS,
};

const baselines: Record<PlannedObject['part'], Fields> = {
  new: { template: template('api:1'), replicas: 0, paused: false },
  old: { template: template('api:2'), paused: false },
  router: weights(0),
  baseline: { template: template('api:2'), replicas: 0, paused: false },
  maintenance: { mode: 'off' },
  autoscaler: { minReplicas: 1 },
};

export const objectsOf = (regions: readonly string[]): PlannedObject[] =>
  regions.flatMap((region) =>
    (['new', 'old', 'router'] as const).map((part) => ({
      key: keyOf(region, part),
      part,
      region,
      cluster: region,
      clusterUid: region,
      kind: kinds[part],
      namespace: 'shop',
      name: `api-${part}`,
      uid: keyOf(region, part),
      ...(part === 'router' ? {} : { container: 'api' }),
      baseline: baselines[part],
    })),
  );

export const stepsOf = (regions: readonly string[]): StagedStep[] => [
  ...regions.flatMap((region): StagedStep[] => {
    const fresh = keyOf(region, 'new');
    const router = keyOf(region, 'router');
    return [
      { do: 'write', object: fresh, set: { template: template('api:3'), replicas: PODS, paused: false } },
      { do: 'ready', object: fresh, pods: PODS, service: null },
      { do: 'write', object: router, set: weights(5) },
      { do: 'prove', region, share: 0.05 },
      { do: 'hold', region, share: 0.05, seconds: 60, minRequests: 10 },
      { do: 'write', object: router, set: weights(100) },
      { do: 'prove', region, share: 1 },
    ];
  }),
  { do: 'watch', seconds: 60 },
];

export const backOf = (regions: readonly string[]): BackStep[] =>
  regions.toReversed().flatMap((region): BackStep[] => [
    { do: 'ready', object: keyOf(region, 'old'), pods: PODS, title: 'Old pods are ready' },
    { do: 'write', object: keyOf(region, 'router'), title: `Send all requests in ${region} back`, stepwise },
    { do: 'drain', object: keyOf(region, 'new'), seconds: 10, title: 'Drain' },
    { do: 'write', object: keyOf(region, 'new'), title: `Put the pods of ${region} back` },
  ]);

export const analysisOf = (region: string): Analysis => ({
  region,
  queries: {
    candidate: { total: 'a', failed: 'b' },
    baseline: { total: 'c', failed: 'd' },
    all: 'e',
    sampleAge: 'f',
  },
  windowSeconds: 10,
  intervalSeconds: 5,
  scrapeSeconds: 1,
  settleSeconds: 0,
  minRequests: 5,
  maxErrorRatio: 0.05,
  maxExcessRatio: 0.02,
  failsInRow: 3,
  failsInAll: 4,
  errorsInRow: 3,
  noDataMax: 5,
  graceSeconds: 40,
  shareTolerance: 0.5,
  proveTimeoutSeconds: 60,
});

/** The rollout of a Deployment of this world, complete at whatever number is ready. */
export function rolloutOf({
  object,
  live,
  ready,
}: {
  object: PlannedObject;
  live: Fields;
  ready: number;
}): Live {
  const replicas = Number(live['replicas'] ?? (object.part === 'old' ? PODS : 0));
  const pod = (index: number) => ({
    name: `${object.name}-${index}`,
    version: '3',
    ready: true,
    terminating: false,
    restarts: 0,
    trouble: null,
  });
  return {
    uid: object.uid,
    resourceVersion: '1',
    template: '',
    paused: false,
    replicas,
    generation: 1,
    observedGeneration: 1,
    counts: { all: ready, updated: ready, ready, available: ready },
    deadlineExceeded: false,
    newPods: Array.from({ length: ready }, (_, index) => pod(index)),
    oldPods: [],
    writer: null,
    scaledByAutoscaler: false,
  };
}
