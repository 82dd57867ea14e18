'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/number-text';
import { ScrollX } from '@/components/ui/scroll-x';
import { Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import { paths } from '@/lib/core/paths';
import { voidEntry } from '@/lib/slo/ledger/client';
import type { EntryRow, LedgerLine, LedgerView, SliceSpend } from '@/lib/slo/ledger/contract';
import { causeWords } from '@/lib/slo/ledger/model';
import { formatShare, sliceText } from './figures';
import { VoidButton } from './void-button';

type SpendTableProps = { ledger: LedgerView; slo: string };
type Cost = LedgerLine['net'];

const cell =
  'border-line border-b px-2 py-1.5 align-top whitespace-nowrap first:pl-3 last:pr-3 max-sm:border-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0';
const under = 'block text-meta text-text-3';
const line =
  'hover:bg-raised max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:gap-y-0.5 max-sm:border-line max-sm:border-b max-sm:px-4 max-sm:py-2.5';

const shareOf = ({ share }: { share: number | null }): string => (share === null ? '–' : formatShare(share));

/** Who spent how much, the dearest first, then what nobody explains; together exactly what was spent. */
export function SpendTable({ ledger, slo }: SpendTableProps) {
  const sizeOf = ({ net, slices }: LedgerLine) => spendOf(net, slices?.net).size;
  const lines = [...ledger.lines].sort((a, b) => sizeOf(b) - sizeOf(a) || b.from.localeCompare(a.from));
  const most = Math.max(
    1,
    spendOf(ledger.unexplained, ledger.slices?.unexplained).size,
    ...lines.map(sizeOf),
  );
  if (lines.length === 0 && ledger.spent.failed === 0 && ledger.voided.length === 0) {
    return (
      <EmptyState
        title="Nothing was spent"
        why="No request of the window failed. Changes and incidents will be listed with what they cost."
      />
    );
  }
  return (
    <>
      <ScrollX label="What spent the budget">
        <table className="w-full border-collapse max-sm:block">
          <caption className="sr-only">What spent the budget, the dearest first</caption>
          <thead className="max-sm:sr-only">
            <tr>
              <Th>When</Th>
              <Th>Cause</Th>
              <Th>What, by whom</Th>
              <Th>Cost</Th>
              <Th end>Failed</Th>
              <Th end>At least, at most</Th>
              <Th>Remarks</Th>
            </tr>
          </thead>
          <tbody className="max-sm:block">
            {lines.map((one) => (
              <SpendLine key={one.id} line={one} most={most} slo={slo} mayVoid={ledger.mayAdd} />
            ))}
            <SumLine
              name="Unexplained"
              why="failures that no line above pays for"
              cost={ledger.unexplained}
              slices={ledger.slices?.unexplained}
              most={most}
            />
          </tbody>
          <tfoot className="max-sm:block">
            <SumLine
              name="Spent"
              why="all lines together"
              cost={ledger.spent}
              slices={ledger.slices?.spent}
            />
          </tfoot>
        </table>
      </ScrollX>
      {ledger.voided.length > 0 ? <Voided entries={ledger.voided} /> : null}
    </>
  );
}

/** What a spend is measured by: slices of time where the budget is made of them, failures otherwise. */
type Spend = { size: number; share: number | null };
const spendOf = (cost: Cost, slices: SliceSpend | undefined): Spend =>
  slices === undefined
    ? { size: cost.failed, share: cost.share }
    : { size: slices.slices, share: slices.share };

/** At least and at most, as shares of the budget where there is one. */
function rangeText({ low, high, slices }: LedgerLine): string {
  const [least, most] = [spendOf(low, slices?.low), spendOf(high, slices?.high)];
  return least.share === null || most.share === null
    ? `${formatCount(Math.round(least.size))} to ${formatCount(Math.round(most.size))}`
    : `${formatShare(least.share)} to ${formatShare(most.share)}`;
}

type SpendLineProps = {
  line: LedgerLine;
  most: number;
  slo: string;
  mayVoid: boolean;
};

function SpendLine({ line: one, most, slo, mayVoid }: SpendLineProps) {
  const entry = one.id.startsWith('entry:') ? one.id.slice('entry:'.length) : null;
  return (
    <tr className={line}>
      <td className={cx(cell, 'max-sm:order-3')}>
        <Time at={one.from} parts="short" className="mono text-text-3" />
        <span className={cx(under, 'max-sm:hidden')}>
          {formatDuration((Date.parse(one.to) - Date.parse(one.from)) / 1000)}
        </span>
      </td>
      <td className={cx(cell, 'max-sm:order-4 max-sm:text-right')}>{causeWords[one.cause]}</td>
      <td className={cx(cell, 'min-w-48 whitespace-normal max-sm:order-1 max-sm:min-w-0')}>
        <What line={one} />
        <span className={under}>
          {[one.by, ...(one.regions ?? []), one.note]
            .filter((part) => part !== null && part !== '')
            .join(', ')}
        </span>
      </td>
      <td className={cx(cell, 'max-sm:order-2')}>
        <CostBar cost={spendOf(one.net, one.slices?.net)} most={most} />
        {one.slices !== null ? (
          <span className={under}>{sliceText(one.slices.net)}</span>
        ) : one.net.outageSeconds === null ? null : (
          <span className={cx(under, 'max-sm:hidden')}>
            {formatDuration(one.net.outageSeconds)} of outage
          </span>
        )}
      </td>
      <td className={cx(cell, 'text-right max-sm:hidden')}>
        {formatCount(Math.round(one.net.failed))}
        <span className={under}>of {formatCount(Math.round(one.gross.failed))} then</span>
      </td>
      <td className={cx(cell, 'text-right text-text-2 max-sm:order-5 max-sm:col-span-2 max-sm:text-left')}>
        {rangeText(one)}
      </td>
      <td
        className={cx(
          cell,
          'min-w-44 max-w-72 whitespace-normal text-meta text-text-2 max-sm:order-6 max-sm:col-span-2',
        )}
      >
        <Remarks line={one} />
        {entry !== null && mayVoid ? (
          <VoidButton
            what={`the entry ${one.title}`}
            consequence="What it explains becomes unexplained again. It stays to be seen."
            send={voidEntry(slo, entry)}
          />
        ) : null}
      </td>
    </tr>
  );
}

function What({ line: { title, change, link } }: { line: LedgerLine }) {
  if (change !== null) {
    return (
      <Link href={paths.change(change)} className="font-medium hover:underline">
        {title} <span className="mono text-text-3">{change}</span>
      </Link>
    );
  }
  if (link !== null) {
    return (
      <a href={link} rel="noreferrer" className="font-medium hover:underline">
        {title}
      </a>
    );
  }
  return <span className="font-medium">{title}</span>;
}

/** What limits the price: other causes in the same span, an outage before it, nothing to compare it with. */
function Remarks({ line: one }: { line: LedgerLine }) {
  const said: ReactNode[] = [
    ...(one.end === 'running' ? ['still running'] : []),
    ...(one.beganInOutage ? ['began in an outage'] : []),
    ...(one.isGross ? ['all failures counted: no traffic before it'] : []),
    ...(one.background?.kind === 'unclean' ? ['compared with a time that had failures of its own'] : []),
    ...(one.coverage !== null && one.coverage < 0.995
      ? [`${Math.floor(one.coverage * 100)}\u00a0% of its time is known`]
      : []),
  ];
  return (
    <>
      {one.sharedWith.length > 0 ? (
        <span className="block">
          <b className="font-medium text-text">Shared</b> with{' '}
          {one.sharedWith.map(({ title }) => title).join(', ')}
        </span>
      ) : null}
      {said.length > 0 ? <span className="block">{said.join('; ')}</span> : null}
    </>
  );
}

function CostBar({ cost, most }: { cost: Spend; most: number }) {
  return (
    <span className="grid w-32 grid-cols-[56px_64px] items-center gap-2 max-sm:w-auto max-sm:grid-cols-[64px]">
      <span
        aria-hidden
        className="block h-1.5 rounded-[1px] bg-[color-mix(in_oklab,var(--text)_9%,transparent)] max-sm:hidden"
      >
        <span
          className="block h-full rounded-[1px] bg-text-3"
          style={{ width: `${Math.max(0, Math.min(1, cost.size / most)) * 100}%` }}
        />
      </span>
      <span className="text-right font-medium">{shareOf(cost)}</span>
    </span>
  );
}

type SumLineProps = { name: string; why: string; cost: Cost; slices?: SliceSpend | undefined; most?: number };

function SumLine({ name, why, cost, slices, most }: SumLineProps) {
  const spend = spendOf(cost, slices);
  return (
    <tr className={cx(line, most === undefined && 'font-medium')}>
      <th
        scope="row"
        colSpan={3}
        className={cx(cell, 'text-left font-normal', most === undefined && 'font-medium')}
      >
        {name} <span className="font-normal text-text-3">{why}</span>
      </th>
      <td className={cell}>
        <CostBar cost={spend} most={most ?? spend.size} />
      </td>
      <td className={cx(cell, 'text-right max-sm:hidden')}>{formatCount(Math.round(cost.failed))}</td>
      <td colSpan={2} className={cx(cell, 'text-text-2 max-sm:hidden')}>
        {slices !== undefined
          ? sliceText(slices)
          : cost.outageSeconds === null
            ? ''
            : `${formatDuration(cost.outageSeconds)} of full outage`}
      </td>
    </tr>
  );
}

const Voided = ({ entries }: { entries: readonly EntryRow[] }) => (
  <details className="border-line border-t">
    <summary className="flex min-h-8 items-center px-3 text-meta text-text-2 max-sm:min-h-11 max-sm:px-4">
      {entries.length === 1 ? '1 voided entry' : `${entries.length} voided entries`}
    </summary>
    <ul className="pb-2">
      {entries.map((entry) => (
        <li key={entry.id} className="px-3 text-meta text-text-3 max-sm:px-4">
          <span className="line-through">
            {causeWords[entry.cause]} {entry.title}
          </span>{' '}
          {entry.voided === null ? '' : `voided by ${entry.voided.by}: ${entry.voided.reason}`}
        </li>
      ))}
    </ul>
  </details>
);
