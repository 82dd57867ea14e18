import * as z from 'zod/mini';
import { Evidence } from '@/lib/backup/contract';
import { PhaseView } from '@/lib/backup/drill/contract';
import { loadPhases, loadStates } from '@/lib/backup/restore/model';
import { databaseRoles, restoreStages } from './model';

const At = z.iso.datetime();
const Seconds = z.number().check(z.minimum(0));

/** One database of a restore at the server, and what it is now. */
export const RestoreDatabase = z.object({
  name: z.string().check(z.describe('At the server')),
  role: z.enum(databaseRoles),
  sentence: z.string(),
});
export type RestoreDatabase = z.infer<typeof RestoreDatabase>;

/** The load of the copy into the new database. */
export const RestoreLoad = z.object({
  state: z.enum(loadStates),
  phase: z.nullable(z.enum(loadPhases)).check(z.describe('Under way: what is done now; else where it ended')),
  phases: z.array(PhaseView).check(z.describe('Those that ended, in their order')),
  seconds: Seconds,
  requestedAt: At,
  startedAt: z.nullable(At),
  finishedAt: z.nullable(At),
  sentence: z.nullable(z.string()).check(z.describe('What came of it')),
  evidence: z.array(Evidence).check(z.describe('What the checks counted in the new database; for people')),
});
export type RestoreLoad = z.infer<typeof RestoreLoad>;

/** How a restore stands beside its steps. */
export const RestoreView = z.object({
  stage: z.enum(restoreStages),
  beginsAt: z.nullable(At).check(z.describe('Until then an abort takes it back before its first step')),
  databases: z.array(RestoreDatabase),
  load: z.nullable(RestoreLoad),
  setAside: z
    .nullable(z.object({ name: z.string(), since: At, dropAfter: At, droppedAt: z.nullable(At) }))
    .check(z.describe('The database that is kept beside: the old one, or after a way back the restored one')),
});
export type RestoreView = z.infer<typeof RestoreView>;
