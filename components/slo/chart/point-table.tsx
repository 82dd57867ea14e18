'use client';

import { memo, useState } from 'react';
import { Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time-ago';
import type { Point } from './frame';

type PointTableProps = { caption: string; rows: readonly Point[]; format: (value: number | null) => string };

/**
 * The points of a chart as text: for those who cannot see it, and for those who copy from it. They are many, so they
 * are written when they are asked for, and not again for each move of the crosshair.
 */
export const PointTable = memo(function PointTable({ caption, rows, format }: PointTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      className="border-line border-t text-meta"
    >
      <summary className="flex min-h-8 items-center px-3 text-text-2 max-sm:min-h-11 max-sm:px-4">
        View as table
      </summary>
      {open ? <Rows caption={caption} rows={rows} format={format} /> : null}
    </details>
  );
});

const Rows = ({ caption, rows, format }: PointTableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
  <section aria-label={caption} tabIndex={0} className="max-h-64 overflow-y-auto border-line border-t">
    <table className="w-full border-collapse">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          <Th>Until</Th>
          <Th end>{caption}</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([at, value]) => (
          <tr key={at} className="border-line border-b last:border-b-0">
            <td className="px-3 py-0.5">
              <Time at={new Date(at * 1000).toISOString()} parts="full" className="mono" />
            </td>
            <td className="px-3 text-right">{format(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
