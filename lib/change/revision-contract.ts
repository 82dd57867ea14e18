import * as z from 'zod/mini';
import { colours } from '@/lib/config/colours';
import { readingOf } from '@/lib/core/reading';
import { revisionGrades } from './revision/standing';

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
  isLastKnownGood: z.boolean().check(z.describe('What a rollback with `lastKnownGood` comes to now')),
  grade: z
    .nullable(z.enum(revisionGrades))
    .check(
      z.describe(
        'By the record: good; ran (its requests were not judged); worse, went-back, failed or left (rolled back). Null: never judged by this console',
      ),
    ),
  why: z.nullable(z.string()).check(z.describe('"c-12 brought it and its watch ended well"')),
  since: z.nullable(z.string()),
});
export type Revision = z.infer<typeof Revision>;

/** What "to the last known good" comes to at a place: a ReplicaSet, or why there is none and what to do. */
export const KnownGood = z.object({
  replicaSet: z.nullable(z.string()),
  sentence: z.string(),
  next: z.nullable(z.string()),
});
export type KnownGood = z.infer<typeof KnownGood>;

/** GET /api/v1/services/{service}/revisions?environment=&region= */
export const RevisionList = z.object({
  revisions: readingOf(z.array(Revision)),
  lastKnownGood: z.nullable(KnownGood).check(z.describe('Null while the revisions cannot be read')),
});
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

/** The name of a ReplicaSet: an RFC 1123 subdomain. */
const ReplicaSetName = z
  .string()
  .check(z.regex(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/, 'must be the name of a ReplicaSet'));

/** Where a rollback goes back to: a revision by name, the last known good, or (neither) the other colour of the pair. */
export const backTo = {
  replicaSet: z
    .optional(ReplicaSetName)
    .check(z.describe('The revision to go back to, by its ReplicaSet; absent: the other colour of the pair')),
  lastKnownGood: z
    .optional(z.literal(true))
    .check(
      z.describe(
        'In place of a ReplicaSet: the newest revision that the record knows as good; the plan names it',
      ),
    ),
};

export const oneWayBack = z.refine<{ replicaSet?: string | undefined; lastKnownGood?: true | undefined }>(
  ({ replicaSet, lastKnownGood }) => replicaSet === undefined || lastKnownGood === undefined,
  {
    path: ['lastKnownGood'],
    error: 'must not stand beside replicaSet: name the revision, or leave it to the record',
  },
);

/** Of a plan of a rollback to a revision: which one it came to, and what the record said of it then. */
export const PlannedRevision = z.object({
  replicaSet: z.string(),
  number: z.nullable(z.string()).check(z.describe('The number that kubectl shows')),
  isLastKnownGood: z.boolean().check(z.describe('It was asked for as that')),
  grade: z.nullable(z.enum(revisionGrades)).check(z.describe('Null: never judged by this console')),
  why: z.nullable(z.string()),
  since: z.nullable(z.iso.datetime()),
});
export type PlannedRevision = z.infer<typeof PlannedRevision>;

/** Requests of what a plan goes back to, in the window of the guard when the plan was made: they passed. */
export const Served = z.object({ total: z.number(), failed: z.number() });
