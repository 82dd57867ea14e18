import type { ReactNode } from 'react';
import { cx } from './class-names';

type HeadProps = {
  /** Figures stand at the right end of their column, and so does their heading. */
  end?: boolean;
  /** The rows are sorted by this column. */
  sorted?: boolean;
  className?: string | undefined;
  children: ReactNode;
};

/** The heading of a column. */
export const Th = ({ end = false, sorted = false, className, children }: HeadProps) => (
  <th
    scope="col"
    aria-sort={sorted ? 'other' : undefined}
    className={cx(
      'h-7.5 whitespace-nowrap border-line border-b px-2 text-meta first:pl-3 last:pr-3',
      sorted ? 'font-medium text-text' : 'font-normal text-text-3',
      end ? 'text-right' : 'text-left',
      className,
    )}
  >
    {children}
  </th>
);
