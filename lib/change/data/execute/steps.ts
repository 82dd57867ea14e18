import 'server-only';
import type { Transaction } from '@/lib/db/transaction';
import type { StoredChange } from '../../stored';
import { restoreSteps } from '../restore-steps';

type Shown = Pick<StoredChange, 'state' | 'hold'>;

/** The first step acts, the second sees what came of it. */
export const dataStepOf = ({ state, hold }: Shown): 1 | 2 => {
  const at = state === 'Frozen' ? hold?.before?.state : state;
  return at === 'Watching' || at === 'DataHold' ? 2 : 1;
};

/** Brings both steps in line with where the change is; on the way back none begins. Doing it twice does nothing. */
export async function followDataSteps(tx: Transaction, change: StoredChange, now: Date): Promise<void> {
  if (change.backingOut) return;
  const { data } = change.plan;
  if (data?.do === 'restore') {
    // Until it watches, the server tells how far it is (restore-round.ts).
    if (dataStepOf(change) === 2)
      await reachStep(tx, change.number, restoreSteps(data.safetyCopy).watch, now);
    return;
  }
  await reachStep(tx, change.number, dataStepOf(change), now);
}

/** Steps before it are done, this one runs. Doing it twice does nothing. */
export async function reachStep(
  tx: Transaction,
  changeNumber: number,
  current: number,
  now: Date,
): Promise<void> {
  const where = { changeNumber };
  await tx.step.updateMany({
    where: { ...where, n: { lt: current }, state: { in: ['pending', 'running'] } },
    // What it waited for is over; the log has what was done.
    data: { state: 'done', finishedAt: now, detail: null },
  });
  await tx.step.updateMany({
    where: { ...where, n: current, state: 'pending' },
    data: { state: 'running', startedAt: now },
  });
}
