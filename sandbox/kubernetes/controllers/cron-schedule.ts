/** Minutes, hours, days of month, months, days of week (0 = Sunday) that match; `anyDay` marks stars. */
export type Schedule = {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  daysOfWeek: ReadonlySet<number>;
  anyDayOfMonth: boolean;
  anyDayOfWeek: boolean;
};

const SHORTHANDS: { [name: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE_MS = 60_000;
/** A schedule that names 29 February has to be looked for over up to eight years. */
const HORIZON_DAYS = 366 * 8;

/** Five fields as cron(5) has them: lists, ranges, steps, names, `*` and `?`. Null when it cannot be read. */
export function parseSchedule(text: string): Schedule | null {
  const fields = (SHORTHANDS[text.trim()] ?? text).trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday) return null;
  const minutes = parseField(minute, 0, 59);
  const hours = parseField(hour, 0, 23);
  const daysOfMonth = parseField(day, 1, 31);
  const months = parseField(month, 1, 12, MONTHS, 1);
  const weekdays = parseField(weekday, 0, 7, DAYS, 0);
  if (!minutes || !hours || !daysOfMonth || !months || !weekdays) return null;
  const daysOfWeek = new Set([...weekdays].map((one) => one % 7));
  const isAny = (field: string) => field.startsWith('*') || field.startsWith('?');
  return {
    minutes,
    hours,
    daysOfMonth,
    months,
    daysOfWeek,
    anyDayOfMonth: isAny(day),
    anyDayOfWeek: isAny(weekday),
  };
}

/** The first time after `after` (both milliseconds) in an IANA time zone, or null when there is none in 8 years. */
export function nextRun(schedule: Schedule, after: number, timeZone = 'UTC'): number | null {
  const local = localClock(timeZone);
  let at = (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
  const end = after + HORIZON_DAYS * 86_400_000;
  while (at < end) {
    const now = local(at);
    // By the hour and not by the day: days on which clocks change have 23 or 25 of them.
    if (!matchesDay(schedule, now) || !schedule.hours.has(now.hour)) at += (60 - now.minute) * MINUTE_MS;
    else if (!schedule.minutes.has(now.minute)) at += MINUTE_MS;
    else return at;
  }
  return null;
}

type Local = { month: number; day: number; weekday: number; hour: number; minute: number };

/** As cron does: with both day fields given, either may match. */
function matchesDay(schedule: Schedule, { month, day, weekday }: Local): boolean {
  if (!schedule.months.has(month)) return false;
  const ofMonth = schedule.daysOfMonth.has(day);
  const ofWeek = schedule.daysOfWeek.has(weekday);
  return schedule.anyDayOfMonth || schedule.anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
}

function localClock(timeZone: string): (ms: number) => Local {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    return {
      month: number('month'),
      day: number('day'),
      weekday: DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase()),
      hour: number('hour'),
      minute: number('minute'),
    };
  };
}

function parseField(
  text: string,
  min: number,
  max: number,
  names: string[] = [],
  offset = 0,
): Set<number> | null {
  const out = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', stepText, ...rest] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    const bounds = parseRange(range, min, max, stepText !== undefined, (word) => {
      const named = names.indexOf(word.toLowerCase());
      return named >= 0 ? named + offset : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    });
    if (!bounds || rest.length > 0 || !Number.isInteger(step) || step < 1) return null;
    for (let value = bounds[0]; value <= bounds[1]; value += step) out.add(value);
  }
  return out;
}

function parseRange(
  range: string,
  min: number,
  max: number,
  open: boolean,
  read: (word: string) => number,
): [number, number] | null {
  if (range === '*' || range === '?') return [min, max];
  const [first = '', last, ...rest] = range.split('-');
  const from = read(first);
  const to = last === undefined ? (open ? max : from) : read(last);
  const valid = rest.length === 0 && from >= min && to <= max && from <= to;
  return valid ? [from, to] : null;
}
