import { cx } from './class-names';

/** Said wherever durations are shown or waited for, while the configuration has them shortened. */
export const DemoTiming = ({ className }: { className?: string }) => (
  <span
    className={cx(
      'flex-none whitespace-nowrap rounded-control bg-surface px-2 text-meta text-text-2 leading-5',
      className,
    )}
    title="Holds, watches, leases and expiries are shortened on this install"
  >
    demo timing
  </span>
);
