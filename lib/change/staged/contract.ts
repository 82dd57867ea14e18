import * as z from 'zod/mini';
import { colours } from '@/lib/config/colours';
import { Slug } from '@/lib/core/ids';
import { RoutedPair } from './routed-pair';

const Seconds = z.number().check(z.minimum(0));
const Fields = z.record(z.string(), z.json());
/** A part of the requests, 0 to 1: a weight of 5 % is 0.05. */
const Share = z.number().check(z.minimum(0), z.maximum(1));

const BaselineShare = z
  .optional(Share)
  .check(
    z.describe('Of pods of the old version that are as new as those of the canary; absent without them'),
  );

/** Members of `spec` by name: what a step writes and what drift is looked for in. */
export type Fields = z.infer<typeof Fields>;

export const stagedStrategies = ['blue-green', 'canary', 'gradual', 'big-bang', 'shift'] as const;
export type StagedStrategy = (typeof stagedStrategies)[number];

/**
 * What a database migration allows afterwards (change-engine.md 6.4): a reversible one leaves a schema that the version
 * before works with as well as with its own; past a forward-only or a destructive one no change goes back by itself.
 */
export const migrationClasses = ['reversible', 'forward-only', 'destructive'] as const;
export type MigrationClass = (typeof migrationClasses)[number];

/** Kinds of objects that a staged plan writes; of a ConfigMap a key of its data, where others have members of spec. */
export const objectKinds = [
  'Deployment',
  'Service',
  'VirtualService',
  'HTTPRoute',
  'ConfigMap',
  'HorizontalPodAutoscaler',
] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** What an object is to the change: `maintenance` is told to refuse the requests, `autoscaler` to leave the old pods. */
export const objectParts = ['new', 'old', 'router', 'baseline', 'maintenance', 'autoscaler'] as const;

/** One object that the plan writes, or that it must find unchanged. */
export const PlannedObject = z.object({
  key: z.string().check(z.describe('"us-east-1/Deployment/architect/architect-api-green"')),
  part: z.enum(objectParts),
  region: Slug,
  cluster: Slug,
  clusterUid: z.string(),
  kind: z.enum(objectKinds),
  namespace: Slug,
  name: Slug,
  uid: z.string(),
  container: z.optional(Slug).check(z.describe('Of a Deployment: the container whose image is the version')),
  baseline: Fields.check(
    z.describe(
      'The members of spec that the plan was made from, in their normal form; undoing puts these back',
    ),
  ),
});
export type PlannedObject = z.infer<typeof PlannedObject>;

const onObject = { object: z.string().check(z.describe('Key of the object')) };

/**
 * What a step does; its title and usual time stand in the plan's list of steps at the same place. Every step is
 * done when what is observed says so, whoever did it.
 */
export const StagedStep = z.discriminatedUnion('do', [
  /** Sets members of spec. Done: they are so, and the write is ours. */
  z.object({ do: z.literal('write'), ...onObject, set: Fields }),
  /** The rollout of a Deployment is complete with this many ready pods; and as many ready endpoints. */
  z.object({
    do: z.literal('ready'),
    ...onObject,
    pods: z.int(),
    service: z.nullable(Slug).check(z.describe('The Service whose ready endpoints are counted')),
  }),
  /** The measured share of the new version is the wanted one (change-engine.md 2.3: proof from the data plane). */
  z.object({ do: z.literal('prove'), region: Slug, share: Share, baseline: BaselineShare }),
  /** A time with the weights as they are, under analysis; only time in which the metrics could be read counts. */
  z.object({
    do: z.literal('hold'),
    region: Slug,
    share: Share,
    baseline: BaselineShare,
    seconds: Seconds,
    minRequests: z.int(),
  }),
  /** The database migration: a Job that the change creates. Done: it is complete, and it is ours (DEP-03 step 4). */
  z.object({
    do: z.literal('job'),
    region: Slug,
    cluster: Slug,
    namespace: Slug,
    name: Slug,
    spec: z.string().check(z.describe('Canonical JSON of the spec of the Job')),
    class: z.enum(migrationClasses),
    timeoutSeconds: Seconds,
  }),
  /** Time for open connections to end, after the traffic went away from the pods of this Deployment. */
  z.object({ do: z.literal('drain'), ...onObject, seconds: Seconds }),
  /** The last look, on every region; the state is Watching. After it come only writes that end what was for its time. */
  z.object({ do: z.literal('watch'), seconds: Seconds }),
]);
export type StagedStep = z.infer<typeof StagedStep>;

/** How a router sends requests back part by part while pods of the old version are missing (change-engine.md 2.3). */
export const Stepwise = z.object({
  pair: RoutedPair,
  colour: z.enum(colours).check(z.describe('Of the old version')),
  percent: z.number().check(z.describe('Of the requests that the old version has in the end, 0 to 100')),
  need: z.int().check(z.describe('Pods that carry all requests')),
});
export type Stepwise = z.infer<typeof Stepwise>;

/** On the way back: writes and drains in this order; a write of an object that was never touched is left out. */
export const BackStep = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('write'),
    ...onObject,
    title: z.string(),
    stepwise: z.optional(Stepwise).check(z.describe('Absent where the router cannot split the requests')),
  }),
  /** Pods of the old version that must be ready before traffic goes to them. */
  z.object({ do: z.literal('ready'), ...onObject, pods: z.int(), title: z.string() }),
  z.object({ do: z.literal('drain'), ...onObject, seconds: Seconds, title: z.string() }),
]);
export type BackStep = z.infer<typeof BackStep>;

/** How one region's new version is judged against the old one (change-engine.md 1.1, 2.7). PromQL whole, signed. */
export const Analysis = z.object({
  region: Slug,
  queries: z.object({
    candidate: z.object({ total: z.string(), failed: z.string() }),
    baseline: z.object({ total: z.string(), failed: z.string() }),
    old: z
      .optional(z.object({ total: z.string(), failed: z.string() }))
      .check(z.describe('All other pods of the old version, where the baseline is pods of its own')),
    all: z.string().check(z.describe('Requests of the service whatever the version, in the same window')),
    sampleAge: z.string().check(z.describe('Seconds since the newest sample of the new version')),
    pods: z
      .optional(z.string())
      .check(z.describe('Pods of the new version whose samples are new: half of them scraped is no whole')),
    baselinePods: z
      .optional(z.string())
      .check(z.describe('The same of the baseline, where it is pods of its own')),
    share: z
      .optional(
        z.array(
          z.object({
            windowSeconds: Seconds,
            candidate: z.string(),
            baseline: z.string(),
            old: z.optional(z.string()),
          }),
        ),
      )
      .check(
        z.describe(
          'Requests of both versions over short windows, shortest first: a proof of the share takes the longest one that lies behind the change of weights',
        ),
      ),
  }),
  windowSeconds: Seconds,
  intervalSeconds: Seconds,
  scrapeSeconds: Seconds,
  ingestLagSeconds: z
    .optional(Seconds)
    .check(z.describe('Between a scrape and the moment at which queries see its samples; 5 when absent')),
  settleSeconds: Seconds.check(z.describe('After a change of weights, before the first measurement counts')),
  minRequests: z.int().check(z.describe('In one window, for a verdict')),
  maxErrorRatio: z.number().check(z.describe('Of the new version by itself')),
  maxExcessRatio: z.number().check(z.describe('Above the old version in the same window')),
  failsInRow: z.int(),
  failsInAll: z.int(),
  errorsInRow: z.int(),
  noDataMax: z.int(),
  graceSeconds: Seconds,
  shareTolerance: z.number(),
  proveTimeoutSeconds: Seconds,
});
export type Analysis = z.infer<typeof Analysis>;

/** What a step costs at worst, in failed requests (change-engine.md 2.8). */
export const StepCost = z.object({
  n: z.int().check(z.describe('Number of the step, from 1')),
  share: Share,
  totalFailure: z.number().check(z.describe('All requests of the share fail until it is seen and undone')),
  slowBurn: z.number().check(z.describe('What the analysis lets through during the hold')),
});

export const Forecast = z.object({
  requestsPerSecond: z.nullable(z.number()).check(z.describe('Null: not known, so nothing is forecast')),
  steps: z.array(StepCost),
  worst: z.nullable(z.number()).check(z.describe('The largest of all, in failed requests')),
  ofBudget: z.nullable(z.number()).check(z.describe('The largest as a part of the whole budget')),
  ofRemaining: z.nullable(z.number()).check(z.describe('The largest as a part of what is left of it')),
  sentence: z.string(),
});
export type Forecast = z.infer<typeof Forecast>;

/** A plan of several writes over several objects, in order. */
export const Staged = z.object({
  strategy: z.enum(stagedStrategies),
  regions: z.array(Slug).check(z.describe('In the order in which they are taken (TRF-06)')),
  onFailure: z
    .enum(['back-out-all', 'keep-finished'])
    .check(z.describe('What becomes of regions that are finished when a later one fails')),
  objects: z.array(PlannedObject),
  steps: z.array(StagedStep),
  back: z.array(BackStep),
  analysis: z.array(Analysis),
  forecast: Forecast,
  /** Share of the new version before and after, by region; a shift need not begin at 0. */
  shares: z.array(z.object({ region: Slug, before: Share, after: Share })),
  capacity: z.array(
    z.object({
      region: Slug,
      need: z.int().check(z.describe('Pods that carry all traffic')),
      lowest: z.int().check(z.describe('Fewest serving pods at any step')),
      highest: z.int().check(z.describe('Most pods at any step, for the quota')),
    }),
  ),
});
export type Staged = z.infer<typeof Staged>;
