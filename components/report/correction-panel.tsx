'use client';

import { useState } from 'react';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import type { Correction, MonthReport, ReportLine } from '@/lib/slo/report/contract';
import { dateTimeText, failuresText, lineName, minutesText } from '@/lib/slo/report/words';
import { CorrectionForm } from './correction-form';
import { keepTogether, lineKey } from './words';

/** What was learned after the close. Frozen figures stay; each correction stands beside them with who and why. */
export function CorrectionPanel({ data }: { data: MonthReport }) {
  const [open, setOpen] = useState(false);
  const { report, corrections, mayCorrect } = data;
  return (
    <Panel
      title="Corrections"
      note="written after the close; the frozen figures stay as they are"
      className="mt-4"
    >
      {corrections.length === 0 ? (
        <EmptyState title="No corrections" why="Nobody has written that a figure of this month was wrong." />
      ) : (
        <ul>
          {corrections.map((one) => (
            <Line
              key={one.id}
              correction={one}
              timeZone={report.timeZone}
              line={report.lines.find((other) => lineKey(other) === lineKey(one))}
            />
          ))}
        </ul>
      )}
      {mayCorrect && report.lines.length > 0 ? (
        <details
          open={open}
          onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
          className="border-line border-t"
          data-print="hide"
        >
          <summary className="flex min-h-10 items-center px-3 text-accent max-sm:min-h-11 max-sm:px-4">
            Add a correction
          </summary>
          {open ? (
            <div className="max-w-160 px-3 pb-3 max-sm:px-4">
              <CorrectionForm report={report} onAdded={() => setOpen(false)} />
            </div>
          ) : null}
        </details>
      ) : null}
    </Panel>
  );
}

const signed = (value: number, text: (value: number) => string): string =>
  `${value > 0 ? '+' : ''}${keepTogether(text(value))}`;

type LineProps = { correction: Correction; line: ReportLine | undefined; timeZone: string };

function Line({ correction, line, timeZone }: LineProps) {
  const { what, why, failures, seconds, by, at, objective } = correction;
  const amounts = [
    failures === null ? null : `${signed(failures, failuresText)} failures`,
    seconds === null ? null : signed(seconds, minutesText),
  ].filter((part) => part !== null);
  return (
    <li className="border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4">
      <p className="flex flex-wrap gap-x-3">
        <span className="font-medium">{what}</span>
        <span className="text-text-2">{line === undefined ? objective : lineName(line)}</span>
        {amounts.length === 0 ? null : <span className="font-medium">{amounts.join(', ')}</span>}
      </p>
      <p className="max-w-[110ch] text-text-2">{why}</p>
      <p className="text-meta text-text-3">
        {by},{' '}
        <time dateTime={at} className="mono">
          {dateTimeText(timeZone, Date.parse(at) / 1000)} {timeZone}
        </time>
      </p>
    </li>
  );
}
