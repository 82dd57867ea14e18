import { type CronSchedule, nextMoments, scheduleWords } from '@/lib/core/cron';
import type { ScheduleView } from './contract';

const NEXT_RUNS = 3;

/** A schedule in words, and its next runs. */
export const scheduleView = (schedule: CronSchedule, now: Date): ScheduleView => ({
  cron: schedule.cron,
  timeZone: schedule.timeZone,
  words: scheduleWords(schedule),
  next: nextMoments(schedule, now, NEXT_RUNS).map((at) => at.toISOString()),
});
