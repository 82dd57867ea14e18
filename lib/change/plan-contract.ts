import * as z from 'zod/mini';
import { roles } from '@/lib/access/model';
import { colours } from '@/lib/config/colours';
import { changeKinds } from '@/lib/core/change-kind';
import { Slug } from '@/lib/core/ids';
import { BackendStart, Data } from './data/contract';
import { PlanApi } from './plan/api-contract';
import { GoesBack, PlanGate } from './plan/gate-contract';
import { backTo, oneWayBack, PlannedRevision, Served } from './revision-contract';
import { Forecast, migrationClasses, Staged, stagedStrategies } from './staged/contract';

const At = z.iso.datetime();
const Seconds = z.number().check(z.minimum(0));

/** An image tag as registries accept it. */
export const ImageTag = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'must be an image tag such as 3.2.0'));

/** A name as a container takes it for a variable of its environment (C_IDENTIFIER of Kubernetes). */
export const EnvName = z
  .string()
  .check(
    z.maxLength(253),
    z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable such as POOL_SIZE'),
  );

const DatabaseId = Slug.check(z.describe('A database of signalbox.yaml that belongs to this place'));

const place = { service: Slug, environment: Slug, region: Slug };

export const deployStrategies = ['rolling', 'blue-green', 'canary', 'gradual', 'big-bang'] as const;

const waves = {
  regions: z
    .optional(z.array(Slug).check(z.minLength(1), z.maxLength(20)))
    .check(z.describe('Regions in the order in which they are taken (TRF-06); absent: `region` alone')),
  onFailure: z
    .optional(z.enum(['back-out-all', 'keep-finished']))
    .check(z.describe('What becomes of finished regions when a later one fails; all go back when absent')),
};

/** POST /api/v1/plans: asks a worker for the plan of one change to one workload. */
export const RequestPlan = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('deploy'),
    ...place,
    version: ImageTag,
    strategy: z.optional(z.enum(deployStrategies)).check(z.describe('Rolling when absent')),
    redeploy: z
      .optional(z.boolean())
      .check(z.describe('Meant: the version runs already, or its tag is one that moves (X-16)')),
    migration: z
      .optional(z.enum(migrationClasses))
      .check(
        z.describe('Of a deploy in steps: the database is migrated before the first request; absent: not'),
      ),
    maintenance: z
      .optional(z.boolean())
      .check(z.describe('Of a deploy that migrates: all requests are refused meanwhile (DEP-17)')),
    ...waves,
  }),
  z
    .strictObject({ kind: z.literal('rollback'), ...place, ...backTo, regions: waves.regions })
    .check(oneWayBack),
  z.strictObject({
    kind: z.literal('shift'),
    ...place,
    colour: z.enum(colours),
    weight: z
      ._default(z.int().check(z.minimum(1), z.maximum(100)), 100)
      .check(z.describe('Percent to the colour')),
    ...waves,
  }),
  z
    .strictObject({
      kind: z.literal('scale'),
      ...place,
      replicas: z
        .int()
        .check(z.minimum(0), z.maximum(1000), z.describe('0 of the idle colour of a pair alone')),
      colour: z
        .optional(z.enum(colours))
        .check(z.describe('Of a pair; absent: the colour that takes the requests')),
    })
    .check(
      z.refine(({ replicas, colour }) => replicas > 0 || colour !== undefined, {
        path: ['replicas'],
        error: 'must be at least 1: only the idle colour of a pair can be scaled to 0',
      }),
    ),
  z.strictObject({ kind: z.literal('restart'), ...place }),
  z.strictObject({
    kind: z.literal('set-env'),
    ...place,
    name: EnvName,
    value: z.string().check(z.maxLength(4096)),
  }),
  z.strictObject({ kind: z.literal('backup'), ...place, database: DatabaseId }),
  z.strictObject({
    kind: z.literal('end-session'),
    ...place,
    database: DatabaseId,
    pid: z
      .int()
      .check(z.minimum(1), z.maximum(2 ** 31 - 1), z.describe('Process of the session at the server')),
    startedAt: BackendStart.check(
      z.describe('When the session began, by the server (backend_start): a process number is used again'),
    ),
  }),
  z.strictObject({
    kind: z.literal('restore'),
    ...place,
    database: DatabaseId,
    copy: z.uuid().check(z.describe('The copy whose data the database has afterwards')),
    safetyCopy: z
      .optional(z.boolean())
      .check(
        z.describe(
          'False: none is made before, for a database that cannot be dumped any more; made when absent',
        ),
      ),
  }),
]);
export type RequestPlan = z.infer<typeof RequestPlan>;

/** One changed field of the server-side dry run; `path` is a JSON path, values are shown as text. */
export const DiffLine = z.object({
  object: z
    .optional(z.string())
    .check(z.describe('Of a plan over several objects: the key of the object that has the field')),
  path: z.string(),
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
});
export type DiffLine = z.infer<typeof DiffLine>;

export const PlanStep = z.object({
  n: z.int(),
  kind: z.enum([
    'patch',
    'rollout',
    'watch',
    'write',
    'ready',
    'prove',
    'hold',
    'drain',
    'job',
    'copy',
    'verify',
    'end',
    'close',
    'load',
    'switch',
  ]),
  title: z.string(),
  usualSeconds: z.nullable(z.int()),
  detail: z.string(),
});
export type PlanStep = z.infer<typeof PlanStep>;

/** The part that is hashed and signed (RFC 8785, SHA-256): everything that decides what will be done. */
export const DeployPlan = z.object({
  v: z.literal(1),
  kind: z.enum(changeKinds),
  strategy: z.enum(['rolling', ...stagedStrategies]),
  service: Slug,
  environment: Slug,
  region: Slug,
  cluster: Slug,
  clusterUid: z.string().check(z.describe('uid of the kube-system namespace')),
  target: z.object({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    namespace: Slug,
    name: Slug,
    uid: z.string(),
    container: Slug,
  }),
  from: z.object({
    version: z.string(),
    image: z.string(),
    digest: z.optional(z.string().check(z.describe('Of what the pods run, as the cluster says'))),
  }),
  to: z.object({
    version: z.string(),
    image: z.string(),
    digest: z.optional(z.string().check(z.describe('What the tag stood for; the image is pinned to it'))),
  }),
  /** Asked for although the version runs already, or its tag is one that moves. */
  redeploy: z.optional(z.literal(true)),
  /** What is written, except by a deploy: that replaces the image of the template it finds. */
  write: z.optional(
    z.object({
      template: z.optional(z.string().check(z.describe('Canonical JSON of the pod template'))),
      replicas: z.optional(z.int()),
    }),
  ),
  /** What else than the version changes, in words: "3 pods" to "6 pods", "POOL_SIZE 20" to "POOL_SIZE 40". */
  effect: z.optional(z.object({ what: z.string(), from: z.string(), to: z.string() })),
  replicas: z.int(),
  maxSurge: z.string(),
  maxUnavailable: z.string(),
  minReadySeconds: z.int(),
  baseline: z
    .string()
    .check(z.describe('SHA-256 over the pod template, strategy and selector the plan was made from')),
  baselineSpec: z
    .optional(z.string())
    .check(
      z.describe('These, as canonical JSON: what has moved since can be told. Of a change of one Deployment'),
    ),
  undo: z.object({
    version: z.string(),
    image: z.string(),
    digest: z.optional(z.string().check(z.describe('Of what its pods run, as the cluster says'))),
    replicaSet: z.string(),
    replicaSetUid: z.string(),
    template: z.string().check(z.describe('Canonical JSON of the pod template to go back to')),
    replicas: z.optional(z.int().check(z.describe('When the change sets them'))),
    served: z.optional(Served),
    isKnownGood: z.optional(
      z
        .boolean()
        .check(z.describe('False: what ran before was not healthy, so the change never goes back by itself')),
    ),
  }),
  revision: z.optional(PlannedRevision),
  diff: z.array(DiffLine),
  steps: z.array(PlanStep),
  /** Of one write of one Deployment: what it may cost. Absent where nothing new takes requests. */
  forecast: z.optional(Forecast),
  guard: z.object({
    query: z.object({ total: z.string(), failed: z.string() }),
    windowSeconds: Seconds,
    intervalSeconds: Seconds,
    minRequests: z.int(),
    maxErrorRatio: z.number(),
    graceSeconds: Seconds,
    judges: z
      .optional(z.boolean())
      .check(z.describe('False: what is changed takes no requests, so there is nothing to judge')),
  }),
  timing: z.object({
    watchSeconds: Seconds,
    rolloutDeadlineSeconds: Seconds,
    maxHoldSeconds: Seconds,
    queueTtlSeconds: Seconds,
    signOffTtlSeconds: Seconds,
  }),
  policy: z.object({ id: z.string(), signOffs: z.array(z.enum(roles)), reasonMinLength: z.int() }),
  /** Several writes over several objects; absent: one write of `target` and its rollout. */
  staged: z.optional(Staged),
  /** Of a change that acts on a database; the Deployment of the service is then left as it is. */
  data: z.optional(Data),
  /** Absent: no policy asks the error budget there. */
  gate: z.optional(PlanGate),
  goesBack: z.optional(GoesBack),
  api: z.optional(z.array(PlanApi)),
});
export type DeployPlan = z.infer<typeof DeployPlan>;

/** A check of the moment: shown beside the plan, not part of what is signed. `fail` blocks the request. */
export const Precheck = z.object({
  id: z.string(),
  title: z.string(),
  result: z.enum(['pass', 'warn', 'fail']),
  detail: z.string(),
});
export type Precheck = z.infer<typeof Precheck>;

/** GET /api/v1/plans/{plan} */
export const PlanView = z.object({
  id: z.uuid(),
  state: z.enum(['pending', 'answered', 'failed', 'expired']),
  input: RequestPlan,
  createdAt: At,
  expiresAt: At,
  answeredAt: z.nullable(At),
  workerAlive: z.boolean(),
  plan: z.nullable(DeployPlan),
  planHash: z.nullable(z.string()),
  prechecks: z.array(Precheck),
  problem: z.nullable(z.object({ message: z.string(), next: z.optional(z.string()) })),
  /** With no worker alive: a diff made from reads, marked so; such a plan cannot be sent for sign-off. */
  readDiff: z.nullable(z.array(DiffLine)),
  /** Why it cannot be requested now; null when it can. */
  blocked: z.nullable(z.string()),
  sentence: z.nullable(z.string()).check(z.describe('The effect in one sentence')),
  script: z
    .nullable(z.string())
    .check(z.describe('The way back as kubectl commands, for when nothing else answers; null of a database')),
});
export type PlanView = z.infer<typeof PlanView>;
