'use client';

import Link from 'next/link';
import { formatShare } from '@/components/slo/figures';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/number-text';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time-ago';
import type { ChangeCost, HistoryRow, ObjectiveCost } from '@/lib/change/history/contract';
import { stateText } from '@/lib/change/words';
import { formatDuration } from '@/lib/core/duration';
import { paths } from '@/lib/core/paths';
import { changeTone } from '../tone';

type HistoryTableProps = {
  changes: readonly HistoryRow[];
  /** Name of the service. */
  name: string;
  isFiltered: boolean;
  clearHref: string;
};

const cell =
  'border-line border-b px-2 py-1.5 align-top first:pl-3 last:pr-3 max-sm:border-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0';
const line =
  'hover:bg-raised max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:gap-y-0.5 max-sm:border-line max-sm:border-b max-sm:px-4 max-sm:py-2.5';
const under = 'block text-meta text-text-3';

/** Changes of every kind with who, why, how long, how it ended, and what it cost of the budgets. */
export function HistoryTable({ changes, name, isFiltered, clearHref }: HistoryTableProps) {
  if (changes.length === 0) {
    return isFiltered ? (
      <EmptyState
        title="No changes match"
        why="No change of this service is of this kind and outcome here."
        action={
          <Link href={clearHref} className="text-accent hover:underline">
            Show all of them
          </Link>
        }
      />
    ) : (
      <EmptyState
        title="No changes"
        why="Changes that are asked for here are listed with their outcome and cost."
      />
    );
  }
  return (
    <ScrollX label={`Changes of ${name}`}>
      <table className="w-full border-collapse max-sm:block">
        <caption className="sr-only">Changes of {name}, newest first</caption>
        <thead className="max-sm:sr-only">
          <tr>
            <Th>Asked</Th>
            <Th>Change, why</Th>
            <Th>By</Th>
            <Th>State</Th>
            <Th end>Took</Th>
            <Th end>Cost in budget</Th>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {changes.map((change) => (
            <ChangeLine key={change.id} change={change} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function ChangeLine({ change }: { change: HistoryRow }) {
  return (
    <tr className={line}>
      <td className={cx(cell, 'whitespace-nowrap max-sm:order-3')}>
        <Time at={change.createdAt} parts="short" className="mono text-text-3" />
      </td>
      <td className={cx(cell, 'min-w-60 max-sm:order-1 max-sm:min-w-0')}>
        <Link href={paths.change(change.id)} className="font-medium hover:underline">
          {change.title}
        </Link>{' '}
        <span className="mono whitespace-nowrap text-text-3">
          {change.id} {change.environment} {(change.regions ?? [change.region]).join(', ')}
        </span>
        <span className="block max-w-[80ch] text-pretty break-words text-text-2">
          {change.reason}
          {change.ticket ? <span className="mono text-text-3"> {change.ticket}</span> : null}
        </span>
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-text-2 max-sm:order-4 max-sm:text-right')}>
        {change.requesterName}
      </td>
      <td className={cx(cell, 'whitespace-nowrap max-sm:order-2 max-sm:text-right')}>
        <StateText tone={changeTone[change.state]}>{stateText(change)}</StateText>
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-right max-sm:hidden')}>{tookText(change)}</td>
      <td
        className={cx(cell, 'whitespace-nowrap text-right max-sm:order-5 max-sm:col-span-2 max-sm:text-left')}
      >
        <Cost cost={change.cost} />
      </td>
    </tr>
  );
}

function tookText({ seconds, startedAt }: HistoryRow): string {
  if (seconds !== null) return formatDuration(seconds);
  return startedAt === null ? '–' : 'not ended';
}

const noCost: Record<Exclude<ChangeCost['state'], 'priced'>, string> = {
  'not-carried-out': 'nothing done',
  'no-objective': 'no objective',
  'not-counted': 'not counted',
  'no-requests': 'no version',
};

/** Of the objective that it cost most; the rest is named by number, and stands in the record. */
function Cost({ cost }: { cost: ChangeCost }) {
  const [worst, ...rest] = cost.lines;
  if (cost.state !== 'priced' || worst === undefined)
    return <span className="text-text-3">{cost.state === 'priced' ? '–' : noCost[cost.state]}</span>;
  const { share, shareLow, shareHigh, unit } = worst;
  const remarks = [
    ...(worst.sharedWith.length > 0 ? ['shared'] : []),
    ...(worst.isCounting ? ['still counting'] : []),
    ...(worst.isGross ? ['all failures'] : []),
    ...(worst.coverage < 0.995 ? [`${Math.floor(100 * worst.coverage)} % known`] : []),
  ];
  return (
    <>
      <span className={share !== null && share >= 0.1 ? 'font-semibold text-crit' : 'font-medium'}>
        {share === null ? failedText(worst) : formatShare(share)}
      </span>
      <span className={under}>
        {shareLow === null || shareHigh === null
          ? `${rounded(worst.low)} to ${rounded(worst.high)} ${unit === 'slices' ? 'slices' : ''}`
          : `${formatShare(shareLow)} to ${formatShare(shareHigh)}`}
      </span>
      <span className={under}>
        <Link href={paths.slo(worst.slo)} className="hover:underline">
          {worst.name}
        </Link>
        {rest.length > 0 ? ` and ${rest.length} more` : ''}
      </span>
      {remarks.length > 0 ? <span className={cx(under, 'text-text-2')}>{remarks.join(', ')}</span> : null}
    </>
  );
}

const rounded = (count: number): string => formatCount(Math.round(count * 10) / 10);
const failedText = ({ failed, unit }: ObjectiveCost): string =>
  `${rounded(failed)} ${unit === 'slices' ? 'bad slices' : 'failed'}`;
