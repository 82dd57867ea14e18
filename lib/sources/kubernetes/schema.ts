import { z } from 'zod';
import { releaseOf } from '@/lib/core/release';

/**
 * Each object of a cluster is projected at once to the few fields that pages show; the body is dropped.
 * Zero counts are absent in Kubernetes, so counts default to 0. Conditions are looked up by type: their
 * order changes.
 */
const Count = z.number().int().default(0);
const Owner = z.object({ kind: z.string(), name: z.string(), uid: z.string() });

const Meta = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  resourceVersion: z.string().default(''),
  generation: z.number().default(0),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  ownerReferences: z.array(Owner.extend({ controller: z.boolean().optional() })).nullish(),
});
type Meta = z.infer<typeof Meta>;

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});
export type Condition = z.infer<typeof Condition>;
const Conditions = z.array(Condition).nullish();

const Container = z.object({ name: z.string(), image: z.string().default('') });
const Template = z.object({ spec: z.object({ containers: z.array(Container).default([]) }) });

const Selector = z.object({ matchLabels: z.record(z.string(), z.string()).nullish() });
/** Kept as it is. */
const Raw = z.record(z.string(), z.json());

const head = (meta: Meta) => ({
  uid: meta.uid,
  name: meta.name,
  namespace: meta.namespace,
  owner: meta.ownerReferences?.find(({ controller }) => controller === true) ?? null,
});
const revisionOf = (meta: Meta) => meta.annotations?.['deployment.kubernetes.io/revision'] ?? null;

export const Deployment = z
  .object({
    metadata: Meta,
    spec: z.object({
      replicas: z.number().int().default(1),
      paused: z.boolean().default(false),
      selector: Raw,
      template: Raw,
      strategy: Raw.optional(),
    }),
    status: z
      .object({
        observedGeneration: z.number().default(0),
        replicas: Count,
        updatedReplicas: Count,
        readyReplicas: Count,
        availableReplicas: Count,
        conditions: Conditions,
      })
      .prefault({}),
  })
  .transform(({ metadata, spec, status }) => ({
    ...head(metadata),
    generation: metadata.generation,
    observedGeneration: status.observedGeneration,
    revision: revisionOf(metadata),
    paused: spec.paused,
    desired: spec.replicas,
    replicas: status.replicas,
    updated: status.updatedReplicas,
    ready: status.readyReplicas,
    available: status.availableReplicas,
    containers: Template.parse(spec.template).spec.containers,
    selector: Selector.parse(spec.selector).matchLabels ?? {},
    conditions: status.conditions ?? [],
    /** What a change is planned from, whole: in review it is compared with what the plan found. */
    material: { template: spec.template, strategy: spec.strategy, selector: spec.selector },
  }));
export type Deployment = z.infer<typeof Deployment>;

export const ReplicaSet = z
  .object({
    metadata: Meta,
    spec: z.object({ replicas: z.number().int().default(1), template: z.unknown().optional() }),
    status: z.object({ replicas: Count, readyReplicas: Count, availableReplicas: Count }).prefault({}),
  })
  .transform(({ metadata, spec, status }) => ({
    ...head(metadata),
    revision: revisionOf(metadata),
    createdAt: metadata.creationTimestamp ?? null,
    desired: spec.replicas,
    replicas: status.replicas,
    ready: status.readyReplicas,
    available: status.availableReplicas,
    containers: Template.safeParse(spec.template).data?.spec.containers ?? [],
    /** Of the whole template, which is not kept: what tells two revisions with one image apart. */
    release: releaseOf(spec.template),
  }));
export type ReplicaSet = z.infer<typeof ReplicaSet>;

const State = z.object({
  waiting: z.object({ reason: z.string().default('') }).nullish(),
  terminated: z.object({ reason: z.string().default('') }).nullish(),
});
const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: Count,
  state: State.nullish(),
  lastState: State.nullish(),
});

/** Why a pod is not well: what its container waits for, how it ended, or how it ended the last time. */
function podReason(statuses: z.infer<typeof ContainerStatus>[], own: string | undefined): string | null {
  const found = [
    ...statuses.map(({ state }) => state?.waiting?.reason),
    ...statuses.map(({ state }) => state?.terminated?.reason),
    ...statuses.map(({ ready, lastState }) => (ready ? undefined : lastState?.terminated?.reason)),
    own,
  ].find((reason) => reason !== undefined && reason !== '');
  return found ?? null;
}

export const Pod = z
  .object({
    metadata: Meta,
    spec: z.object({ nodeName: z.string().optional(), containers: z.array(Container).default([]) }),
    status: z
      .object({
        phase: z.string().default('Unknown'),
        reason: z.string().optional(),
        startTime: z.string().nullish(),
        conditions: Conditions,
        containerStatuses: z.array(ContainerStatus).nullish(),
      })
      .prefault({}),
  })
  .transform(({ metadata, spec, status }) => ({
    ...head(metadata),
    labels: metadata.labels ?? {},
    phase: status.phase,
    terminating: Boolean(metadata.deletionTimestamp),
    ready: (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    reason: podReason(status.containerStatuses ?? [], status.reason),
    restarts: (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    node: spec.nodeName ?? null,
    startedAt: status.startTime ?? null,
    containers: spec.containers,
  }));
export type Pod = z.infer<typeof Pod>;

export const StatefulSet = z
  .object({
    metadata: Meta,
    spec: z.object({ replicas: z.number().int().default(1), template: Template }),
    status: z
      .object({
        readyReplicas: Count,
        updatedReplicas: Count,
        availableReplicas: Count,
        conditions: Conditions,
      })
      .prefault({}),
  })
  .transform(({ metadata, spec, status }) => ({
    ...head(metadata),
    desired: spec.replicas,
    ready: status.readyReplicas,
    updated: status.updatedReplicas,
    available: status.availableReplicas,
    containers: spec.template.spec.containers,
    conditions: status.conditions ?? [],
  }));
export type StatefulSet = z.infer<typeof StatefulSet>;

export const HorizontalPodAutoscaler = z
  .object({
    metadata: Meta,
    spec: z.object({
      minReplicas: z.number().int().default(1),
      maxReplicas: z.number().int(),
      scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    }),
    status: z.object({ currentReplicas: Count, desiredReplicas: Count, conditions: Conditions }).prefault({}),
  })
  .transform(({ metadata, spec, status }) => ({
    ...head(metadata),
    min: spec.minReplicas,
    max: spec.maxReplicas,
    target: spec.scaleTargetRef,
    current: status.currentReplicas,
    desired: status.desiredReplicas,
    conditions: status.conditions ?? [],
  }));
export type HorizontalPodAutoscaler = z.infer<typeof HorizontalPodAutoscaler>;

export const Job = z
  .object({
    metadata: Meta,
    spec: z.object({ completions: z.number().int().nullish() }).prefault({}),
    status: z
      .object({
        active: Count,
        succeeded: Count,
        failed: Count,
        startTime: z.string().nullish(),
        completionTime: z.string().nullish(),
        conditions: Conditions,
      })
      .prefault({}),
  })
  .transform(({ metadata, spec, status }) => ({
    ...head(metadata),
    completions: spec.completions ?? 1,
    active: status.active,
    succeeded: status.succeeded,
    failed: status.failed,
    startedAt: status.startTime ?? null,
    finishedAt: status.completionTime ?? null,
    conditions: status.conditions ?? [],
  }));
export type Job = z.infer<typeof Job>;

export const CronJob = z
  .object({
    metadata: Meta,
    spec: z.object({
      schedule: z.string(),
      timeZone: z.string().nullish(),
      suspend: z.boolean().default(false),
    }),
    status: z
      .object({
        lastScheduleTime: z.string().nullish(),
        lastSuccessfulTime: z.string().nullish(),
        active: z.array(z.unknown()).nullish(),
      })
      .prefault({}),
  })
  .transform(({ metadata, spec, status }) => ({
    ...head(metadata),
    schedule: spec.schedule,
    timeZone: spec.timeZone ?? null,
    suspended: spec.suspend,
    active: status.active?.length ?? 0,
    lastScheduledAt: status.lastScheduleTime ?? null,
    lastSucceededAt: status.lastSuccessfulTime ?? null,
  }));
export type CronJob = z.infer<typeof CronJob>;

/** core/v1 Event: `lastTimestamp` of the old recorder, `eventTime` and `series` of the new one. */
export const ClusterEvent = z
  .object({
    metadata: Meta,
    type: z.string().default('Normal'),
    reason: z.string().default(''),
    message: z.string().default(''),
    count: z.number().int().nullish(),
    firstTimestamp: z.string().nullish(),
    lastTimestamp: z.string().nullish(),
    eventTime: z.string().nullish(),
    series: z.object({ count: Count, lastObservedTime: z.string().nullish() }).nullish(),
    involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
  })
  .transform((event) => ({
    ...head(event.metadata),
    at:
      event.series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      event.firstTimestamp ??
      event.metadata.creationTimestamp ??
      '',
    warning: event.type !== 'Normal',
    reason: event.reason,
    message: event.message.slice(0, 1000),
    count: event.series?.count ?? event.count ?? 1,
    objectKind: event.involvedObject.kind,
    objectName: event.involvedObject.name,
  }));
export type ClusterEvent = z.infer<typeof ClusterEvent>;
