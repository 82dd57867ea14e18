import * as z from 'zod/mini';
import { ChangeId, Slug } from '@/lib/core/ids';
import { checkResults, copyCauses, copyStates } from './model';
import { SetAsideView } from './restore/contract';

const At = z.iso.datetime();
const Seconds = z.number().check(z.minimum(0));
const Count = z.int().check(z.minimum(0));
const Level = z
  .nullable(z.int().check(z.minimum(0), z.maximum(4)))
  .check(z.describe('The level of the ladder that stands; null is unknown, never good'));

/** What a check found: what was looked at, what it should be, what it is. */
export const Evidence = z.object({
  what: z.string(),
  expected: z.nullable(z.string()),
  found: z.string(),
  isRight: z.nullable(z.boolean()).check(z.describe('Null: worth knowing, judged by nobody')),
});
export type Evidence = z.infer<typeof Evidence>;

/** One look at one level of the ladder. */
export const CheckView = z.object({
  level: z.int().check(z.minimum(0), z.maximum(4)),
  result: z.enum(checkResults),
  at: At,
  tool: z.string(),
  toolVersion: z.string(),
  sentence: z.string(),
  evidence: z.array(Evidence),
  seconds: Seconds,
});
export type CheckView = z.infer<typeof CheckView>;

/** Why a copy stays whatever retention says. */
export const Pin = z.object({ reason: z.string(), by: z.string(), at: At });
export type Pin = z.infer<typeof Pin>;

/** One attempt at a copy. */
export const CopyView = z.object({
  id: z.uuid(),
  database: Slug,
  cause: z.enum(copyCauses),
  change: z.nullable(ChangeId).check(z.describe('The change that asked for it')),
  state: z.enum(copyStates),
  object: z.string().check(z.describe('The name of its file in the folder of the database')),
  slotAt: z.nullable(At).check(z.describe('The moment of the schedule that it answers')),
  missedSlots: Count.check(z.describe('Earlier moments that passed without a copy, and that it stands for')),
  startedAt: At.check(z.describe('Of one that is wanted: when it was asked for')),
  snapshotAt: z.nullable(At).check(z.describe('The data in it is of this moment')),
  finishedAt: z.nullable(At),
  bytes: z.nullable(Count),
  sha256: z.nullable(z.string()),
  serverVersion: z.nullable(z.string()),
  dumpVersion: z.nullable(z.string()),
  job: z
    .nullable(z.string())
    .check(z.describe('The Job that makes it: cluster/namespace/name; null: a worker')),
  level: Level,
  isSpoilt: z.boolean().check(z.describe('The latest look at one of its levels failed')),
  provenAt: z
    .nullable(At)
    .check(z.describe('When it was last restored and right (L4); null: never, or its last restore was not')),
  isUnusualSize: z.boolean().check(z.describe('More than 30 % off the median of the seven copies before it')),
  error: z.nullable(z.string()),
  pins: z.array(Pin),
  deleteAfter: z.nullable(At),
  deletedAt: z.nullable(At),
});
export type CopyView = z.infer<typeof CopyView>;

/** A copy with everything that is known of it. Checks are newest first, the repeated ones included. */
export const CopyDetail = z.extend(CopyView, {
  databaseName: z.string(),
  checks: z.array(CheckView),
  log: z.string().check(z.describe('What the tools said, without secrets')),
});
export type CopyDetail = z.infer<typeof CopyDetail>;

export const ScheduleView = z.object({
  cron: z.string(),
  timeZone: z.string(),
  words: z.string().check(z.describe('Such as: every day at 02:00 (Europe/Berlin)')),
  next: z.array(At).check(z.describe('The next three runs')),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

/** Moments of the schedule since the last copy that is kept, for which there is none. */
export const MissedRuns = z.object({
  slots: z.int().check(z.minimum(1)),
  firstAt: At,
  lastAt: At,
  sentence: z.string(),
});
export type MissedRuns = z.infer<typeof MissedRuns>;

/** `within`: the newest good copy is younger than the objective. `unknown`: there is no good copy. */
export const objectiveStates = ['within', 'over', 'unknown'] as const;

/** What may be lost (RPO), what would be lost now, and what the schedule can reach at best. */
export const RecoveryPoint = z.object({
  state: z.enum(objectiveStates),
  objectiveSeconds: Seconds,
  isOfTier: z.boolean().check(z.describe('False: signalbox.yaml has another objective than the tier')),
  ageSeconds: z.nullable(Seconds).check(z.describe('Since the snapshot of the newest good copy')),
  worstSeconds: z.nullable(Seconds).check(z.describe('The longest time without a newer one in 30 days')),
  achievableSeconds: z
    .nullable(Seconds)
    .check(z.describe('The longest pause of the schedule and the longest recent run; null without one')),
  canReach: z.nullable(z.boolean()).check(z.describe('Whether the schedule can keep the objective at all')),
  sentence: z.string(),
});
export type RecoveryPoint = z.infer<typeof RecoveryPoint>;

/** A day of the calendar strip, in the zone of the schedule. */
export const BackupDay = z.object({
  day: z.iso.date(),
  kept: Count,
  failed: Count,
  missed: Count,
  level: Level.check(z.describe('The best of the day that stands')),
});
export type BackupDay = z.infer<typeof BackupDay>;

/** A database and how its copies stand. */
export const BackupDatabase = z.object({
  id: Slug,
  name: z.string(),
  service: z.nullable(Slug),
  environment: Slug,
  region: Slug,
  tier: z.int().check(z.minimum(1), z.maximum(4)),
  isBackedUp: z.boolean().check(z.describe('False: signalbox.yaml says nothing of copies')),
  job: z
    .nullable(z.string())
    .check(
      z.describe('The CronJob whose Jobs make its copies: cluster/namespace/name; null: the worker does'),
    ),
  hasScratch: z.boolean().check(z.describe('False: no copy can be proven by a restore')),
  restoreRefusal: z
    .nullable(z.string())
    .check(z.describe('Why no copy can be put back by signalbox.yaml; null: one can')),
  schedule: z.nullable(ScheduleView),
  recoveryPoint: RecoveryPoint,
  lastGood: z.nullable(CopyView).check(z.describe('The newest kept one that was read in full, or more')),
  lastRun: z.nullable(CopyView).check(z.describe('The newest attempt that ended')),
  running: z.nullable(CopyView),
  missed: z.nullable(MissedRuns),
  standstill: z
    .nullable(z.string())
    .check(z.describe('Why no copy is made now: a change restores the database; null when it is not so')),
  setAside: z.array(SetAsideView).check(z.describe('Databases that restores took away, newest first')),
  days: z.array(BackupDay).check(z.describe('35 days, oldest first')),
  copies: z.array(CopyView).check(z.describe('Those that are not deleted, newest first, 60 at most')),
});
export type BackupDatabase = z.infer<typeof BackupDatabase>;

export const Backups = z.object({ databases: z.array(BackupDatabase) });
export type Backups = z.infer<typeof Backups>;
