import { formatShare } from './figures';

/** How fast a day spent a budget, against spending it evenly over the window. */
export const paces = ['none', 'even', 'over', 'fast', 'gone', 'unknown'] as const;
export type Pace = (typeof paces)[number];

/** Times the even pace from which a day is told apart: the ticket and the page rule of long windows (slo.md 1.2). */
const [overFrom, fastFrom] = [1, 6];
/** A day that spends so much of a whole budget leaves little for the others, however long the window is. */
const goneFrom = 0.5;

export const paceText: Record<Pace, string> = {
  none: 'nothing spent',
  even: 'within the even pace',
  over: 'above the even pace',
  fast: `${fastFrom} times the even pace or more`,
  gone: 'half of the budget or more',
  unknown: 'not known',
};

/** What a day's share of the budget means. `windowDays`: days that the whole budget is for. */
export function paceOf(spent: number | null, windowDays: number): Pace {
  if (spent === null) return 'unknown';
  if (spent <= 0) return 'none';
  if (spent >= goneFrom) return 'gone';
  const times = spent * windowDays;
  if (times >= fastFrom) return 'fast';
  return times > overFrom ? 'over' : 'even';
}

/** Per cent as short as a cell: `·` is nothing, `–` not known. */
export function cellText(spent: number | null): string {
  if (spent === null) return '–';
  if (spent <= 0) return '·';
  const percent = spent * 100;
  if (percent < 0.1) return '<.1';
  if (percent < 9.95) return percent.toFixed(1);
  return percent < 999.5 ? percent.toFixed(0) : '>999';
}

/** `2026-11-21` as `Sat 21 Nov`. Days of budgets are UTC days wherever they are read. */
export const dayWords = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })
    .format(new Date(`${day}T00:00:00Z`))
    .replace(',', '');

/** What a cell says in words. */
export function cellWords(name: string, day: string, spent: number | null, windowDays: number): string {
  const pace = paceOf(spent, windowDays);
  const head = `${name}, ${dayWords(day)}: `;
  if (spent === null) return `${head}not known`;
  if (pace === 'none') return `${head}nothing of the budget`;
  return `${head}${formatShare(spent)} of the budget, ${paceText[pace]}`;
}
