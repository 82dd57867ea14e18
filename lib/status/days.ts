import type { ComponentState, StatusComponent } from './contract';

/** Seconds of one UTC day by measured state. */
export type DaySeconds = {
  day: string;
  operational: number;
  degraded: number;
  partial: number;
  major: number;
  unknown: number;
};

export const daysShown = 90;

/** A state must have lasted this long to colour a day: one bad sample is no outage. */
const leastSeconds = 60;

function worst(day: DaySeconds): ComponentState | null {
  if (day.major >= leastSeconds) return 'major_outage';
  if (day.partial >= leastSeconds) return 'partial_outage';
  if (day.degraded >= leastSeconds) return 'degraded_performance';
  return day.operational > 0 ? 'operational' : null;
}

const measured = (day: DaySeconds): number => day.operational + day.degraded + day.partial + day.major;

/** Share of the measured time without an outage; null where nothing was measured. */
export function uptimeOf(days: readonly DaySeconds[]): number | null {
  const all = days.reduce((sum, day) => sum + measured(day), 0);
  const up = days.reduce((sum, day) => sum + day.operational + day.degraded, 0);
  return all === 0 ? null : up / all;
}

/** The last 90 UTC days, oldest first; days without a row were not measured. */
export function dayBars(rows: readonly DaySeconds[], today: string): StatusComponent['days'] {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const last = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: daysShown }, (_, index) => {
    const day = new Date(last - (daysShown - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    const row = byDay.get(day);
    return row === undefined
      ? { day, worst: null, uptime: null }
      : { day, worst: worst(row), uptime: uptimeOf([row]) };
  });
}
