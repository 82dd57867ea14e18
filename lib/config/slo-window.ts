import { z } from 'zod';
import { formatDuration, parseDuration } from '@/lib/core/duration';
import { zoneProblem } from '@/lib/core/recurrence';
import type { SloWindow as Window } from '@/lib/slo/model';
import { nearest } from './suggest';

const hour = 3600;
const longest = 366 * 86_400;
const calendarUnits = ['week', 'month', 'quarter'] as const;

/** What is wrong with a rolling window as text; null when it can be used. */
function windowProblem(text: string): string | null {
  const seconds = parseDuration(text);
  if (seconds === null) {
    return /^\d+\s*(M|mo|months?|Q|q|quarters?|y|Y|years?)$/.test(text.trim())
      ? 'must be a duration such as 7d, 28d, 30d or 90d; months and quarters differ in length, so write {calendar: month, zone: Europe/Berlin}'
      : 'must be a duration such as 7d, 28d, 30d or 90d';
  }
  // Counts are kept in buckets of five minutes; a window begins at one.
  if (seconds % 300 !== 0) return 'must be whole five minutes';
  if (seconds < hour) return 'must be an hour or more';
  return seconds > longest ? `must be ${formatDuration(longest)} or less` : null;
}

const Rolling = z
  .string()
  .transform((text, context): Window => {
    const problem = windowProblem(text);
    if (problem === null) return { kind: 'rolling', seconds: parseDuration(text) ?? 0 };
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  })
  .describe('A rolling window such as 7d, 28d, 30d or 90d');

/** An IANA zone: calendar periods begin at midnight of a place, in summer and in winter. */
export const Zone = z
  .string()
  .superRefine((name, context) => {
    const problem = zoneProblem(name);
    if (problem === null) return;
    const near = nearest(name, Intl.supportedValuesOf('timeZone'));
    const message = near === null ? problem : `${problem}; the nearest name is ${near}`;
    context.addIssue({ code: 'custom', message });
  })
  .describe('A time zone such as Europe/Berlin');

const Calendar = z
  .strictObject({ calendar: z.enum(calendarUnits), zone: Zone })
  .transform(({ calendar, zone }): Window => ({ kind: 'calendar', unit: calendar, zone }));

/** `30d`, or `{calendar: month, zone: Europe/Berlin}`: weeks begin on Monday (ISO 8601). */
export const SloWindow = z.union([Rolling, Calendar]);
