import { afterWorkingTime, beforeWorkingTime, DAY_MS, type WorkingDays } from '@/lib/core/working-day';

/** One working day later (APR-05, change-engine.md 2.10), by the calendar that the configuration names. */
export const reviewDue = (at: Date, days: WorkingDays): Date => afterWorkingTime(at, DAY_MS, days);

/** When a lead is reminded: half a working day before it is due. */
export const reminderDue = (dueAt: Date, days: WorkingDays): Date =>
  beforeWorkingTime(dueAt, DAY_MS / 2, days);

/** What was told of a review so far. */
export type Told = { dueAt: Date; remindedAt: Date | null; overdueToldAt: Date | null };

/**
 * What is to be told of an open review now: each of both once. What was not told in time, because no worker ran or the
 * change had not ended, is left out once it is overdue.
 */
export function tellNow(told: Told, now: Date, days: WorkingDays): 'due' | 'overdue' | null {
  if (now >= told.dueAt) return told.overdueToldAt === null ? 'overdue' : null;
  return told.remindedAt === null && now >= reminderDue(told.dueAt, days) ? 'due' : null;
}
