import { ChevronLeft, ChevronRight, Download, Printer } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { StateBadge } from '@/components/ui/state';
import { api, paths } from '@/lib/core/paths';
import type { MonthReport } from '@/lib/slo/report/contract';
import { dateTimeText, monthName } from '@/lib/slo/report/words';
import { stateTone, stateWord } from './words';

const boxed =
  'inline-flex h-8 items-center gap-1.5 rounded-control border border-control bg-surface px-3 font-medium hover:bg-raised max-sm:h-11';

/** Which month, how final it is, and how to take it away. */
export function ReportHead({ data }: { data: MonthReport }) {
  const { state, report, previous, next } = data;
  const { month, environment, timeZone } = report;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-medium text-page">Objectives in {monthName(month)}</h1>
        <Chip>{environment}</Chip>
        <StateBadge tone={stateTone[state]} testId="report-state">
          {stateWord[state]}
        </StateBadge>
        <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0" data-print="hide">
          <Beside month={previous} label="Month before">
            <ChevronLeft aria-hidden className="size-4" />
          </Beside>
          <Beside month={next} label="Month after">
            <ChevronRight aria-hidden className="size-4" />
          </Beside>
          <Button onClick={() => window.print()}>
            <Printer aria-hidden className="size-4" />
            Print
          </Button>
          <a href={api.report(month, { environment, format: 'csv' })} download className={boxed}>
            <Download aria-hidden className="size-4" />
            CSV
          </a>
          <a href={api.report(month, { environment, format: 'json' })} download className={boxed}>
            <Download aria-hidden className="size-4" />
            JSON
          </a>
        </div>
      </div>
      <p className="mt-1 text-text-2">
        {dateTimeText(timeZone, Date.parse(report.from) / 1000)} to{' '}
        {dateTimeText(timeZone, Date.parse(report.to) / 1000)} {timeZone}. <Finality data={data} />
      </p>
    </>
  );
}

/** Whether the figures can still change, in words: nothing may be taken for final that is not. */
function Finality({ data: { state, frozenAt, hash, waiting, report } }: { data: MonthReport }) {
  const zone = report.timeZone;
  if (state === 'frozen' && frozenAt !== null) {
    return (
      <>
        Frozen on {dateTimeText(zone, Date.parse(frozenAt) / 1000)} {zone}: these figures never change.{' '}
        <span className="mono break-all text-text-3">SHA-256 {hash}</span>
      </>
    );
  }
  const counted = `Counted until ${dateTimeText(zone, Date.parse(report.until) / 1000)} ${zone}.`;
  return state === 'running' ? (
    <>{counted} The month is not over: these figures still change.</>
  ) : (
    <>
      The month is over and not frozen: these figures can still change. {waiting.slice(0, 4).join(' ')}
      {waiting.length > 4 ? ` And ${waiting.length - 4} more.` : ''}
    </>
  );
}

type BesideProps = { month: string | null; label: string; children: React.ReactNode };

const Beside = ({ month, label, children }: BesideProps) =>
  month === null ? null : (
    <Link href={paths.report(month)} className={boxed} aria-label={`${label}: ${monthName(month)}`}>
      {children}
    </Link>
  );
