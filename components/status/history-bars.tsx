import { cx } from '@/components/ui/class-names';
import type { ComponentState, StatusComponent } from '@/lib/status/contract';
import { dayText, formatUptime, stateWord } from './words';

type Day = StatusComponent['days'][number];

/** Height and pattern tell the states apart without colour. */
const look: Record<ComponentState, string> = {
  operational: 'h-full bg-bar-ok',
  degraded_performance: 'h-[68%] bg-warn-fill',
  partial_outage: 'h-[84%] bg-crit [clip-path:polygon(0_22%,100%_0,100%_100%,0_100%)]',
  major_outage: 'h-full bg-crit [clip-path:polygon(0_0,100%_16%,100%_84%,0_100%)]',
  under_maintenance: 'h-full bg-[repeating-linear-gradient(0deg,var(--hold)_0_3px,transparent_3px_5px)]',
  unknown: 'h-[3px] bg-unknown',
};

const order: ComponentState[] = [
  'major_outage',
  'partial_outage',
  'degraded_performance',
  'under_maintenance',
  'unknown',
  'operational',
];

/** `88 operational, 1 degraded performance, 1 unknown`. */
export function daysInWords(days: Day[]): string {
  return order
    .toReversed()
    .flatMap((state) => {
      const count = days.filter((day) => (day.worst ?? 'unknown') === state).length;
      return count === 0 ? [] : [`${count} ${stateWord[state].toLowerCase()}`];
    })
    .join(', ');
}

const dayWords = (day: Day): string =>
  `${dayText(day.day)}: ${day.worst === null ? 'nothing was measured' : stateWord[day.worst].toLowerCase()}${day.uptime === null ? '' : `, ${formatUptime(day.uptime)} up`}`;

/** One bar a day, oldest first: 90, or the last 30 on a phone. The days that were not whole follow in words. */
export function HistoryBars({ name, days }: { name: string; days: Day[] }) {
  const hiddenOnPhones = Math.max(0, days.length - 30);
  const marked = days.filter((day) => day.worst !== 'operational' && day.worst !== null);
  return (
    <>
      <div
        role="img"
        aria-label={`${name}, last ${days.length} days: ${daysInWords(days)}`}
        className="flex h-7 items-end gap-px sm:gap-0.5"
      >
        {days.map((day, index) => (
          <span
            key={day.day}
            title={dayWords(day)}
            className={cx(
              'min-w-px flex-1 rounded-[1px]',
              look[day.worst ?? 'unknown'],
              index < hiddenOnPhones && 'max-sm:hidden',
            )}
          />
        ))}
      </div>
      {marked.length > 0 ? (
        <details className="mt-1 text-meta text-text-2">
          <summary className="inline-block min-h-6 leading-6 hover:text-text max-sm:min-h-11 max-sm:leading-11">
            {marked.length === 1 ? '1 day' : `${marked.length} days`} not fully operational
            <span className="sr-only"> ({name})</span>
          </summary>
          <ul className="grid gap-0.5 pb-1 pl-3">
            {marked.toReversed().map((day) => (
              <li key={day.day}>{dayWords(day)}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

/** What the bars mean. */
export const HistoryKey = () => (
  <ul aria-label="Key of the bars" className="flex flex-wrap gap-x-5 gap-y-1 text-meta text-text-2">
    {order.toReversed().map((state) => (
      <li key={state} className="flex items-center gap-1.5">
        <span aria-hidden className="flex h-3 w-1.5 items-end">
          <span className={cx('w-full rounded-[1px]', look[state])} />
        </span>
        {stateWord[state]}
      </li>
    ))}
  </ul>
);
