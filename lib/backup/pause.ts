import { type CronSchedule, longestPause } from '@/lib/core/cron';

/** Pauses of a schedule in the next months change once a day at most, and cost a tenth of a second. */
const pauses = new Map<string, number | null>();
/** Seconds of the longest pause of a schedule; null for one that never comes again. */
export function pauseOf(schedule: CronSchedule, now: Date): number | null {
  const key = `${schedule.cron} ${schedule.timeZone} ${now.toISOString().slice(0, 10)}`;
  const known = pauses.get(key);
  if (known !== undefined) return known;
  if (pauses.size > 1000) pauses.clear();
  const pause = longestPause(schedule, now);
  pauses.set(key, pause);
  return pause;
}
