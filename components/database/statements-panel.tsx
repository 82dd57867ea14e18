'use client';

import { useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { Th } from '@/components/ui/table';
import type { DatabaseView, StatementRow, StatementsView } from '@/lib/database/contract';
import { Command } from './command';
import { spanText } from './text';

const orders = [
  { key: 'byMean', label: 'Mean time' },
  { key: 'byTotal', label: 'Total time' },
  { key: 'byCalls', label: 'Calls' },
] as const;
type Order = (typeof orders)[number]['key'];

/** As many as each list has (DBO-03). */
const shownCount = 10;
const cell = 'whitespace-nowrap px-2 pt-1.5 align-top first:pl-3 last:pr-3';

/** The first ten queries by mean time, total time or calls, as pg_stat_statements counts them. */
export function StatementsPanel({ statements }: Pick<DatabaseView, 'statements'>) {
  const [order, setOrder] = useState<Order>('byMean');
  const known = statements.state === 'missing' ? null : statements.value;
  const isListed = known?.state === 'listed';
  return (
    <Panel
      title="Top queries"
      note={isListed ? `by ${known.column} of pg_stat_statements, since its last reset` : undefined}
      end={isListed ? <OrderChoice order={order} onChange={setOrder} /> : null}
    >
      <ReadingNote reading={statements} what="Top queries" />
      {known === null ? null : known.state === 'absent' ? (
        <Absent absent={known} />
      ) : (
        <Listed rows={known.rows} order={order} />
      )}
    </Panel>
  );
}

const OrderChoice = ({ order, onChange }: { order: Order; onChange: (order: Order) => void }) => (
  <fieldset className="inline-flex overflow-hidden rounded-control border border-line-strong bg-surface">
    <legend className="sr-only">Order of the queries</legend>
    {orders.map(({ key, label }) => (
      <button
        key={key}
        type="button"
        aria-pressed={key === order}
        onClick={() => onChange(key)}
        className={cx(
          'h-7 border-line border-l px-2.25 text-meta first:border-l-0 max-sm:h-11 max-sm:px-3',
          key === order ? 'bg-raised font-medium text-text' : 'text-text-2 hover:bg-raised',
        )}
      >
        {label}
      </button>
    ))}
  </fieldset>
);

function Absent({ absent }: { absent: Extract<StatementsView, { state: 'absent' }> }) {
  return (
    <EmptyState
      title="Metric missing"
      why={absent.why}
      action={
        <ol className="grid max-w-160 list-decimal gap-2 pl-4 text-text-2">
          {absent.steps.map(({ text, sql }) => (
            <li key={text}>
              {text}
              {sql === null ? null : <Command text={sql} />}
            </li>
          ))}
        </ol>
      }
    />
  );
}

function Listed({ rows, order }: { rows: readonly StatementRow[]; order: Order }) {
  if (rows.length === 0) {
    return (
      <EmptyState
        title="No queries"
        why="pg_stat_statements has counted none in this database since its reset."
      />
    );
  }
  const shown = rows.filter((row) => row[order] <= shownCount).toSorted((a, b) => a[order] - b[order]);
  return (
    <ScrollX label="Top queries">
      <table className="w-full border-collapse">
        <caption className="sr-only">The first ten queries</caption>
        <thead>
          <tr>
            <Th end sorted={order === 'byMean'}>
              Mean
            </Th>
            <Th end sorted={order === 'byTotal'}>
              Total
            </Th>
            <Th end sorted={order === 'byCalls'}>
              Calls
            </Th>
            <Th end className="max-sm:hidden">
              Rows each
            </Th>
            <Th>Account</Th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <StatementLine key={row.key} row={row} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function StatementLine({ row }: { row: StatementRow }) {
  return (
    <>
      <tr>
        <td className={cx(cell, 'text-right')}>{spanText(row.meanSeconds)}</td>
        <td className={cx(cell, 'text-right')}>{spanText(row.totalSeconds)}</td>
        <td className={cx(cell, 'text-right')}>{formatCount(row.calls)}</td>
        <td className={cx(cell, 'text-right max-sm:hidden')}>
          {row.calls === 0 ? '–' : formatCount(row.rows / row.calls)}
        </td>
        <td className={cx(cell, 'w-full')}>{row.user ?? '–'}</td>
      </tr>
      <tr className="border-line border-b last:border-b-0">
        <td colSpan={5} className="px-3 pb-1.5">
          {row.query === null ? (
            <span className="text-text-3">Its text is hidden from our account.</span>
          ) : (
            <code className="line-clamp-3 wrap-anywhere text-text-2" title={row.query}>
              {row.query}
            </code>
          )}
        </td>
      </tr>
    </>
  );
}
