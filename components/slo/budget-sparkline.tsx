import { cx } from '@/components/ui/class-names';
import type { Sparkline } from '@/lib/slo/contract';

type BudgetSparklineProps = {
  sparkline: Sparkline;
  /** Unix seconds of changes: ticks under the line. */
  changes?: readonly number[];
  className?: string;
};

const width = 96;
const height = 24;

/** Budget left over the window with its zero line; what lies below zero is filled. Decorative beside its figure. */
export function BudgetSparkline({ sparkline, changes = [], className }: BudgetSparklineProps) {
  const { from, step, values } = sparkline;
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const low = Math.min(0, ...known);
  const high = Math.max(1, ...known);
  const last = values.length - 1;
  const x = (index: number) => (index / last) * (width - 4) + 1;
  const y = (value: number) => 2 + ((high - value) / (high - low)) * (height - 5);
  let line = '';
  let begun = false;
  values.forEach((value, index) => {
    if (value !== null) line += `${begun ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    begun = value !== null;
  });
  const end = values.findLastIndex((value) => value !== null);
  const endValue = values[end] ?? 0;
  const ticks = changes.map((at) => (at - from) / step).filter((tick) => tick >= 0 && tick <= last);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      className={cx('h-6 w-20 overflow-visible', endValue < 0 ? 'text-crit' : 'text-text-3', className)}
    >
      <path d={`M0 ${y(0).toFixed(1)}H${width}`} stroke="var(--line-strong)" strokeWidth="1" />
      {low < 0 ? (
        <rect
          data-overspent
          y={y(0)}
          width={width}
          height={Math.max(0, y(low) - y(0))}
          fill="var(--crit)"
          opacity="0.12"
        />
      ) : null}
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.2" strokeLinejoin="round" />
      {ticks.length > 0 ? (
        <path
          data-changes={ticks.length}
          d={ticks.map((tick) => `M${x(tick).toFixed(1)} ${height - 4}v4`).join('')}
          stroke="var(--text-2)"
          strokeWidth="1.5"
        />
      ) : null}
      <circle cx={x(end)} cy={y(endValue)} r="2" fill="currentColor" />
    </svg>
  );
}
