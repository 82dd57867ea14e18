import type { PlannedObject, StagedStep } from '../staged/contract';
import type { StagedPlan } from '../staged/staged-plan';
import { plan } from './plan';

const regions = ['us-east-1', 'eu-west-1'];
const name = 'fraiseql-api';
const keyOf = (region: string, kind: string, object: string) => `${region}/${kind}/fraiseql/${object}`;

const objectsIn = (region: string): PlannedObject[] =>
  [
    { part: 'new', kind: 'Deployment', name: `${name}-green`, container: name } as const,
    { part: 'old', kind: 'Deployment', name, container: name } as const,
    { part: 'router', kind: 'VirtualService', name } as const,
  ].map((one) => ({
    ...one,
    key: keyOf(region, one.kind, one.name),
    region,
    cluster: region,
    clusterUid: 'cluster',
    namespace: 'fraiseql',
    uid: `${region}-${one.name}`,
    baseline: {},
  }));

/** One region of a canary: pods up, 5 % for a while, then all. */
const stepsIn = (region: string): StagedStep[] => {
  const pods = keyOf(region, 'Deployment', `${name}-green`);
  const router = keyOf(region, 'VirtualService', name);
  return [
    { do: 'write', object: pods, set: { replicas: 3 } },
    { do: 'ready', object: pods, pods: 3, service: `${name}-green` },
    { do: 'write', object: router, set: { http: [] } },
    { do: 'prove', region, share: 0.05 },
    { do: 'hold', region, share: 0.05, seconds: 600, minRequests: 300 },
    { do: 'write', object: router, set: { http: [] } },
    { do: 'prove', region, share: 1 },
    { do: 'hold', region, share: 1, seconds: 60, minRequests: 300 },
  ];
};
const steps: StagedStep[] = [...regions.flatMap(stepsIn), { do: 'watch', seconds: 1800 }];

const titles: Record<StagedStep['do'], string> = {
  write: 'Write',
  ready: 'Wait for 3 ready pods',
  prove: 'Prove the share',
  hold: 'Hold',
  drain: 'Drain',
  job: 'Migrate the database',
  watch: 'Watch all regions',
};

/** A canary of two regions, one after the other: what pages and rules are tried with. */
export const stagedPlan: StagedPlan = {
  ...plan,
  strategy: 'canary',
  diff: [
    {
      object: keyOf('us-east-1', 'Deployment', `${name}-green`),
      path: 'spec.replicas',
      before: '0',
      after: '3',
    },
    {
      object: keyOf('us-east-1', 'VirtualService', name),
      path: 'spec.http[primary].route[green].weight',
      before: '0',
      after: '100',
    },
  ],
  steps: steps.map((step, index) => ({
    n: index + 1,
    kind: step.do,
    title: 'region' in step ? `${titles[step.do]} in ${step.region}` : titles[step.do],
    usualSeconds: 'seconds' in step ? step.seconds : 10,
    detail: '',
  })),
  staged: {
    strategy: 'canary',
    regions,
    onFailure: 'back-out-all',
    objects: regions.flatMap(objectsIn),
    steps,
    back: regions.toReversed().flatMap((region) => [
      {
        do: 'write' as const,
        object: keyOf(region, 'VirtualService', name),
        title: `Send all requests of ${region} to blue`,
      },
      {
        do: 'drain' as const,
        object: keyOf(region, 'Deployment', `${name}-green`),
        seconds: 30,
        title: 'Let open connections end',
      },
      {
        do: 'write' as const,
        object: keyOf(region, 'Deployment', `${name}-green`),
        title: `Stop the green pods in ${region}`,
      },
    ]),
    analysis: regions.map((region) => ({
      region,
      queries: {
        candidate: { total: 'ct', failed: 'cf' },
        baseline: { total: 'bt', failed: 'bf' },
        all: 'all',
        sampleAge: 'age',
      },
      windowSeconds: 60,
      intervalSeconds: 30,
      scrapeSeconds: 5,
      settleSeconds: 70,
      minRequests: 50,
      maxErrorRatio: 0.05,
      maxExcessRatio: 0.01,
      failsInRow: 3,
      failsInAll: 4,
      errorsInRow: 3,
      noDataMax: 5,
      graceSeconds: 600,
      shareTolerance: 0.5,
      proveTimeoutSeconds: 300,
    })),
    forecast: {
      requestsPerSecond: 40,
      steps: [
        { n: 5, share: 0.05, totalFailure: 420, slowBurn: 60 },
        { n: 8, share: 1, totalFailure: 8400, slowBurn: 120 },
      ],
      worst: 8400,
      ofBudget: 0.031,
      ofRemaining: 0.045,
      sentence: 'At worst 8,400 requests fail: 3.1 % of the budget, and 4.5 % of what is left of it.',
    },
    shares: regions.map((region) => ({ region, before: 0, after: 1 })),
    capacity: regions.map((region) => ({ region, need: 3, lowest: 3, highest: 6 })),
  },
};
