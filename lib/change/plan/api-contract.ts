import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';

/** The APIs that a plan was made against, of one cluster. A plan without them is compared with none. */
export const PlanApi = z.object({
  cluster: Slug,
  server: z.string().check(z.describe('Release of Kubernetes: "1.36"')),
  groups: z
    .array(z.object({ name: z.string(), version: z.string() }))
    .check(z.describe('Of the kinds that the plan writes, with the version that the cluster prefers')),
});
export type PlanApi = z.infer<typeof PlanApi>;
