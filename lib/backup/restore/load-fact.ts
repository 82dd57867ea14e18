import 'server-only';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { type LoadPhase, loadPhases, loadStates } from './model';

/** The load of a change, by its row. */
export type LoadFact =
  /** None was asked for, or none could be yet: an earlier load of the database has not ended. */
  | { state: 'none' }
  | { state: 'wanted' }
  | {
      state: 'running';
      /** Null: it has just been begun. */
      phase: LoadPhase | null;
      isStopping: boolean;
      /** Such as "12:03:04 UTC". */
      since: string;
    }
  | { state: 'done'; seconds: number }
  | { state: 'failed'; why: string; isFaultOfCopy: boolean }
  | { state: 'cancelled'; why: string };

const Stored = z.object({
  state: z.enum(loadStates),
  phase: z.enum(loadPhases).nullable(),
  phases: z.array(z.object({ phase: z.enum(loadPhases), seconds: z.number() })),
  stopReason: z.string().nullable(),
  sentence: z.string().nullable(),
  isFaultOfCopy: z.boolean(),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
});

const unsaid = 'No reason was written down.';

/** How the one load of a change stands. */
export async function readLoad(db: DatabaseOrTransaction, change: number): Promise<LoadFact> {
  const row = await db.restoreRun.findFirst({ where: { changeNumber: change, purpose: 'restore' } });
  if (row === null) return { state: 'none' };
  const { state, phase, phases, stopReason, sentence, isFaultOfCopy, startedAt, requestedAt } =
    Stored.parse(row);
  switch (state) {
    case 'wanted':
      return { state };
    case 'running': {
      const since = `${(startedAt ?? requestedAt).toISOString().slice(11, 19)} UTC`;
      return { state, phase, isStopping: stopReason !== null, since };
    }
    case 'done':
      return { state, seconds: phases.reduce((sum, { seconds }) => sum + seconds, 0) };
    case 'failed':
      return { state, why: sentence ?? unsaid, isFaultOfCopy };
    case 'cancelled':
      return { state, why: sentence ?? unsaid };
  }
}
