import { z } from 'zod';

import { type Recurrence, recurrenceProblems, type Span } from '@/lib/core/recurrence';
import { Duration } from './scalars';

/** A span whose events an objective does not count: once, or again and again (RFC 5545). */
export type SloExclusion = { reason: string } & (
  | ({ kind: 'once' } & Span)
  | ({ kind: 'recurring' } & Recurrence)
);

const Instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-11-20T02:00:00Z' })
  .transform((text) => Date.parse(text) / 1000);

/**
 * One line of `exclusions:` below an objective: `from` and `to`, or `rule`, `starts`, `zone` and `lasts`. What is
 * excluded is left out of good and bad alike, and pages show the figures with and without it.
 */
export const SloExclusion = z
  .strictObject({
    reason: z.string().trim().min(3).max(400).describe('Why these events are not counted; shown on the page'),
    from: Instant.optional().describe('Begin of a single exclusion'),
    to: Instant.optional().describe('End of a single exclusion'),
    rule: z.string().optional().describe('RFC 5545 rule such as FREQ=WEEKLY;BYDAY=SU'),
    starts: z.string().optional().describe('Wall-clock time of the first occurrence: 2026-01-04T02:00'),
    zone: z.string().optional().describe('IANA time zone of that wall clock, such as Europe/Berlin'),
    lasts: Duration.optional().describe('How long each occurrence lasts, at most 7d'),
  })
  .transform((line, context): SloExclusion => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const { reason, from, to, rule, starts, zone, lasts } = line;
    const once = from !== undefined || to !== undefined;
    const again = [rule, starts, zone, lasts].some((value) => value !== undefined);
    if (once === again) {
      context.addIssue({
        code: 'custom',
        message: 'must have either from and to, or rule, starts, zone and lasts',
      });
      return z.NEVER;
    }
    if (once) {
      if (from === undefined || to === undefined) {
        refuse(from === undefined ? 'from' : 'to', 'is missing');
        return z.NEVER;
      }
      if (to <= from) refuse('to', 'must be after from');
      return { kind: 'once', reason, from, to };
    }
    if (rule === undefined || starts === undefined || zone === undefined || lasts === undefined) {
      const missing = Object.entries({ rule, starts, zone, lasts }).find(([, value]) => value === undefined);
      refuse(missing?.[0] ?? 'rule', 'is missing');
      return z.NEVER;
    }
    const recurrence = { rule, starts, zone, seconds: lasts };
    for (const { path, message } of recurrenceProblems(recurrence))
      refuse(path === 'seconds' ? 'lasts' : path, message);
    return { kind: 'recurring', reason, ...recurrence };
  });
