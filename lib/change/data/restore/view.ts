import 'server-only';
import { z } from 'zod';
import { restoreNames } from '@/lib/actuators/postgres/restore/names';
import { Evidence } from '@/lib/backup/contract';
import { PhaseView } from '@/lib/backup/drill/contract';
import { loadPhases, loadStates } from '@/lib/backup/restore/model';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import { type StepState, stepStates } from '../../model';
import type { StoredChange } from '../../stored';
import type { RestoreLoad, RestoreView } from './contract';
import { beginsMs, databasesNow, type StageFacts, stageOf } from './stage';

const Load = z.object({
  state: z.enum(loadStates),
  phase: z.enum(loadPhases).nullable(),
  phases: z.array(PhaseView),
  sentence: z.string().nullable(),
  evidence: z.array(Evidence),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
});

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
const isStepState = (state: string): state is StepState => stepStates.some((known) => known === state);

async function loadOf(db: DatabaseOrTransaction, change: number): Promise<RestoreLoad | null> {
  const row = await db.restoreRun.findFirst({ where: { changeNumber: change, purpose: 'restore' } });
  if (row === null) return null;
  const { requestedAt, startedAt, finishedAt, ...load } = Load.parse(row);
  return {
    ...load,
    seconds: load.phases.reduce((sum, { seconds }) => sum + seconds, 0),
    requestedAt: requestedAt.toISOString(),
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
  };
}

type Step = { n: number; kind: string; state: string };

/** How the restore of a change stands; null for every other change. */
export async function restoreView(
  db: DatabaseOrTransaction,
  change: StoredChange,
  steps: readonly Step[],
): Promise<RestoreView | null> {
  const { data } = change.plan;
  if (data?.do !== 'restore') return null;
  const [load, aside, now] = await Promise.all([
    loadOf(db, change.number),
    db.setAside.findUnique({ where: { changeNumber: change.number } }),
    databaseNow(db),
  ]);
  const names = restoreNames(data.serverDatabase, change.number);
  const facts: StageFacts = {
    names,
    steps: steps.flatMap(({ n, kind, state }) => (isStepState(state) ? [{ n, kind, state }] : [])),
    state: change.state,
    stateSinceMs: change.stateSince.getTime(),
    backingOut: change.backingOut,
    isOver: change.finishedAt !== null,
    asideName: aside?.serverName ?? null,
    nowMs: now.getTime(),
  };
  const stage = stageOf(facts);
  const begins = beginsMs(facts);
  return {
    stage,
    beginsAt: begins === null ? null : new Date(begins).toISOString(),
    databases: databasesNow(stage, names),
    load,
    setAside:
      aside === null
        ? null
        : {
            name: aside.serverName,
            since: aside.setAsideAt.toISOString(),
            dropAfter: aside.dropAfter.toISOString(),
            droppedAt: iso(aside.droppedAt),
          },
  };
}
