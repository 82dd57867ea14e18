import * as z from 'zod/mini';
import { colours } from '@/lib/config/colours';
import { Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';

const At = z.iso.datetime();

export const PodRow = z.object({
  name: z.string(),
  phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown', 'Terminating']),
  ready: z.boolean(),
  reason: z.nullable(z.string()).check(z.describe('CrashLoopBackOff, ImagePullBackOff, OOMKilled …')),
  version: z.string(),
  colour: z
    .nullable(z.enum(colours))
    .check(z.describe('Null: the place has no pair, or the pod belongs to neither colour')),
  restarts: z.int(),
  node: z.nullable(z.string()),
  startedAt: z.nullable(At),
});
export type PodRow = z.infer<typeof PodRow>;

export const WorkloadRow = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'CronJob', 'Job', 'HorizontalPodAutoscaler']),
  name: z.string(),
  namespace: z.string(),
  version: z.nullable(z.string()),
  desired: z.nullable(z.int()),
  ready: z.nullable(z.int()),
  updated: z.nullable(z.int()),
  available: z.nullable(z.int()),
  paused: z.boolean(),
  revision: z.nullable(z.string()),
  conditions: z.array(
    z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }),
  ),
  detail: z.nullable(z.string()),
  note: z
    .nullable(z.string())
    .check(z.describe('Of a colour of the pair: which one, and what it takes of the requests')),
});
export type WorkloadRow = z.infer<typeof WorkloadRow>;

/** One colour of a pair: what it is and what it takes of the requests. */
export const PairMember = z.object({
  colour: z.enum(colours),
  deployment: z.string(),
  version: z.nullable(z.string()).check(z.describe('Null: the Deployment is not there')),
  desired: z.nullable(z.int()),
  pods: z.int().check(z.describe('Those that serve or may come to serve')),
  ready: z.int(),
  share: z.nullable(z.number()).check(z.describe('Part of the requests by weight, 0 to 1; null: not known')),
  sentence: z.string().check(z.describe('"green, 3.1.0, 3 pods, takes no requests"')),
});
export type PairMember = z.infer<typeof PairMember>;

/** Both colours of a place, blue first. */
export const PairView = z.object({
  members: z.array(PairMember),
  live: z.nullable(z.enum([...colours, 'both'])).check(z.describe('Null: it cannot be told')),
  problem: z.nullable(z.string()).check(z.describe('Why it cannot be told which colour takes the requests')),
});
export type PairView = z.infer<typeof PairView>;

export const ClusterEvent = z.object({
  id: z.string(),
  at: At,
  type: z.enum(['Normal', 'Warning']),
  reason: z.string(),
  object: z.string(),
  message: z.string(),
  count: z.int(),
});
export type ClusterEvent = z.infer<typeof ClusterEvent>;

/** GET /api/v1/services/{service}/workloads?environment=&region= */
export const ServiceWorkloads = z.object({
  cluster: Slug,
  namespace: z.string(),
  pair: z.nullable(readingOf(PairView)).check(z.describe('Null: the place has no pair of colours')),
  workloads: readingOf(z.array(WorkloadRow)),
  pods: readingOf(z.array(PodRow)),
  podsTotal: z.int(),
  events: readingOf(z.array(ClusterEvent)),
});
export type ServiceWorkloads = z.infer<typeof ServiceWorkloads>;
