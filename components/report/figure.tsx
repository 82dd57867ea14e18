import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import type { Amount } from '@/lib/slo/report/contract';
import { failuresText, minutesText } from '@/lib/slo/report/words';
import { keepTogether } from './words';

export const cell = 'px-2 py-1.5 align-top first:pl-3 last:pr-3';
export const line = 'border-line border-b last:border-b-0';
export const under = 'block text-meta text-text-3';

/** Time first, failures under it; a dash where there is no figure. */
export function AmountCell({
  amount,
  emphasis = false,
  className,
  children,
}: {
  amount: Amount | null;
  emphasis?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <td className={cx(cell, 'whitespace-nowrap text-right', className)}>
      {amount === null ? (
        <span className="text-text-3">–</span>
      ) : (
        <>
          <span className={cx(emphasis && 'font-medium')}>{keepTogether(minutesText(amount.seconds))}</span>
          <span className={under}>{failuresText(amount.failures)}</span>
        </>
      )}
      {children}
    </td>
  );
}
