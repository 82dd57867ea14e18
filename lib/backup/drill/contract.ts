import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { Evidence, objectiveStates, ScheduleView } from '../contract';
import { drillCauses, drillPhases, drillStates } from './model';

const At = z.iso.datetime();
const Seconds = z.number().check(z.minimum(0));
const Count = z.int().check(z.minimum(0));

/** A part of a restore and how long it took. */
export const PhaseView = z.object({ phase: z.enum(drillPhases), seconds: Seconds });
export type PhaseView = z.infer<typeof PhaseView>;

/** One rehearsed restore. */
export const DrillView = z.object({
  id: z.uuid(),
  database: Slug,
  copy: z.nullable(z.uuid()).check(z.describe('Null: no copy could be rehearsed')),
  object: z.nullable(z.string()),
  snapshotAt: z.nullable(At).check(z.describe('The data of the copy is of this moment')),
  cause: z.enum(drillCauses),
  requestedBy: z.nullable(z.string()).check(z.describe('Null: the schedule')),
  state: z.enum(drillStates),
  phase: z
    .nullable(z.enum(drillPhases))
    .check(z.describe('Under way: what is done now. Failed or cancelled: where it ended')),
  phases: z.array(PhaseView).check(z.describe('Those that ended, in their order')),
  seconds: Seconds.check(z.describe('All phases together, without the drop of the scratch database')),
  bytes: z.nullable(Count),
  requestedAt: At,
  startedAt: z.nullable(At),
  finishedAt: z.nullable(At),
  sentence: z.nullable(z.string()).check(z.describe('What came of it')),
  isFaultOfCopy: z
    .boolean()
    .check(z.describe('Failed: the copy is spoilt; otherwise something stood in the way')),
  evidence: z.array(Evidence),
});
export type DrillView = z.infer<typeof DrillView>;

/** How long a restore takes (RTO) against its objective. `unknown`: no drill has passed in 30 days. */
export const RecoveryTime = z.object({
  state: z.enum(objectiveStates),
  objectiveSeconds: Seconds,
  isOfTier: z.boolean().check(z.describe('False: signalbox.yaml has another objective than the tier')),
  seconds: z
    .nullable(Seconds)
    .check(z.describe('By the newest passed drill, scaled to the newest good copy; without the switch')),
  phases: z.array(PhaseView).check(z.describe('Scaled too')),
  drillAt: z.nullable(At),
  sentence: z.string(),
});
export type RecoveryTime = z.infer<typeof RecoveryTime>;

/** A copy that can be rehearsed. */
export const DrillChoice = z.object({
  copy: z.uuid(),
  snapshotAt: At,
  bytes: Count,
  level: z.int(),
});
export type DrillChoice = z.infer<typeof DrillChoice>;

/** The drills of one database. */
export const DrillsView = z.object({
  database: Slug,
  recoveryTime: RecoveryTime,
  schedule: z.nullable(ScheduleView),
  underWay: z.nullable(DrillView),
  last: z.nullable(DrillView).check(z.describe('The newest one that ended')),
  lastPassed: z.nullable(DrillView),
  choices: z.array(DrillChoice).check(z.describe('Newest first, 60 at most')),
  refusal: z.nullable(z.string()).check(z.describe('Why none can be begun now')),
});
export type DrillsView = z.infer<typeof DrillsView>;

/** GET /api/v1/backups/drills?environment= */
export const DrillList = z.object({ databases: z.array(DrillsView), mayRehearse: z.boolean() });
export type DrillList = z.infer<typeof DrillList>;

/** POST /api/v1/backups/drills/{database}: without `copy` the newest good one. */
export const RequestDrill = z.strictObject({ copy: z.optional(z.uuid()) });
export type RequestDrill = z.infer<typeof RequestDrill>;

export const RequestedDrill = z.object({
  drill: z.uuid(),
  database: Slug,
  copy: z.uuid(),
  object: z.string(),
});
export type RequestedDrill = z.infer<typeof RequestedDrill>;
