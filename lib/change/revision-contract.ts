import * as z from 'zod/mini';
import { colours } from '@/lib/config/colours';
import { readingOf } from '@/lib/core/reading';

/** A pod template that a workload once ran and the cluster still has. */
export const Revision = z.object({
  replicaSet: z.string(),
  revision: z
    .nullable(z.string())
    .check(z.describe('The number that kubectl shows; it moves when it is used again')),
  version: z.string(),
  image: z.string(),
  createdAt: z.nullable(z.string()),
  isCurrent: z.boolean(),
});
export type Revision = z.infer<typeof Revision>;

/** GET /api/v1/services/{service}/revisions?environment=&region= */
export const RevisionList = z.object({ revisions: readingOf(z.array(Revision)) });
export type RevisionList = z.infer<typeof RevisionList>;

/** One colour of a pair: what runs there and how many of the requests it is sent. */
export const ColourNow = z.object({
  colour: z.enum(colours),
  version: z.nullable(z.string()).check(z.describe('Null: the Deployment has no pods that say so')),
  share: z.nullable(z.number()).check(z.describe('Part of the requests by weight, 0-1; null: not known')),
  pods: z.int(),
  ready: z.int(),
});
export type ColourNow = z.infer<typeof ColourNow>;

/** GET /api/v1/services/{service}/colours?environment=&region= */
export const ColourList = z.object({
  colours: readingOf(z.nullable(z.array(ColourNow))).check(z.describe('Null: the place has no pair')),
});
export type ColourList = z.infer<typeof ColourList>;
