'use client';

import { Sparkline } from '@/components/charts/sparkline';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { formatBytes, formatCount, formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { Th } from '@/components/ui/table';
import type { DatabaseView, GrowthView } from '@/lib/database/contract';
import { gainText, spanText } from './text';

const cell = 'h-8 whitespace-nowrap px-2 first:pl-3 last:pr-3';

/** Size, how it grew, and what is large; dead rows are what VACUUM has left to do (DBO-08, X-26). */
export function SizePanel({ size, growth }: Pick<DatabaseView, 'size' | 'growth'>) {
  const known = size.state === 'missing' ? null : size.value;
  return (
    <Panel title="Size" note={known === null ? undefined : `${formatBytes(known.bytes)} on disk`}>
      <ReadingNote reading={size} what="Size" />
      <Growth growth={growth} />
      {known !== null && known.largest.length === 0 ? (
        <EmptyState title="No tables" why="This database holds no table of people’s yet." />
      ) : null}
      {known !== null && known.largest.length > 0 ? (
        <ScrollX label="Largest tables">
          <table className="w-full border-collapse">
            <caption className="sr-only">The largest tables</caption>
            <thead>
              <tr>
                <Th>Table</Th>
                <Th end>Size</Th>
                <Th end className="max-sm:hidden">
                  Indexes
                </Th>
                <Th end>Rows, about</Th>
                <Th end className="max-sm:hidden">
                  Dead
                </Th>
                <Th end>Vacuumed</Th>
              </tr>
            </thead>
            <tbody>
              {known.largest.map((table) => (
                <tr key={table.name} className="border-line border-b last:border-b-0">
                  <td className={cx(cell, 'mono')}>{table.name}</td>
                  <td className={cx(cell, 'text-right')}>{formatBytes(table.totalBytes)}</td>
                  <td className={cx(cell, 'text-right max-sm:hidden')}>{formatBytes(table.indexBytes)}</td>
                  <td className={cx(cell, 'text-right')}>
                    {table.liveRows === null ? '–' : formatCount(table.liveRows)}
                  </td>
                  <td className={cx(cell, 'text-right max-sm:hidden')}>{deadText(table)}</td>
                  <td className={cx(cell, 'text-right')}>{vacuumedText(table.vacuumedSecondsAgo)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      ) : null}
      {known !== null && known.largest.length > 0 ? (
        <p className="border-line border-t px-3 py-2 text-pretty text-meta text-text-2 max-sm:px-4">
          {known.tables > known.largest.length
            ? `The ${known.largest.length} largest of ${known.tables} tables. `
            : ''}
          VACUUM and REINDEX CONCURRENTLY tidy up while the service runs; VACUUM FULL, monthly in guide 002,
          locks the whole table meanwhile.
        </p>
      ) : null}
    </Panel>
  );
}

/** One unit is enough: a table that was tidied up seconds ago and one of minutes ago are alike. */
function vacuumedText(secondsAgo: number | null): string {
  if (secondsAgo === null) return 'never';
  if (secondsAgo < 3600) return `${Math.max(1, Math.floor(secondsAgo / 60))} min ago`;
  return secondsAgo < 86_400
    ? `${Math.floor(secondsAgo / 3600)} h ago`
    : `${Math.floor(secondsAgo / 86_400)} d ago`;
}

function deadText({ liveRows, deadRows }: { liveRows: number | null; deadRows: number | null }): string {
  if (deadRows === null || liveRows === null) return '–';
  const all = liveRows + deadRows;
  return deadRows === 0 ? '0' : `${formatCount(deadRows)}, ${formatRatio(deadRows / all)}`;
}

function Growth({ growth: { samples, spans } }: { growth: GrowthView }) {
  const known = spans.filter(({ growth }) => growth !== null);
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-1 border-line border-b px-3 py-2 text-text-2 max-sm:px-4">
      <Sparkline points={samples} />
      {known.length === 0 ? (
        <p className="text-meta">
          Growth is not known yet: a worker stores the size once an hour, and {samples.length}{' '}
          {samples.length === 1 ? 'sample is' : 'samples are'} there. A day is told from half a day on.
        </p>
      ) : (
        <dl className="flex flex-wrap gap-x-6 gap-y-1">
          {spans.map(({ days, growth }) => (
            <div key={days} className="flex gap-1.5">
              <dt className="text-text-3">{days === 1 ? '1 day' : `${days} days`}</dt>
              <dd>
                {growth === null
                  ? 'not known yet'
                  : `${gainText(growth.bytes)}${growth.seconds < days * 86_400 ? ` in ${spanText(growth.seconds)}` : ''}${days === 1 ? '' : `, ${gainText(growth.bytesPerDay)} a day`}`}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
