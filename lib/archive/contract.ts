import * as z from 'zod/mini';
import { CheckView, MissedRuns, ScheduleView } from '@/lib/backup/contract';
import { copyCauses } from '@/lib/backup/model';
import { archiveKinds, archiveStates } from './model';

const At = z.iso.datetime();
const Count = z.int().check(z.minimum(0));

/** One run of an archive. */
export const ArchiveView = z.object({
  id: z.uuid(),
  kind: z.enum(archiveKinds),
  cause: z.enum(copyCauses),
  state: z.enum(archiveStates),
  object: z.string().check(z.describe('The name of its file in the folder')),
  slotAt: z.nullable(At).check(z.describe('The moment of the schedule that it answers')),
  missedSlots: Count.check(z.describe('Earlier moments that passed without a run, and that it stands for')),
  startedAt: At,
  finishedAt: z.nullable(At),
  bytes: z.nullable(Count),
  sha256: z.nullable(z.string()),
  entries: z.nullable(Count).check(z.describe('Files of the configuration, or entries of the log')),
  first: z.nullable(Count).check(z.describe('Number of the first entry of the log in it')),
  last: z.nullable(Count).check(z.describe('Number of the last one')),
  level: z
    .nullable(z.int().check(z.minimum(0), z.maximum(4)))
    .check(z.describe('The level of the ladder that stands; null is unknown, never good')),
  isSpoilt: z.boolean().check(z.describe('The latest look at one of its levels failed')),
  finding: z.nullable(z.string()).check(z.describe('What the lowest level that does not stand says')),
  error: z.nullable(z.string()),
  sameAs: z.nullable(z.uuid()).check(z.describe('Of an unchanged run: the archive that still holds all')),
});
export type ArchiveView = z.infer<typeof ArchiveView>;

/** How the archives of one kind stand. */
export const ArchiveSeries = z.object({
  kind: z.enum(archiveKinds),
  schedule: ScheduleView,
  keeps: z.string().check(z.describe('How long an archive stays, in words')),
  newest: z.nullable(ArchiveView).check(z.describe('The newest one that is kept')),
  confirmedAt: z.nullable(At).check(z.describe('When a run last ended well: with a new archive or without')),
  lastRun: z.nullable(ArchiveView).check(z.describe('The newest attempt that ended')),
  running: z.nullable(ArchiveView),
  missed: z.nullable(MissedRuns),
  kept: Count.check(z.describe('Archives that are there')),
  entries: Count.check(z.describe('Entries in all of them')),
  bytes: Count,
  archives: z.array(ArchiveView).check(z.describe('Kept and failed ones, newest first, 60 at most')),
});
export type ArchiveSeries = z.infer<typeof ArchiveSeries>;

/** GET /api/v1/archives. `folder` is null where signalbox.yaml names none: nothing is archived then. */
export const Archives = z.object({ folder: z.nullable(z.string()), series: z.array(ArchiveSeries) });
export type Archives = z.infer<typeof Archives>;

/** A file of an archive of the configuration; what is secret is named, and never read. */
export const ArchivedFile = z.object({
  name: z.string(),
  path: z.string(),
  bytes: Count,
  sha256: z.string(),
});

/** One archive with everything that is known of it. Checks are newest first, the repeated ones included. */
export const ArchiveDetail = z.extend(ArchiveView, {
  checks: z.array(CheckView),
  files: z.array(ArchivedFile).check(z.describe('Of an archive of the configuration')),
  secrets: z.array(z.string()).check(z.describe('What the configuration names and the archive leaves out')),
  program: z.nullable(z.string()).check(z.describe('The version of Signalbox that wrote it')),
});
export type ArchiveDetail = z.infer<typeof ArchiveDetail>;
