'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { BudgetBar } from '@/components/ui/budget-bar';
import { cx } from '@/components/ui/class-names';
import { formatBurn } from '@/components/ui/number-text';
import { ReadingValue } from '@/components/ui/reading-value';
import { StateText } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import { readingValue } from '@/lib/core/reading';
import type { RowNumbers } from '@/lib/slo/contract';
import type { FleetPart } from '@/lib/slo/fleet/grouping';
import { BudgetSparkline } from './budget-sparkline';
import { DataText, FillProgress } from './data-text';
import { failuresText, formatShare, formatSli } from './figures';
import { exhaustionText, recoveryText, wordText, wordTone } from './words';

type FleetLineProps = {
  row: FleetPart;
  index: number;
  measure?: ((line: HTMLElement | null) => void) | undefined;
};

const cell =
  'whitespace-nowrap border-line border-b px-2 py-1.5 align-top first:pl-3 last:pr-3 max-sm:border-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0';
const under = 'block text-meta text-text-3';
const burnClass = (burn: number) =>
  burn > 14.4 ? 'font-semibold text-crit' : burn > 3 ? 'font-semibold text-warn' : '';

/** One objective in two lines; on phones what it is and how it is, then its budget and how fast it goes. */
export function FleetLine({ row, index, measure }: FleetLineProps) {
  const isHot = row.word === 'burning-fast' || row.word === 'exhausted';
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      className={cx(
        'relative hover:bg-raised focus-within:bg-raised max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:gap-y-1 max-sm:border-line max-sm:border-b max-sm:px-4 max-sm:py-2.5',
        isHot && 'shadow-[inset_2px_0_var(--crit)]',
      )}
    >
      <td className={cx(cell, 'max-sm:order-2')}>
        <StateText tone={wordTone[row.word]}>{wordText[row.word]}</StateText>
      </td>
      <td className={cx(cell, 'w-full min-w-44 max-sm:order-1 max-sm:w-auto max-sm:min-w-0')}>
        <Link href={paths.slo(row.id)} data-row className="row-link whitespace-normal font-medium">
          {row.name}
          {row.part === null ? null : <span className="font-normal text-text-2"> {row.part}</span>}
        </Link>
        <span className={cx(under, 'whitespace-normal')}>
          {row.serviceName}
          {row.owner === '' ? '' : `, ${row.owner}`}
        </span>
      </td>
      <td className={cx(cell, 'text-right max-sm:hidden')}>
        <Figure row={row} of={({ sli }) => (sli === null ? null : formatSli(sli, row.objective))} />
        <span className={cx(under, 'ml-auto min-w-24 max-w-32 whitespace-normal')}>
          {row.objective}
          {'\u00a0'}%, {row.window.words}
        </span>
      </td>
      <Budget row={row} />
      <td className={cx(cell, 'hidden @min-[760px]:table-cell')}>
        {row.sparkline === null ? null : <BudgetSparkline sparkline={row.sparkline} changes={row.ticks} />}
      </td>
      <td className={cx(cell, 'text-right max-sm:order-4')}>
        <span className="text-meta text-text-3 sm:hidden">burn </span>
        <Figure
          row={row}
          of={({ burn1h }) =>
            burn1h === null ? null : <span className={burnClass(burn1h)}>{formatBurn(burn1h)}</span>
          }
        />
      </td>
      <td className={cx(cell, 'hidden text-right @min-[660px]:table-cell')}>
        <Gone row={row} />
      </td>
      <LastChangeCell row={row} />
      <td
        className={cx(cell, 'hidden @min-[860px]:table-cell max-sm:order-5 max-sm:col-span-2 max-sm:block')}
      >
        <DataText row={row} />
        <FillProgress progress={row.progress} />
      </td>
    </tr>
  );
}

/** A figure of the window, quiet when it is old, a dash with its reason when there is none. */
function Figure({ row, of }: { row: FleetPart; of: (numbers: RowNumbers) => ReactNode }) {
  return (
    <ReadingValue reading={row.numbers}>
      {(numbers) => of(numbers) ?? <span className="text-text-3">–</span>}
    </ReadingValue>
  );
}

function Budget({ row }: { row: FleetPart }) {
  const tone = row.word === 'burning-fast' ? 'crit' : row.word === 'burning-slow' ? 'warn' : 'neutral';
  const numbers = readingValue(row.numbers);
  return (
    <td className={cx(cell, 'min-w-40 max-sm:order-3 max-sm:w-auto')}>
      <Figure
        row={row}
        of={({ budgetLeft }) => (budgetLeft === null ? null : <BudgetBar left={budgetLeft} tone={tone} />)}
      />
      {numbers === null ? null : <span className={cx(under, 'max-sm:hidden')}>{failuresText(numbers)}</span>}
    </td>
  );
}

function Gone({ row }: { row: FleetPart }) {
  const numbers = readingValue(row.numbers);
  return (
    <>
      <Figure
        row={row}
        of={({ soonest }) => (
          <span className={soonest.kind === 'never' ? 'text-text-3' : ''}>{exhaustionText(soonest)}</span>
        )}
      />
      {numbers === null ? null : <span className={under}>{rangeText(numbers)}</span>}
    </>
  );
}

/** How far the slower paces see, or when what is spent comes back. */
function rangeText({ soonest, latest }: RowNumbers): string | null {
  if (soonest.kind !== 'in') return recoveryText(soonest);
  if (latest.kind === 'never') return 'or never';
  return latest.kind === 'in' && latest.seconds > soonest.seconds ? `to ${exhaustionText(latest)}` : null;
}

function LastChangeCell({ row }: { row: FleetPart }) {
  const change = row.lastChange;
  return (
    <td className={cx(cell, 'hidden max-w-48 @min-[1180px]:table-cell')}>
      {change === null ? null : (
        <>
          <span className="block">
            {change.share === null ? 'not priced' : formatShare(change.share)}
            {change.isShared ? <span className="text-text-3"> shared</span> : null}
          </span>
          <span className={cx(under, 'truncate')} title={change.title}>
            <span className="mono">{change.id}</span> <TimeAgo at={change.at} />
          </span>
        </>
      )}
    </td>
  );
}
