import { type CronSchedule, momentsBetween } from '@/lib/core/cron';
import type { CopyCause, CopyState } from './model';

/** A dump that failed is tried again this long after its end, and this often for one moment of the schedule. */
export const retrySeconds = 600;
export const attemptsPerSlot = 3;
/** A copy that begins later than this after its moment is one that catches up. */
const lateSeconds = 300;

export type Attempt = {
  state: CopyState;
  slotAt: Date | null;
  finishedAt: Date | null;
};

export type Due = { slotAt: Date; cause: CopyCause; missedSlots: number };

/**
 * Which moment of the schedule wants a copy now; null: none. `since` is when the schedule was first known: what was
 * before then was never missed, and the first copy is made at once. After a stop of the workers one copy stands for
 * all moments that passed, since two copies of the same minute hold the same data. What is later than now was recorded
 * by a clock that was ahead, and holds up nothing.
 */
export function dueCopy(
  schedule: CronSchedule,
  since: Date,
  attempts: readonly Attempt[],
  now: Date,
): Due | null {
  const slotted = attempts.flatMap((attempt) =>
    attempt.slotAt === null || attempt.slotAt > now ? [] : [{ ...attempt, slotAt: attempt.slotAt }],
  );
  if (slotted.length === 0) {
    // Nobody waits a day for the first copy of all.
    const [slotAt = since > now ? now : since] = momentsBetween(schedule, since, now, 1);
    return { slotAt, cause: 'schedule', missedSlots: 0 };
  }
  const known = [since, ...slotted.map(({ slotAt }) => slotAt)].filter((at) => at <= now);
  const lastAt = new Date(Math.max(...known.map((at) => at.getTime())));
  const moments = momentsBetween(schedule, lastAt, now);
  const newest = moments.at(-1);
  if (newest !== undefined) {
    const isLate = now.getTime() - newest.getTime() > lateSeconds * 1000;
    return {
      slotAt: newest,
      cause: isLate || moments.length > 1 ? 'catch-up' : 'schedule',
      missedSlots: moments.length - 1,
    };
  }
  const ofLast = slotted.filter(({ slotAt }) => slotAt.getTime() === lastAt.getTime());
  const isFailed = ofLast.length > 0 && ofLast.every(({ state }) => state === 'failed');
  if (!isFailed || ofLast.length >= attemptsPerSlot) return null;
  const endedMs = Math.max(...ofLast.map(({ finishedAt }) => finishedAt?.getTime() ?? 0));
  const isRested = now.getTime() - endedMs >= retrySeconds * 1000;
  return isRested ? { slotAt: lastAt, cause: 'catch-up', missedSlots: 0 } : null;
}
