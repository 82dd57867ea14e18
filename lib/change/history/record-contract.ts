import * as z from 'zod/mini';
import { roles } from '@/lib/access/model';
import { CopyView } from '@/lib/backup/contract';
import { changeKinds } from '@/lib/core/change-kind';
import { ChangeId, Slug } from '@/lib/core/ids';
import { Data } from '../data/contract';
import { RestoreView } from '../data/restore/contract';
import { changeStates } from '../model';
import { Precheck } from '../plan-contract';
import { objectParts } from '../staged/contract';
import { WatchTierView } from '../watch/contract';
import { ChangeCost } from './contract';
import { outcomes } from './model';

const At = z.iso.datetime();
const Seconds = z.number().check(z.minimum(0));

/** Query of GET /api/v1/changes/{change}/record. */
export const RecordQuery = z.object({ format: z._default(z.enum(['json', 'text']), 'json') });
export type RecordFormat = z.infer<typeof RecordQuery>['format'];

const Image = z.object({
  version: z.string(),
  image: z.string(),
  digest: z
    .nullable(z.string())
    .check(z.describe('What the image is pinned to, or what its pods ran; null: the plan knows a tag only')),
});

/** GET /api/v1/changes/{change}/record: everything that is kept of one change (DEP-10). */
export const ChangeRecord = z.object({
  v: z.literal(1),
  id: ChangeId,
  kind: z.enum(changeKinds),
  title: z.string(),
  service: z.object({ id: Slug, name: z.string() }),
  environment: Slug,
  region: Slug,
  regions: z.array(Slug).check(z.describe('In the order in which they were taken')),
  cluster: Slug,
  namespace: Slug,
  workload: z.string(),
  strategy: z.string(),
  objects: z
    .array(
      z.object({
        kind: z.string(),
        cluster: z.string(),
        namespace: z.string(),
        name: z.string(),
        part: z.enum(objectParts),
      }),
    )
    .check(
      z.describe('What the plan writes or must find unchanged; the workload alone when it has one write'),
    ),
  data: z.nullable(Data).check(z.describe('Of a change of a database: what it was asked to do')),
  copy: z.nullable(CopyView).check(z.describe('The copy that it made; null: none')),
  restore: z
    .nullable(RestoreView)
    .check(z.describe('Of a restore: what came of it, without the evidence of its checks')),
  from: Image,
  to: Image,
  undo: Image,
  labels: z.object({
    version: z.string(),
    deployment_date: z.nullable(z.string()).check(z.describe('UTC day of the start; null: never started')),
  }),
  state: z.enum(changeStates),
  outcome: z.enum(outcomes),
  sentence: z.string(),
  requester: z.string(),
  reason: z.string(),
  ticket: z.nullable(z.string()),
  times: z.object({
    requestedAt: At,
    approvedAt: z.nullable(At),
    startedAt: z.nullable(At),
    finishedAt: z.nullable(At),
    seconds: z.nullable(Seconds),
  }),
  policy: z.string(),
  checks: z
    .nullable(z.object({ at: At, prechecks: z.array(Precheck) }))
    .check(z.describe('What the checks of the plan found, and when; null: not kept')),
  signOffs: z.array(
    z.object({
      role: z.enum(roles),
      roleName: z.string(),
      name: z.string(),
      decision: z.string(),
      at: At,
      comment: z.nullable(z.string()),
      planHash: z.string(),
      voidedAt: z.nullable(At),
      voidReason: z.nullable(z.string()),
    }),
  ),
  review: z
    .nullable(
      z.object({
        dueAt: z.nullable(At),
        at: z.nullable(At),
        by: z.nullable(z.string()),
        note: z.nullable(z.string()),
      }),
    )
    .check(
      z.describe('Of a way back that one person ordered: a lead looks at it afterwards; null: none is due'),
    ),
  planHash: z.string(),
  planHashFits: z.boolean().check(z.describe('The hash of the plan below, counted again, is the one signed')),
  plan: z.unknown(),
  steps: z.array(
    z.object({
      n: z.int(),
      kind: z.string(),
      title: z.string(),
      state: z.string(),
      startedAt: z.nullable(At),
      finishedAt: z.nullable(At),
      detail: z.nullable(z.string()),
    }),
  ),
  writes: z.array(
    z.object({
      intent: z.string(),
      verb: z.string(),
      target: z.string(),
      epoch: z.int(),
      onBehalfOf: z.string(),
      intendedAt: At,
      resolvedAt: z.nullable(At),
      result: z.nullable(z.string()),
    }),
  ),
  commands: z.array(
    z.object({
      kind: z.string(),
      by: z.string(),
      reason: z.string(),
      at: At,
      expectedStep: z
        .nullable(z.int())
        .check(z.describe('Of a promotion: the step that the person saw running')),
      result: z.nullable(z.string()),
    }),
  ),
  log: z.array(
    z.object({ seq: z.int(), at: At, step: z.nullable(z.int()), kind: z.string(), sentence: z.string() }),
  ),
  measurements: z.array(
    z.object({
      at: At,
      verdict: z.string(),
      total: z.nullable(z.number()),
      failed: z.nullable(z.number()),
      query: z.string(),
      detail: z.nullable(z.string()),
      step: z.int(),
      region: z.nullable(z.string()),
      proves: z
        .boolean()
        .check(z.describe('It tells whether the requests follow the weights, and nothing else')),
      share: z
        .nullable(z.number())
        .check(z.describe('Measured part of the requests that the new version had')),
      baselineTotal: z.nullable(z.number()).check(z.describe('Of the old version in the same window')),
      baselineFailed: z.nullable(z.number()),
      answer: z.unknown().check(z.describe('What the source answered, raw; null: not kept')),
    }),
  ),
  watch: z.array(WatchTierView).check(z.describe('Looks at it after it succeeded; empty: none')),
  audit: z.object({
    entries: z.array(
      z.object({
        seq: z.int(),
        at: At,
        action: z.string(),
        actor: z.string(),
        result: z.string(),
        leaf: z.string().check(z.describe('SHA-256 leaf of the entry in the log')),
      }),
    ),
    waiting: z.int().check(z.describe('Entries of this change that have no place in the log yet')),
  }),
  cost: ChangeCost,
  cut: z.array(z.string()).check(z.describe('Lists that are longer than a record holds')),
  madeAt: At,
});
export type ChangeRecord = z.infer<typeof ChangeRecord>;
