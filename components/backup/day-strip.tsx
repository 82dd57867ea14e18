import { cx } from '@/components/ui/class-names';
import type { BackupDay } from '@/lib/backup/contract';
import { type DayState, dayState, dayStates, dayText, dayWord } from './words';

const shownDays = 30;

/** Height and pattern tell the states apart without colour. */
const look: Record<DayState, string> = {
  restored: 'h-full bg-bar-ok',
  read: 'h-[64%] bg-bar-ok',
  unproven: 'h-[36%] border border-unknown border-dashed',
  failed: 'h-full bg-[repeating-linear-gradient(135deg,var(--crit)_0_2px,transparent_2px_4px)]',
  missed: 'h-full border border-warn border-dashed',
  none: 'h-[3px] bg-unknown',
};

const wordsOf = (days: readonly BackupDay[]): string =>
  dayStates
    .flatMap((state) => {
      const count = days.filter((day) => dayState(day) === state).length;
      return count === 0 ? [] : [`${count} ${dayWord[state]}`];
    })
    .join(', ');

/** One bar a day, oldest first; the days on which something went wrong follow in words. */
export function DayStrip({ name, days, zone }: { name: string; days: readonly BackupDay[]; zone: string }) {
  const shown = days.slice(-shownDays);
  const bad = shown.filter(({ failed, missed }) => failed + missed > 0);
  return (
    <>
      <div
        role="img"
        aria-label={`${name}, last ${shown.length} days: ${wordsOf(shown)}`}
        className="flex h-7 items-end gap-px sm:gap-0.5"
      >
        {shown.map((day) => (
          <span
            key={day.day}
            title={dayText(day)}
            className={cx('min-w-px flex-1 rounded-[1px]', look[dayState(day)])}
          />
        ))}
      </div>
      <p className="flex justify-between text-axis text-text-3">
        <span>{shown[0]?.day}</span>
        <span>today ({zone})</span>
      </p>
      {bad.length === 0 ? null : (
        <details className="text-meta text-text-2">
          <summary className="inline-block min-h-6 leading-6 hover:text-text max-sm:min-h-11 max-sm:leading-11">
            {bad.length === 1 ? '1 day' : `${bad.length} days`} with a failed or missed run
            <span className="sr-only"> ({name})</span>
          </summary>
          <ul className="grid gap-0.5 pb-1 pl-3">
            {bad.toReversed().map((day) => (
              <li key={day.day}>{dayText(day)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What the bars mean, once on the page. */
export const DayKey = () => (
  <ul aria-label="Key of the bars" className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-meta text-text-2">
    {dayStates.map((state) => (
      <li key={state} className="flex items-center gap-1.5">
        <span aria-hidden className="flex h-3 w-1.5 items-end">
          <span className={cx('w-full rounded-[1px]', look[state])} />
        </span>
        {dayWord[state]}
      </li>
    ))}
  </ul>
);
