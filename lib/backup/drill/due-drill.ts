import { type CronSchedule, momentsBetween } from '@/lib/core/cron';
import { type Attempt, dueCopy } from '../decide-copy';
import type { DrillState } from './model';

export type DrillAttempt = {
  state: DrillState;
  slotAt: Date | null;
  finishedAt: Date | null;
  isFaultOfCopy: boolean;
};

/** A drill that showed a spoilt copy has answered its moment; one that could not be carried out has not. */
const stateOf = ({ state, isFaultOfCopy }: DrillAttempt): Attempt['state'] => {
  if (state === 'done' || (state === 'failed' && isFaultOfCopy)) return 'kept';
  return state === 'failed' || state === 'cancelled' ? 'failed' : 'running';
};

/**
 * Which moment of the schedule wants a drill now; null: none. As with copies one stands for all moments that passed,
 * and one that could not be carried out is tried again. The first waits for its moment: a drill is load.
 */
export function dueDrill(
  schedule: CronSchedule,
  since: Date,
  attempts: readonly DrillAttempt[],
  now: Date,
): Date | null {
  if (attempts.some(({ state }) => state === 'wanted' || state === 'running')) return null;
  const slotted = attempts
    .filter(({ slotAt }) => slotAt !== null && slotAt <= now)
    .map((attempt) => ({ ...attempt, state: stateOf(attempt) }));
  if (slotted.length === 0) return momentsBetween(schedule, since, now, 1)[0] ?? null;
  return dueCopy(schedule, since, slotted, now)?.slotAt ?? null;
}
