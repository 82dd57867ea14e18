import { tzOffset } from '@date-fns/tz';
import type { SloWindow } from '../model';
import { numeral } from './promql';

/**
 * The window of an objective as PromQL. `nominal` is a usual length in seconds, for what is told before any rule
 * runs; `days` a scalar, where the length differs from period to period, else null; `elapsed` the seconds of the
 * period so far, or null for a rolling window, all of which has always passed.
 */
export type WindowExprs = { nominal: number; days: string | null; elapsed: string | null };

const day = 86_400;

/**
 * Calendar functions of PromQL know UTC only, so their time is moved by the zone's offset outside of summer time:
 * a period then begins up to an hour late in summer, which moves an estimate by an hour in hundreds.
 */
export function windowExprs(window: SloWindow): WindowExprs {
  if (window.kind === 'rolling') {
    return { nominal: window.seconds, days: null, elapsed: null };
  }
  const offset = winterOffset(window.zone);
  const local = offset === 0 ? 'vector(time())' : `vector(time() + ${offset})`;
  const clock = `hour(${local}) * 3600 + minute(${local}) * 60`;
  const date = `day_of_month(${local})`;
  switch (window.unit) {
    case 'week':
      // Weeks begin on Monday, day_of_week on Sunday.
      return {
        nominal: 7 * day,
        days: null,
        elapsed: `(day_of_week(${local}) + 6) % 7 * ${day} + ${clock}`,
      };
    case 'month':
      return {
        nominal: 30 * day,
        days: `scalar(days_in_month(${local}))`,
        elapsed: `(${date} - 1) * ${day} + ${clock}`,
      };
    case 'quarter': {
      const quarter = `floor((month(${local}) - 1) / 3)`;
      const leap = `(year(${local}) % 4 == bool 0) * (${quarter} == bool 0)`;
      const month = `((month(${local}) - 1) % 3)`;
      // Going back by the days of this month leads into the last day of the month before, and so once more.
      const before = `days_in_month(${local} - ${date} * ${day})`;
      const twoBefore = `days_in_month(${local} - (${date} + ${before}) * ${day})`;
      const months = `(${month} >= bool 1) * ${before} + (${month} >= bool 2) * ${twoBefore}`;
      return {
        nominal: 91 * day,
        days: `scalar(90 + clamp_max(${quarter}, 2) + ${leap})`,
        elapsed: `(${date} - 1 + ${months}) * ${day} + ${clock}`,
      };
    }
    default:
      return window.unit satisfies never;
  }
}

/** Seconds ahead of UTC when the clocks are not put forward: the lesser offset of the year. */
function winterOffset(zone: string): number {
  const at = (month: number) => tzOffset(zone, new Date(Date.UTC(2026, month, 15)));
  return Math.min(at(0), at(6)) * 60;
}

/** Seconds of the window as PromQL. */
export const windowLength = ({ nominal, days }: WindowExprs): string =>
  days === null ? numeral(nominal) : `${days} * ${day}`;
