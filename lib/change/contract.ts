import * as z from 'zod/mini';
import { roles } from '@/lib/access/model';
import { CopyView } from '@/lib/backup/contract';
import { changeKinds } from '@/lib/core/change-kind';
import { ChangeId, Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';
import { RestoreView } from './data/restore/contract';
import { outcomes } from './history/model';
import { IncidentView } from './incident/contract';
import { MeasuredView, MeasurementView, ObservationView } from './measured-contract';
import { changeStates, stepStates } from './model';
import { DeployPlan, DiffLine, Precheck } from './plan-contract';
import { ColourNow } from './revision-contract';
import { ChangeRow, ReviewRow } from './row-contract';
import { WatchView } from './watch/contract';

export { MeasuredView, MeasurementView, ObservationView } from './measured-contract';
export {
  DeployPlan,
  DiffLine,
  ImageTag,
  PlanStep,
  PlanView,
  Precheck,
  RequestPlan,
} from './plan-contract';
export { ColourList, ColourNow, KnownGood, Revision, RevisionList } from './revision-contract';
export { ChangeRow };

const At = z.iso.datetime();
const Seconds = z.number().check(z.minimum(0));

/** Of a change that is hard to undo; other kinds have no use for it. */
const ConfirmedName = z
  .optional(z.string().check(z.maxLength(200)))
  .check(z.describe('Of a restore: the id of its service, typed by whoever does this'));

/** POST /api/v1/changes */
export const RequestChange = z.strictObject({
  planId: z.uuid(),
  planHash: z.string(),
  reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(2000)),
  ticket: z.optional(z.string().check(z.trim(), z.maxLength(80))),
  runWhenApproved: z._default(z.boolean(), true),
  confirmedName: ConfirmedName,
});
export type RequestChange = z.input<typeof RequestChange>;

/** POST …/sign-offs */
export const SignChange = z.strictObject({
  role: z.enum(roles),
  planHash: z.string(),
  comment: z.optional(z.string().check(z.trim(), z.maxLength(2000))),
  confirmedName: ConfirmedName,
});
/** POST …/rejection */
export const RejectChange = z.strictObject({
  role: z.enum(roles),
  planHash: z.string(),
  reason: z.string().check(z.trim(), z.minLength(1, 'say why'), z.maxLength(2000)),
});
/** POST …/statement: how a change ended that the database no longer knows enough of. */
export const StateOutcome = z.strictObject({
  outcome: z.enum(['Succeeded', 'BackedOut', 'Failed']),
  reason: z.string().check(z.trim(), z.minLength(1, 'say what you saw'), z.maxLength(2000)),
});
/** POST …/review: a lead has looked at a way back that one person ordered. */
export const ReviewChange = z.strictObject({
  note: z.string().check(z.trim(), z.minLength(1, 'say what you found'), z.maxLength(2000)),
});

/** POST …/withdrawal, cancellation, pause, resumption, abort */
export const SteerChange = z.strictObject({
  reason: z.string().check(z.trim(), z.minLength(1, 'say why'), z.maxLength(2000)),
});
/** POST …/start */
export const StartChange = z.extend(SteerChange, { confirmedName: ConfirmedName });

/** POST …/promotion: goes on with the next step before the time of the current one is over. */
export const PromoteChange = z.strictObject({
  reason: z.string().check(z.trim(), z.minLength(1, 'say why'), z.maxLength(2000)),
  expectedStep: z
    .int()
    .check(z.minimum(1), z.describe('The step that was seen running; another one is not skipped')),
});
export type PromoteChange = z.infer<typeof PromoteChange>;

export const RequestedChange = z.object({ id: ChangeId });

/** GET /api/v1/changes */
export const ChangeList = z.object({ changes: z.array(ChangeRow), next: z.nullable(z.string()) });

export const SignOffView = z.object({
  role: z.enum(roles),
  roleName: z.string(),
  state: z.enum(['missing', 'yours', 'signed', 'rejected']),
  userName: z.nullable(z.string()),
  at: z.nullable(At),
  comment: z.nullable(z.string()),
  because: z.nullable(z.string()).check(z.describe('Why this role signs beside the usual ones')),
  /** Who could sign in this role. */
  eligible: z.array(z.string()),
});

export const StepView = z.object({
  n: z.int(),
  kind: z.string(),
  title: z.string(),
  state: z.enum(stepStates),
  startedAt: z.nullable(At),
  finishedAt: z.nullable(At),
  usualSeconds: z.nullable(z.int()),
  detail: z.nullable(z.string()),
});

/** The time with the weights as they are that runs now; only time with readable metrics counts. */
export const HoldNow = z.object({
  step: z.int(),
  goodSeconds: Seconds,
  needSeconds: Seconds,
  isCounting: z.boolean(),
  detail: z.string().check(z.describe('What the hold still lacks, or why its time does not count now')),
});
export type HoldNow = z.infer<typeof HoldNow>;

const wantedNow = z.number().check(z.describe('Part of the requests that the current step wants, 0-1'));

/** The colours of one region now, and the shares that the plan wants at this step. */
export const RegionTraffic = z.object({
  region: Slug,
  baseline: z
    .optional(
      z.object({
        version: z.nullable(z.string()),
        share: z.nullable(z.number()),
        pods: z.int(),
        ready: z.int(),
        wanted: wantedNow,
      }),
    )
    .check(z.describe('Pods of the old version that the canary is compared with; absent without them')),
  colours: readingOf(
    z.array(
      z.extend(ColourNow, {
        part: z.enum(['new', 'old']),
        wanted: wantedNow,
      }),
    ),
  ),
});
export type RegionTraffic = z.infer<typeof RegionTraffic>;

/** What the cluster shows of the rollout now. */
export const RolloutNow = z.object({
  desired: z.int(),
  updated: z.int(),
  ready: z.int(),
  available: z.int(),
  oldPods: z.int(),
  paused: z.boolean(),
  runningVersions: z.array(z.object({ version: z.string(), pods: z.int(), ready: z.int() })),
});

/** GET /api/v1/changes/{change} */
export const ChangeView = z.object({
  change: z.extend(ChangeRow, {
    reason: z.string(),
    ticket: z.nullable(z.string()),
    runWhenApproved: z.boolean(),
    planHash: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    hold: z.nullable(z.object({ kind: z.string(), sentence: z.string(), since: At })),
    outcome: z.nullable(
      z.object({
        sentence: z.string(),
        kept: z
          .array(z.string())
          .check(
            z.describe('Of one that went back: the regions that keep the new version, as its plan says'),
          ),
      }),
    ),
    approvedAt: z.nullable(At),
    startedAt: z.nullable(At),
    watchUntil: z.nullable(At),
    /** Null: nobody ordered it back alone. */
    review: z.nullable(
      z.object({
        dueAt: At,
        reviewed: z.nullable(z.object({ by: z.string(), at: At, note: z.string() })),
      }),
    ),
    version: z.int(),
  }),
  plan: DeployPlan,
  effect: z.string().check(z.describe('What the plan does and how it goes back, in a sentence')),
  checks: z
    .nullable(z.object({ at: At, prechecks: z.array(Precheck) }))
    .check(
      z.describe('What the checks of the plan found, and when; null: an earlier version did not keep it'),
    ),
  signOffs: z.array(SignOffView),
  steps: z.array(StepView),
  measurements: z.array(MeasurementView).check(z.describe('The newest readings, oldest first')),
  measured: z.array(MeasuredView),
  observations: z.array(ObservationView).check(z.describe('The newest lines of the log, oldest first')),
  /** How many lines are older than these: GET …/log has them. */
  olderObservations: z.int(),
  rollout: readingOf(RolloutNow),
  /** Of a change that makes a copy of a database, of a restore the safety copy; null before it is asked for. */
  copy: z.nullable(CopyView),
  /** Of a restore; null of every other change. */
  restore: z.nullable(RestoreView),
  /** Of a staged change: a line per region; empty otherwise. */
  traffic: z.array(RegionTraffic),
  holding: z.nullable(HoldNow),
  /** The way back as kubectl commands; null of a change of a database. */
  script: z.nullable(z.string()),
  /** Owner, timer and next action of the state (change-engine.md 2.6: every state shows all three). */
  owner: z.string(),
  timer: z.object({
    label: z.string(),
    at: z.nullable(At),
    limitSeconds: z
      .nullable(Seconds)
      .check(z.describe('Without progress for this long it ends; null where no such clock runs')),
  }),
  next: z.string(),
  /** What the signed-in person may do, and why not. */
  you: z.object({
    isRequester: z.boolean(),
    signRoles: z.array(z.enum(roles)),
    refusals: z.object({
      sign: z.nullable(z.string()),
      reject: z.nullable(z.string()),
      withdraw: z.nullable(z.string()),
      start: z.nullable(z.string()),
      cancel: z.nullable(z.string()),
      abort: z.nullable(z.string()),
      pause: z.nullable(z.string()),
      resume: z.nullable(z.string()),
      promote: z.nullable(z.string()),
      state: z.nullable(z.string()),
      review: z.nullable(z.string()),
    }),
  }),
  /** Drift of the live baseline against the plan, found while in review. */
  drift: z.array(DiffLine),
  incidents: z.array(IncidentView),
  /** After it succeeded (CLS-05); null when it is not watched. */
  watch: z.nullable(WatchView),
});
export type ChangeView = z.infer<typeof ChangeView>;

/** GET /api/v1/approvals */
export const ApprovalsView = z.object({
  yours: z.array(
    z.extend(ChangeRow, { reason: z.string(), roles: z.array(z.enum(roles)), risk: z.array(z.string()) }),
  ),
  requested: z.array(ChangeRow),
  toReview: z
    .array(ReviewRow)
    .check(z.describe('Ordered back by one person, and not looked at by a lead yet')),
  lastDecided: z.array(ChangeRow),
});
export type ApprovalsView = z.infer<typeof ApprovalsView>;

/** Query of GET /api/v1/changes. `state` is one state, or open, running or review. */
export const ChangeListQuery = z.object({
  service: z.optional(Slug),
  environment: z.optional(Slug),
  kind: z.optional(z.enum(changeKinds)),
  outcome: z.optional(z.enum(outcomes)),
  state: z.optional(z.enum(['open', 'running', 'review', ...changeStates])),
  before: z.optional(ChangeId),
});

/** The answer of a command to a change. */
export const CommandDone = z.object({ id: ChangeId });
export const RequestedPlan = z.object({ id: z.uuid() });
export const ChangeParams = z.object({ change: ChangeId });
export const PlanParams = z.object({ plan: z.uuid() });
