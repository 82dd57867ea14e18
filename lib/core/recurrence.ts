import { TZDate } from '@date-fns/tz';
import { RRuleTemporal } from 'rrule-temporal';
import { messageOf } from './errors';

/**
 * Something that happens again and again: RFC 5545's RRULE, from a first wall-clock time in an IANA zone. Each
 * occurrence lasts `seconds` that really pass, also over a change of the clock. A wall-clock time that a day does
 * not have (in spring) makes no occurrence on that day; one that it has twice happens the first time.
 */
export type Recurrence = { rule: string; starts: string; zone: string; seconds: number };

/** In (from, to], unix seconds. */
export type Span = { from: number; to: number };

const RULE_MAX = 200;
export const RECURRENCE_MAX_SECONDS = 7 * 86_400;
/** Nothing longer is expanded at once: ten years of days. */
const EXPANSION_MAX_SECONDS = 3653 * 86_400;
const EARLIEST = '2000-01-01T00:00';

const listed = (item: string) => new RegExp(`^${item}(,${item}){0,61}$`);
const day = '[+-]?([1-9]|[1-4]\\d|5[0-3])?(MO|TU|WE|TH|FR|SA|SU)';
/** Parts of a rule; those that multiply one day (BYHOUR and below) are not among them, so that a day has one start. */
const parts: Record<string, RegExp> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d?$/,
  // Occurrences are counted from the first on, each time anew.
  COUNT: /^([1-9]\d?|[1-3]\d\d)$/,
  UNTIL: /^\d{8}T\d{6}Z$/,
  BYDAY: listed(day),
  BYMONTHDAY: listed('-?([1-9]|[12]\\d|3[01])'),
  BYYEARDAY: listed('-?([1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
  BYMONTH: listed('([1-9]|1[0-2])'),
  BYSETPOS: listed('-?([1-9]|[12]\\d|3[01])'),
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** What is wrong with the text of a rule, in words; null when it can be used. */
export function ruleProblem(rule: string): string | null {
  if (rule.length > RULE_MAX) return `must be at most ${RULE_MAX} characters`;
  const seen = new Set<string>();
  for (const part of rule.split(';')) {
    const [, name, value] = /^([A-Z]+)=(.+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) return `must be NAME=VALUE joined by ";", not "${part}"`;
    const form = parts[name];
    if (form === undefined) return `${name} is not supported; known are ${Object.keys(parts).join(', ')}`;
    if (!form.test(value)) return `${name}=${value} is not valid`;
    if (seen.has(name)) return `${name} is given twice`;
    seen.add(name);
  }
  if (!seen.has('FREQ')) return 'must have FREQ=DAILY, WEEKLY, MONTHLY or YEARLY';
  if (seen.has('COUNT') && seen.has('UNTIL')) return 'may have COUNT or UNTIL, not both';
  return mixProblem(rule, seen);
}

/** Parts that RFC 5545 forbids together; readers differ in what they make of them, so they are refused. */
function mixProblem(rule: string, seen: ReadonlySet<string>): string | null {
  const often = /FREQ=(DAILY|WEEKLY)/.test(rule);
  if (often && /BYDAY=[^;]*\d/.test(rule)) return 'BYDAY may count days (2MO) by the month or the year only';
  if (seen.has('BYYEARDAY') && !rule.includes('FREQ=YEARLY')) return 'BYYEARDAY needs FREQ=YEARLY';
  if (seen.has('BYMONTHDAY') && rule.includes('FREQ=WEEKLY'))
    return 'BYMONTHDAY does not go with FREQ=WEEKLY';
  const others = ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYMONTH'].some((name) => seen.has(name));
  return seen.has('BYSETPOS') && !others ? 'BYSETPOS needs another BY part to choose from' : null;
}

export function zoneProblem(zone: string): string | null {
  try {
    // Offsets such as +02:00 are accepted by Intl, and know no change of the clock.
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return /^[A-Z]/.test(zone) ? null : 'must be an IANA time zone such as Europe/Berlin';
  } catch {
    return 'must be an IANA time zone such as Europe/Berlin';
  }
}

/** Checks a first wall-clock time such as `2026-01-04T02:00` in a zone that is known. */
export function startsProblem(starts: string, zone: string): string | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/.exec(starts);
  if (match === null) return 'must be a wall-clock time such as 2026-01-04T02:00';
  if (starts < EARLIEST) return `must not be before ${EARLIEST}`;
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const at = new TZDate(year, month - 1, date, hour, minute, zone);
  const exists =
    at.getMonth() === month - 1 &&
    at.getDate() === date &&
    at.getHours() === hour &&
    at.getMinutes() === minute;
  return exists ? null : `is a time that does not exist in ${zone}`;
}

/** The reader of the rule. Throws RangeError or Error for what it cannot read. */
const seriesOf = ({ rule, starts, zone }: Recurrence): RRuleTemporal =>
  new RRuleTemporal({
    rruleString: `DTSTART;TZID=${zone}:${starts.replaceAll(/[-:]/g, '')}00\nRRULE:${rule}`,
    maxIterations: 100_000,
    strict: true,
  });

/** The reader has the last word, such as on an UNTIL that is no date; and what never happens is a mistake. */
function readProblem(recurrence: Recurrence): string | null {
  try {
    const first = seriesOf(recurrence).all((_, index) => index < 1);
    return first.length > 0 ? null : 'never happens';
  } catch (error) {
    const message = messageOf(error);
    return message.startsWith('Maximum iterations') ? 'never happens' : `cannot be read: ${message}`;
  }
}

/** What is wrong, by field; empty when it can be used. */
export function recurrenceProblems(recurrence: Recurrence): { path: keyof Recurrence; message: string }[] {
  const { rule, starts, zone, seconds } = recurrence;
  const zoned = zoneProblem(zone);
  const long = seconds > 0 && seconds <= RECURRENCE_MAX_SECONDS;
  const found = {
    rule: ruleProblem(rule),
    zone: zoned,
    starts: zoned === null ? startsProblem(starts, zone) : null,
    seconds: long ? null : 'must be longer than nothing and at most 7 days',
  };
  const keys = ['rule', 'zone', 'starts', 'seconds'] as const;
  const problems = keys.flatMap((path) => {
    const message = found[path];
    return message === null ? [] : [{ path, message }];
  });
  const unread = problems.length === 0 ? readProblem(recurrence) : null;
  return unread === null ? problems : [{ path: 'rule', message: unread }];
}

/**
 * The occurrences that touch (from, to], oldest first; they may reach beyond its ends and overlap one another.
 * Throws RangeError for a recurrence that `recurrenceProblems` refuses, and for more than ten years at once.
 */
export function occurrences(recurrence: Recurrence, from: number, to: number): Span[] {
  const [problem] = recurrenceProblems(recurrence);
  if (problem !== undefined) throw new RangeError(`${problem.path} ${problem.message}`);
  if (to - from > EXPANSION_MAX_SECONDS) throw new RangeError('At most ten years are expanded at once.');
  if (to <= from) return [];
  const { seconds } = recurrence;
  return begins(recurrence, from - seconds, to)
    .map((begin) => ({ from: begin, to: begin + seconds }))
    .filter((span) => span.to > from && span.from < to);
}

/** Begins from `after` to `to`. With a COUNT all are made from the first on, and none beyond the range. */
function begins(recurrence: Recurrence, after: number, to: number): number[] {
  const series = seriesOf(recurrence);
  const found = recurrence.rule.includes('COUNT=')
    ? series.all(({ epochMilliseconds }) => epochMilliseconds <= to * 1000)
    : series.between(new Date(after * 1000), new Date(to * 1000), true);
  return found.map(({ epochMilliseconds }) => epochMilliseconds / 1000);
}
