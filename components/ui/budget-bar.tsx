import { cx } from './class-names';
import { formatRatio } from './number-text';

/**
 * What is left of an error budget: zero stands at 14 %, a negative rest is hatched to its left and never
 * clamped in the figure. Neutral unless it burns or is spent.
 */
export function BudgetBar({ left, tone = 'neutral' }: { left: number; tone?: 'neutral' | 'warn' | 'crit' }) {
  const width = Math.min(Math.abs(left), 1);
  const fill = { neutral: 'bg-text-3', warn: 'bg-warn-fill', crit: 'bg-crit' }[left < 0 ? 'crit' : tone];
  return (
    <span className="grid grid-cols-[minmax(48px,1fr)_56px] items-center gap-1.5">
      <span
        aria-hidden
        className="relative block h-1.5 rounded-[1px] bg-[color-mix(in_oklab,var(--text)_9%,transparent)]"
      >
        <span className="-inset-y-0.75 absolute left-[14%] w-px bg-text-3" />
        {left >= 0 ? (
          <span
            className={cx('absolute inset-y-0 left-[14%] rounded-r-[1px]', fill)}
            style={{ width: `${width * 86}%` }}
          />
        ) : (
          <span
            className="hatch absolute inset-y-0 right-[86%] bg-crit"
            style={{ width: `${Math.min(width * 86, 14)}%` }}
          />
        )}
      </span>
      <span className={cx('text-right', left < 0 && 'font-semibold text-crit')}>{formatRatio(left, 1)}</span>
    </span>
  );
}
