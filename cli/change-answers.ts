import { z } from 'zod';
import { RequestedChange, RequestedPlan } from '@/lib/change/contract';

export { RequestedChange, RequestedPlan };

/**
 * What the commands of pipelines read of the API's answers, and no more: a runner often has an older version than
 * the console, so fields it has no use for may change, and a state it has never heard of must not end its wait.
 */
export const PlanAnswer = z.object({
  state: z.string(),
  planHash: z.string().nullable(),
  plan: z
    .object({
      diff: z.array(
        z.object({
          object: z.string().optional(),
          path: z.string(),
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      ),
      steps: z.array(z.object({ n: z.int(), title: z.string(), usualSeconds: z.int().nullable() })),
      policy: z.object({ signOffs: z.array(z.string()) }),
      data: z
        .object({
          do: z.string(),
          safetyCopy: z.boolean().optional(),
          sessions: z.int().optional(),
          rows: z.object({ copy: z.number(), now: z.number().nullable(), tables: z.int() }).optional(),
        })
        .optional(),
      staged: z
        .object({
          strategy: z.string(),
          regions: z.array(z.string()),
          forecast: z.object({ sentence: z.string() }),
          back: z.array(z.object({ title: z.string() })),
        })
        .optional(),
    })
    .nullable(),
  prechecks: z.array(z.object({ title: z.string(), result: z.string(), detail: z.string() })),
  problem: z.object({ message: z.string(), next: z.string().optional() }).nullable(),
  blocked: z.string().nullable(),
  sentence: z.string().nullable(),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;

export const ChangeAnswer = z.object({
  change: z.object({
    id: z.string(),
    title: z.string(),
    state: z.string(),
    sentence: z.string(),
    requesterName: z.string(),
    reason: z.string(),
    planHash: z.string(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
    outcome: z.object({ sentence: z.string() }).nullable(),
  }),
  signOffs: z.array(z.object({ roleName: z.string(), state: z.string(), userName: z.string().nullable() })),
  observations: z.array(z.object({ seq: z.int(), at: z.string(), sentence: z.string() })),
  next: z.string(),
});
export type ChangeAnswer = z.infer<typeof ChangeAnswer>;

export const RevisionsAnswer = z.object({
  revisions: z.object({
    value: z
      .array(z.object({ replicaSet: z.string(), version: z.string(), isCurrent: z.boolean() }))
      .optional(),
    reason: z.string().optional(),
    detail: z.string().optional(),
  }),
});
export type RevisionsAnswer = z.infer<typeof RevisionsAnswer>;
