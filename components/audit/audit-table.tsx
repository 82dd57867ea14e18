'use client';

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { Fragment, type KeyboardEvent, useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/number-text';
import { StateText } from '@/components/ui/state';
import { Time, useZone } from '@/components/ui/time-ago';
import type { AuditRow } from '@/lib/audit/contract';
import { paths } from '@/lib/core/paths';
import { AuditEntry } from './audit-entry';
import { byDay, dayName } from './filter-url';
import { actionWord, resultTone, resultWord } from './words';

/** j and k (or the arrows) walk the rows' buttons; Enter is the button's own. */
function walk(event: KeyboardEvent<HTMLTableElement>): void {
  const down = event.key === 'j' || event.key === 'ArrowDown';
  if (
    (!down && event.key !== 'k' && event.key !== 'ArrowUp') ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  )
    return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-row]')];
  const here = rows.findIndex((row) => row === document.activeElement);
  if (here === -1) return;
  event.preventDefault();
  rows[here + (down ? 1 : -1)]?.focus();
}

/** The entries under their days, newest first; each opens in place. */
export function AuditTable({ entries }: { entries: AuditRow[] }) {
  const zone = useZone();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (seq: number) =>
    setOpen((was) =>
      was.has(seq) ? new Set([...was].filter((each) => each !== seq)) : new Set([...was, seq]),
    );
  return (
    <table className="w-full border-collapse max-sm:block" onKeyDown={walk}>
      <caption className="sr-only">Audit log, newest first. J and K move between entries.</caption>
      <thead className="max-sm:sr-only">
        <tr className="h-8 border-line border-b text-left text-text-3">
          {['Entry', 'Time', 'Actor', 'Action', 'Target', 'Result', 'Change'].map((name) => (
            <th
              key={name}
              scope="col"
              className={cx('px-2 font-normal first:pl-3 last:pr-3', name === 'Change' && 'max-md:hidden')}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {byDay(entries, (at) => dayName(at, zone)).map(({ day, entries: rows }) => (
        <tbody key={`${day} ${rows[0]?.seq}`} className="max-sm:block">
          <tr className="h-8 border-line border-b bg-bg max-sm:block">
            <th
              scope="rowgroup"
              colSpan={7}
              className="px-3 text-left font-medium max-sm:block max-sm:px-4 max-sm:leading-8"
            >
              {day}
            </th>
          </tr>
          {rows.map((row) => (
            <Fragment key={row.seq}>
              <Row row={row} open={open.has(row.seq)} onToggle={() => toggle(row.seq)} />
              {open.has(row.seq) ? (
                <tr className="border-line border-b max-sm:block">
                  <td colSpan={7} className="p-0 max-sm:block">
                    <AuditEntry row={row} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Row({ row, open, onToggle }: { row: AuditRow; open: boolean; onToggle: () => void }) {
  return (
    <tr
      className={cx(
        'relative h-8 border-line border-b hover:bg-raised max-sm:grid max-sm:h-auto max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:px-4 max-sm:py-2.5',
        open && 'bg-raised',
      )}
    >
      <td className="w-22 pl-1 max-sm:hidden">
        <span className="mono pl-6 text-text-3">{formatCount(row.seq)}</span>
      </td>
      <td className="w-20 px-2 max-sm:order-2 max-sm:w-auto max-sm:p-0 max-sm:text-right">
        <Time at={row.at} className="mono text-text-3" />
      </td>
      <td className="max-w-56 truncate px-2 max-sm:order-3 max-sm:p-0">
        {row.actor.name} {row.actor.name === row.via ? null : <span className="text-text-3">{row.via}</span>}
      </td>
      <td className="px-2 max-sm:order-1 max-sm:p-0">
        <button
          type="button"
          data-row
          aria-expanded={open}
          onClick={onToggle}
          className="row-link flex min-h-6 items-center gap-1 text-left max-sm:font-medium"
        >
          <ChevronRight
            aria-hidden
            className={cx(
              'sm:absolute sm:left-3 size-3.5 flex-none text-text-3 transition-transform max-sm:-ml-1',
              open && 'rotate-90',
            )}
          />
          {actionWord(row.action)}
        </button>
      </td>
      <td
        className="max-w-0 w-[34%] truncate px-2 text-text-2 max-sm:order-5 max-sm:col-span-2 max-sm:w-auto max-sm:max-w-none max-sm:p-0"
        title={row.target}
      >
        {row.target}
      </td>
      <td className="w-28 px-2 max-sm:order-4 max-sm:w-auto max-sm:p-0">
        <StateText tone={resultTone[row.result]}>{resultWord[row.result]}</StateText>
      </td>
      <td className="w-20 pr-3 pl-2 max-md:hidden">
        {row.change ? (
          <Link href={paths.change(row.change)} className="mono relative z-10 text-accent hover:underline">
            {row.change}
          </Link>
        ) : null}
      </td>
    </tr>
  );
}
