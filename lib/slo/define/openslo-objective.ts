import { parseDuration } from '@/lib/core/duration';
import { shiftPoint } from './decimal';
import { type Part, refused, taken } from './openslo-part';
import { annotation, type OpenObjective, type SloSpec, type TimeWindow } from './openslo-schema';

const calendarUnits: Record<string, { unit: 'week' | 'month' | 'quarter'; begins: RegExp }> = {
  '1w': { unit: 'week', begins: /./ },
  '7d': { unit: 'week', begins: /./ },
  '1M': { unit: 'month', begins: /-01$/ },
  '1Q': { unit: 'quarter', begins: /-(01|04|07|10)-01$/ },
  '3M': { unit: 'quarter', begins: /-(01|04|07|10)-01$/ },
};

/** `timeWindow`: rolling, or the calendar periods that begin where a week, month or quarter begins. */
export function windowForm(list: readonly TimeWindow[] | undefined): Part {
  const [window] = list ?? [];
  if (window === undefined) return taken({ window: '30d' }, ['has no timeWindow: 30 days are taken.']);
  const { duration, calendar, isRolling } = window;
  if (calendar === undefined) {
    if (isRolling === false) return refused('timeWindow: is neither rolling nor has a calendar.');
    if (/^\d+[mhdw]$/.test(duration)) return taken({ window: duration });
    return refused(
      `timeWindow: a rolling window of ${duration} has no fixed length; use days, or a calendar window.`,
    );
  }
  if (isRolling === true) return refused('timeWindow: is rolling and has a calendar.');
  const { startTime, timeZone } = calendar;
  const known = calendarUnits[duration];
  if (known === undefined) {
    return refused(`timeWindow: calendar periods of ${duration} are not kept; there are 1w, 1M and 1Q.`);
  }
  const [, date] = /^(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00)?)?$/.exec(startTime.trim()) ?? [];
  const isMonday = date !== undefined && new Date(`${date}T00:00:00Z`).getUTCDay() === 1;
  if (date === undefined || !known.begins.test(date) || (known.unit === 'week' && !isMonday)) {
    const begin = known.unit === 'week' ? 'Monday' : `the first day of a ${known.unit}`;
    return refused(
      `timeWindow: the startTime ${startTime} is not midnight of ${begin}, where periods begin here.`,
    );
  }
  return taken({ window: { calendar: known.unit, zone: timeZone } });
}

const slices: Record<string, '1m' | '5m'> = { '1': '1m', '1m': '1m', '5': '5m', '5m': '5m' };

/** `objectives[]` and `budgetingMethod`: target and how it is judged. */
export function objectiveForm(
  spec: SloSpec,
  objective: OpenObjective,
  annotations: Record<string, string>,
): Part {
  const { target, targetPercent } = objective;
  if ((target === undefined) === (targetPercent === undefined)) {
    return refused('objectives: exactly one of target and targetPercent is needed.');
  }
  const given = targetPercent ?? shiftPoint(target ?? '', 2);
  const kept = annotations[annotation.objective];
  const form = { objective: kept !== undefined && Number(kept) === Number(given) ? kept : given };
  switch (spec.budgetingMethod) {
    case 'Occurrences':
      return taken(form);
    case 'Timeslices':
      return sliceForm(form, objective, annotations);
    case 'RatioTimeslices':
      return refused(
        'budgetingMethod RatioTimeslices: the mean of ratios is not kept, since quiet times would weigh as much as busy ones; use Occurrences or Timeslices.',
      );
    default:
      return refused(
        `budgetingMethod ${spec.budgetingMethod} is not known; there are Occurrences and Timeslices.`,
      );
  }
}

function sliceForm(
  form: { objective: string },
  { timeSliceTarget, timeSliceWindow }: OpenObjective,
  annotations: Record<string, string>,
): Part {
  const timeslices = slices[String(timeSliceWindow ?? '')];
  if (timeslices === undefined) {
    const seconds = typeof timeSliceWindow === 'string' ? parseDuration(timeSliceWindow) : null;
    const shown = timeSliceWindow === undefined ? 'is missing' : `${timeSliceWindow} is not kept`;
    const hint = seconds !== null && seconds > 300 ? ' 5m is the longest.' : '';
    return refused(`objectives.timeSliceWindow: ${shown}; slices have 1m or 5m.${hint}`);
  }
  if (timeSliceTarget === undefined) return refused('objectives.timeSliceTarget: is missing.');
  const target = shiftPoint(timeSliceTarget, 2);
  const kept = annotations[annotation.sliceTarget];
  if (kept === 'objective' && Number(form.objective) === Number(target)) {
    return taken({ ...form, method: { timeslices } });
  }
  const exact = kept !== undefined && Number(kept) === Number(target) ? kept : target;
  return taken({ ...form, method: { timeslices, target: exact } });
}
