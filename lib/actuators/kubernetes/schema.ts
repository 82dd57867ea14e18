import { z } from 'zod';

/** What the engine reads of Kubernetes objects; unknown fields are kept where they are written back. */
export const Metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: z.number().default(0),
  labels: z
    .record(z.string(), z.string())
    .nullish()
    .transform((labels) => labels ?? {}),
  annotations: z
    .record(z.string(), z.string())
    .nullish()
    .transform((annotations) => annotations ?? {}),
  ownerReferences: z
    .array(z.looseObject({ uid: z.string(), controller: z.boolean().optional() }))
    .default([]),
  managedFields: z
    .array(
      z.looseObject({
        manager: z.string().default(''),
        operation: z.string().default(''),
        time: z.string().optional(),
        subresource: z.string().optional(),
        fieldsV1: z.json().optional(),
      }),
    )
    .default([]),
});

const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

/** A count that the API leaves out when it is 0. */
const Count = z.number().default(0);

export const DeploymentObject = z.looseObject({
  metadata: Metadata,
  spec: z.looseObject({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    minReadySeconds: Count,
    progressDeadlineSeconds: z.number().optional(),
    selector: z.json(),
    template: z.json(),
    strategy: z
      .looseObject({
        type: z.string().default('RollingUpdate'),
        rollingUpdate: z
          .looseObject({
            maxSurge: z.union([z.string(), z.number()]).optional(),
            maxUnavailable: z.union([z.string(), z.number()]).optional(),
          })
          .nullish(),
      })
      .default({ type: 'RollingUpdate' }),
  }),
  status: z
    .looseObject({
      observedGeneration: Count,
      replicas: Count,
      updatedReplicas: Count,
      readyReplicas: Count,
      availableReplicas: Count,
      conditions: z.array(Condition).default([]),
    })
    .prefault({}),
});
export type DeploymentObject = z.infer<typeof DeploymentObject>;

export const ReplicaSetObject = z.looseObject({
  metadata: Metadata,
  spec: z.looseObject({ replicas: z.number().default(1), template: z.json() }),
  status: z.looseObject({ replicas: Count, readyReplicas: Count, availableReplicas: Count }).prefault({}),
});
export type ReplicaSetObject = z.infer<typeof ReplicaSetObject>;

const ContainerState = z.looseObject({
  waiting: z.looseObject({ reason: z.string().default(''), message: z.string().default('') }).optional(),
  terminated: z
    .looseObject({
      reason: z.string().default(''),
      exitCode: z.number().optional(),
      finishedAt: z.string().optional(),
    })
    .optional(),
});

export const PodObject = z.looseObject({
  metadata: Metadata.extend({
    creationTimestamp: z.string().optional(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.looseObject({
    containers: z.array(z.looseObject({ name: z.string(), image: z.string().default('') })).default([]),
  }),
  status: z
    .looseObject({
      phase: z.string().default(''),
      conditions: z
        .array(
          z.looseObject({ type: z.string(), status: z.string(), lastTransitionTime: z.string().nullish() }),
        )
        .default([]),
      containerStatuses: z
        .array(
          z.looseObject({
            name: z.string(),
            restartCount: Count,
            imageID: z.string().default(''),
            state: ContainerState.default({}),
            lastState: ContainerState.default({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type PodObject = z.infer<typeof PodObject>;

export const NamespaceObject = z.looseObject({ metadata: Metadata });

export const AutoscalerObject = z.looseObject({
  metadata: Metadata,
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
  }),
});

export const DisruptionBudgetObject = z.looseObject({
  metadata: Metadata,
  spec: z.looseObject({
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).optional() }).nullish(),
    minAvailable: z.union([z.string(), z.number()]).optional(),
    maxUnavailable: z.union([z.string(), z.number()]).optional(),
  }),
});

const Quantities = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({});
export const QuotaObject = z.looseObject({
  metadata: Metadata,
  status: z.looseObject({ hard: Quantities, used: Quantities }).prefault({}),
});

/** The body of an error (captures: always a Status, except 429 of priority and fairness and unknown groups). */
export const StatusObject = z.looseObject({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .looseObject({
      causes: z
        .array(z.looseObject({ field: z.string().default(''), message: z.string().default('') }))
        .default([]),
    })
    .nullish(),
});

export const AccessReviewObject = z.looseObject({
  status: z.looseObject({ allowed: z.boolean(), reason: z.string().optional() }),
});

/** Items of one list answer; paging is followed by the reader. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.looseObject({
    metadata: z.looseObject({ continue: z.string().optional() }).default({}),
    items: z.array(item).default([]),
  });
