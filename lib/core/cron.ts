import { Cron } from 'croner';
import cronstrue from 'cronstrue';
import { messageOf } from './errors';

/**
 * Moments of a cron text of five fields in an IANA zone. A wall-clock time that a day does not have (in spring) is the
 * first moment after the gap; one that it has twice happens the first time; texts with * in the hour follow real time.
 */
export type CronSchedule = { cron: string; timeZone: string };

const fields = ['minute', 'hour', 'day of the month', 'month', 'day of the week'] as const;

const parsed = ({ cron, timeZone }: CronSchedule): Cron =>
  new Cron(cron, { timezone: timeZone, paused: true, mode: '5-part' });

/** What is wrong with a cron text, in words; null when it can be used. */
export function cronProblem(cron: string): string | null {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    return `must be five fields (${fields.join(', ')}) such as 0 2 * * *, and has ${parts.length}`;
  }
  // Some readers take ? for the present minute: a moment that depends on who reads it is none.
  if (cron.includes('?')) return 'may not have ?; write * for any';
  try {
    const found = parsed({ cron, timeZone: 'UTC' });
    if (found.nextRun(new Date(0)) === null) return 'never comes: no year has such a day';
    cronstrue.toString(cron);
    return null;
  } catch (error) {
    return said(messageOf(error));
  }
}

/** The parser's own words, without its name; the field that it counts is named. */
function said(message: string): string {
  const text = message.replace(/^CronPattern: /, '').replace(/\.$/, '');
  return `cannot be read: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** The first `count` moments after `after`; fewer for a text that ends. */
export const nextMoments = (schedule: CronSchedule, after: Date, count: number): Date[] =>
  parsed(schedule).nextRuns(count, after);

/**
 * Moments in (from, to], oldest first; the newest `max` of them when there are more. It goes back from `to`, so that a
 * span of years costs no more than `max` steps.
 */
export function momentsBetween(schedule: CronSchedule, from: Date, to: Date, max = 1000): Date[] {
  const cron = parsed(schedule);
  const before = (at: Date): Date | undefined => cron.previousRuns(1, at)[0];
  const found: Date[] = [];
  // The reference itself is left out, and moments have whole seconds.
  let at = before(new Date(to.getTime() + 1000));
  while (at !== undefined && at > from && found.length < max) {
    if (at <= to) found.push(at);
    at = before(at);
  }
  return found.reverse();
}

/** Seconds of the longest pause between two of the next 400 moments: a change of the clock is among them. */
export function longestPause(schedule: CronSchedule, after: Date): number | null {
  const moments = nextMoments(schedule, after, 400);
  const pauses = moments.slice(1).map((at, index) => at.getTime() - (moments[index]?.getTime() ?? 0));
  return pauses.length === 0 ? null : Math.max(...pauses) / 1000;
}

/** "At 02:00, every day (Europe/Berlin)". */
export const scheduleWords = ({ cron, timeZone }: CronSchedule): string =>
  `${cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: true })} (${timeZone})`;
