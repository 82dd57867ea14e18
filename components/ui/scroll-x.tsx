import type { ReactNode } from 'react';
import { cx } from './class-names';

type ScrollXProps = { label: string; className?: string; children: ReactNode };

/**
 * What may be wider than its panel scrolls inside it, by keyboard too; the page itself never scrolls sideways, not for
 * words that are there for screen readers alone either.
 */
export const ScrollX = ({ label, className, children }: ScrollXProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
  <section aria-label={label} tabIndex={0} className={cx('relative overflow-x-auto', className)}>
    {children}
  </section>
);
