'use client';

import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { fleetDaysQuery } from '@/lib/slo/client';
import type { FleetDays } from '@/lib/slo/fleet/contract';
import type { FleetPart } from '@/lib/slo/fleet/grouping';
import { cellText, cellWords, dayWords, type Pace, paceOf, paces, paceText } from './day-heat';

const day = 86_400;
const rowHeight = 28;
/** More rows than this are drawn only while in sight. */
const virtualAbove = 60;

/** The figure stands in the cell and is readable on every wash: colour only leads the eye. */
const look: Record<Pace, string> = {
  none: 'text-text-3',
  even: 'bg-raised text-text-2',
  over: 'bg-[color-mix(in_oklab,var(--warn-fill)_18%,var(--surface))] text-text',
  fast: 'bg-[color-mix(in_oklab,var(--crit)_22%,var(--surface))] text-text',
  gone: 'bg-[color-mix(in_oklab,var(--crit)_22%,var(--surface))] font-semibold text-text shadow-[inset_0_0_0_2px_var(--crit)]',
  unknown: 'text-text-3',
};

/** One row an objective: one that is listed by its groups stands here once, since days are of the whole budget. */
const wholeRows = (rows: readonly FleetPart[]): FleetPart[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];

/** What each day spent of each budget, in the order of the list. */
export function FleetDaysPanel({ environment, rows }: { environment: string; rows: readonly FleetPart[] }) {
  const { data, error, refetch } = useQuery(fleetDaysQuery(environment));
  if (data === undefined) {
    return error ? (
      <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={6} label="days" />
    );
  }
  if (data.days.length === 0) {
    return (
      <EmptyState title="No days" why="Nothing is recorded of the objectives of this environment yet." />
    );
  }
  return (
    <>
      {error ? <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} /> : null}
      <DayTable data={data} rows={wholeRows(rows)} />
    </>
  );
}

type At = { row: number; column: number };

/** Where a key leads from a cell; null: the key is not ours. */
export function moved(
  key: string,
  { row, column }: At,
  { rows, columns }: { rows: number; columns: number },
): At | null {
  const to = new Map<string, At>([
    ['ArrowLeft', { row, column: column - 1 }],
    ['ArrowRight', { row, column: column + 1 }],
    ['ArrowUp', { row: row - 1, column }],
    ['ArrowDown', { row: row + 1, column }],
    ['k', { row: row - 1, column }],
    ['j', { row: row + 1, column }],
    ['Home', { row, column: 0 }],
    ['End', { row, column: columns - 1 }],
  ]);
  const next = to.get(key);
  if (next === undefined) return null;
  const inside = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
  return { row: inside(next.row, rows), column: inside(next.column, columns) };
}

function DayTable({ data, rows }: { data: FleetDays; rows: readonly FleetPart[] }) {
  const box = useRef<HTMLElement>(null);
  const { days } = data;
  const spentOf = new Map(data.rows.map(({ id, spent }) => [id, spent]));
  const [at, setAt] = useState<At>({ row: 0, column: days.length - 1 });
  const [told, setTold] = useState<string | null>(null);
  const isLong = rows.length > virtualAbove;
  const virtual = useVirtualizer({
    count: isLong ? rows.length : 0,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = isLong ? virtual.getVirtualItems().map(({ index }) => index) : rows.map((_, index) => index);
  const before = (shown[0] ?? 0) * rowHeight;
  const after = isLong ? virtual.getTotalSize() - ((shown.at(-1) ?? -1) + 1) * rowHeight : 0;
  const active = { row: Math.min(at.row, rows.length - 1), column: Math.min(at.column, days.length - 1) };
  // External system: the scroll position. What is newest is looked for first, and stands at the right end.
  useEffect(() => {
    if (box.current !== null) box.current.scrollLeft = box.current.scrollWidth;
  }, []);
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof HTMLElement) || event.target.dataset['cell'] === undefined) return;
    const next = moved(event.key, active, { rows: rows.length, columns: days.length });
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    box.current?.querySelector<HTMLElement>(`[data-cell="${next.row}/${next.column}"]`)?.focus();
  };
  return (
    <>
      <Legend />
      <p className="min-h-7 border-line border-b px-3 py-1 text-meta text-text-2 max-sm:px-4">
        {told ?? 'Point at a day, or walk the days with the arrow keys, to read it in words.'}
      </p>
      <section
        ref={box}
        aria-label="What each day spent"
        onKeyDown={walk}
        onMouseLeave={() => setTold(null)}
        className={cx('overflow-x-auto', isLong && 'max-h-[78vh] overflow-y-auto')}
      >
        <table className="border-separate border-spacing-0" aria-rowcount={rows.length + 1}>
          <caption className="sr-only">
            Share of the budget that each UTC day spent, in per cent, by objective. Arrow keys move between
            days.
          </caption>
          <Days days={days} />
          <tbody>
            {before > 0 ? <tr aria-hidden style={{ height: before }} /> : null}
            {shown.map((index) => {
              const row = rows[index];
              return row === undefined ? null : (
                <DayRow
                  key={row.id}
                  row={row}
                  index={index}
                  days={days}
                  spent={spentOf.get(row.id) ?? null}
                  active={active.row === index ? active.column : null}
                  onTold={(column, words) => {
                    setTold(words);
                    if (column !== null) setAt({ row: index, column });
                  }}
                />
              );
            })}
            {after > 0 ? <tr aria-hidden style={{ height: after }} /> : null}
          </tbody>
        </table>
      </section>
    </>
  );
}

const side =
  'sticky left-0 z-[1] bg-surface border-line border-r pl-3 pr-2 text-left font-normal max-sm:pl-4';

const Days = ({ days }: { days: readonly string[] }) => (
  <thead className="sticky top-0 z-[2] bg-surface">
    <tr>
      <th scope="col" className={cx(side, 'h-9 border-b text-meta text-text-3')}>
        Objective
      </th>
      {days.map((date) => {
        const [, number = '', month = ''] = dayWords(date).split(' ');
        return (
          <th
            key={date}
            scope="col"
            title={`${dayWords(date)} UTC`}
            className="h-9 border-line border-b px-px text-center font-normal text-axis text-text-3"
          >
            {/* As wide as its cells, so that the table has its width before rows are drawn. */}
            <span className="block w-8">{number === '1' || date === days[0] ? month : ''}</span>
            {number}
          </th>
        );
      })}
    </tr>
  </thead>
);

type DayRowProps = {
  row: FleetPart;
  index: number;
  days: readonly string[];
  /** Null: its past is being read, or it has no budget. */
  spent: readonly (number | null)[] | null;
  /** The column that the tab key reaches in this row. */
  active: number | null;
  onTold: (column: number | null, words: string) => void;
};

function DayRow({ row, index, days, spent, active, onTold }: DayRowProps) {
  const windowDays = row.window.seconds / day;
  return (
    <tr aria-rowindex={index + 2} style={{ height: rowHeight }}>
      <th
        scope="row"
        className={cx(side, 'w-56 min-w-56 max-w-56 truncate max-sm:w-36 max-sm:min-w-36 max-sm:max-w-36')}
      >
        <Link href={paths.slo(row.id)} className="hover:underline" title={row.name}>
          {row.name}
        </Link>
      </th>
      {spent === null ? (
        <td colSpan={days.length} className="px-2 text-meta text-text-3">
          Nothing to show: its past is being read, or it counted no events.
        </td>
      ) : (
        days.map((date, column) => {
          const share = spent[column] ?? null;
          const words = cellWords(row.name, date, share, windowDays);
          return (
            <td key={date} className="p-px">
              <span
                role="img"
                aria-label={words}
                data-cell={`${index}/${column}`}
                tabIndex={active === column ? 0 : -1}
                onFocus={() => onTold(column, words)}
                onMouseEnter={() => onTold(null, words)}
                className={cx(
                  'grid h-6.5 w-8 place-items-center rounded-[2px] text-axis',
                  look[paceOf(share, windowDays)],
                )}
              >
                {cellText(share)}
              </span>
            </td>
          );
        })
      )}
    </tr>
  );
}

const Legend = () => (
  <ul
    aria-label="What the colours mean"
    className="flex flex-wrap gap-x-4 gap-y-1 border-line border-b px-3 py-2 text-meta text-text-2 max-sm:px-4"
  >
    <li>Per cent of the budget of the window that each UTC day spent</li>
    {paces.map((pace) => (
      <li key={pace} className="inline-flex items-center gap-1.5">
        <span
          aria-hidden
          className={cx('grid h-4 w-6 place-items-center rounded-[2px] text-axis', look[pace])}
        >
          {pace === 'none' ? '·' : pace === 'unknown' ? '–' : ''}
        </span>
        {paceText[pace]}
      </li>
    ))}
  </ul>
);
