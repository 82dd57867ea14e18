import 'server-only';
import type { Transaction } from '@/lib/db/transaction';
import { followDataSteps } from '../data/execute/steps';
import type { StoredChange } from '../stored';

const PATCH = 1;
const ROLLOUT = 2;
const WATCH = 3;

/** The step that a change is at, for intents, measurements and sentences. */
export const stepOf = (change: Pick<StoredChange, 'state' | 'startedAt'>, acted: boolean): number => {
  if (!acted) return PATCH;
  return change.state === 'Watching' ? WATCH : ROLLOUT;
};

/** Brings the steps in line with where the change is now. Doing it twice does nothing. */
export async function followSteps(
  tx: Transaction,
  change: StoredChange,
  now: Date,
  acted?: boolean,
): Promise<void> {
  if (change.plan.staged !== undefined) return beginStep(tx, change.number, now);
  if (change.plan.data !== undefined) return followDataSteps(tx, change, now);
  const has = acted ?? (await hasActed(tx, change.number));
  const current = stepOf(change, has);
  const where = { changeNumber: change.number };
  await tx.step.updateMany({
    where: { ...where, n: { lt: current }, state: { in: ['pending', 'running'] } },
    data: { state: 'done', finishedAt: now, detail: null },
  });
  await tx.step.updateMany({
    where: { ...where, n: current, state: 'pending' },
    data: { state: 'running', startedAt: now },
  });
  await tx.step.updateMany({
    where: { ...where, n: current, state: 'done' },
    data: { state: 'running', finishedAt: null },
  });
}

/** Of a staged change: begins the first step that is not done; on the way back none begins. Doing it twice does nothing. */
export async function beginStep(tx: Transaction, changeNumber: number, now: Date): Promise<void> {
  const steps = await tx.step.findMany({ where: { changeNumber }, orderBy: { n: 'asc' } });
  const first = steps.find(({ state }) => state !== 'done');
  if (first === undefined || first.state === 'running') return;
  await tx.step.updateMany({
    where: { changeNumber, n: first.n },
    data: { state: 'running', startedAt: now },
  });
}

export async function hasActed(tx: Transaction, changeNumber: number): Promise<boolean> {
  const written = await tx.intent.count({
    where: { changeNumber, verb: { in: ['apply', 'set-version'] }, result: { in: ['applied', 'adopted'] } },
  });
  return written > 0;
}

/** At the end: what ran is done or failed, what never began is skipped. */
export async function finishSteps(tx: Transaction, change: StoredChange, now: Date): Promise<void> {
  const where = { changeNumber: change.number };
  const state = change.state === 'Succeeded' ? 'done' : 'failed';
  // What it waited for last is over; the outcome says what came of it.
  const told = state === 'done' ? { detail: null } : {};
  await tx.step.updateMany({
    where: { ...where, state: 'running' },
    data: { state, finishedAt: now, ...told },
  });
  await tx.step.updateMany({ where: { ...where, state: 'pending' }, data: { state: 'skipped' } });
}

/** The sentence under a running step. SQL takes no absent sentence for another one, so both are asked for. */
export const tellStep = (tx: Transaction, changeNumber: number, n: number, detail: string) =>
  tx.step.updateMany({
    where: { changeNumber, n, OR: [{ detail: null }, { NOT: { detail } }] },
    data: { detail },
  });
