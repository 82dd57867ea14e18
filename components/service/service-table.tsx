'use client';

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Sparkline } from '@/components/charts/sparkline';
import { BudgetBar } from '@/components/ui/budget-bar';
import { cx } from '@/components/ui/class-names';
import { formatBurn, formatRatio, formatSeconds } from '@/components/ui/number-text';
import { ReadingValue } from '@/components/ui/reading-value';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { TimeAgo } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import type { ServiceRow } from '@/lib/service/contract';
import { serviceTone, serviceWord } from './tone';

const cell = 'whitespace-nowrap px-2 first:pl-3 last:pr-3';

/** Services by urgency; what needs nobody folds under one line. */
export function ServiceTable({ services, fold }: { services: ServiceRow[]; fold: boolean }) {
  const attention = fold ? services.filter((row) => row.state !== 'healthy') : services;
  const healthy = fold ? services.filter((row) => row.state === 'healthy') : [];
  return (
    <div className="@container">
      {attention.length > 0 ? <Rows rows={attention} caption="Services that need attention" /> : null}
      {healthy.length > 0 ? <HealthyFold rows={healthy} open={attention.length === 0} /> : null}
    </div>
  );
}

function HealthyFold({ rows, open }: { rows: ServiceRow[]; open: boolean }) {
  return (
    <details open={open} className="group/fold border-line not-first:border-t">
      <summary className="flex min-h-10 items-center gap-2 px-3 text-text-2 max-sm:min-h-12 max-sm:px-4">
        <ChevronRight
          aria-hidden
          className="size-4 text-text-3 transition-transform group-open/fold:rotate-90"
        />
        <StateText tone="ok">{rows.length} healthy</StateText>
      </summary>
      <div className="border-line border-t">
        <Rows rows={rows} caption="Healthy services" />
      </div>
    </details>
  );
}

function Rows({ rows, caption }: { rows: ServiceRow[]; caption: string }) {
  return (
    <table className="w-full table-fixed border-collapse max-sm:block">
      <caption className="sr-only">{caption}</caption>
      <colgroup className="max-sm:hidden">
        <col className="w-29" />
        <col />
        <col className="w-32" />
        <col className="w-15" />
        <col className="hidden w-16 @min-[800px]:table-column" />
        <col className="w-16" />
        <col className="hidden w-20 @min-[800px]:table-column" />
        <col className="w-28" />
      </colgroup>
      <thead className="max-sm:hidden">
        <tr>
          <Th>State</Th>
          <Th>Service</Th>
          <Th>Budget left</Th>
          <Th end>Burn 1 h</Th>
          <Th end className="hidden @min-[800px]:table-cell">
            Errors
          </Th>
          <Th end>p95</Th>
          <Th className="hidden @min-[800px]:table-cell">6 hours</Th>
          <Th>Version</Th>
        </tr>
      </thead>
      <tbody className="max-sm:block">
        {rows.map((row) => (
          <Row key={`${row.service} ${row.region}`} row={row} />
        ))}
      </tbody>
    </table>
  );
}

const burnTone = (burn: number) =>
  burn > 14.4 ? 'font-semibold text-crit' : burn > 3 ? 'font-semibold text-warn' : '';

function Row({ row }: { row: ServiceRow }) {
  const tone = serviceTone[row.state];
  const high = row.state === 'burning-fast' || row.state === 'down';
  const barTone = high ? 'crit' : row.state === 'burning-slow' ? 'warn' : 'neutral';
  return (
    <tr
      className={cx(
        'relative border-line border-b last:border-b-0 hover:bg-raised max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:gap-y-1 max-sm:px-4 max-sm:py-2.5',
        row.cause ? 'sm:h-15' : 'sm:h-8',
        high && 'bg-crit-wash shadow-[inset_2px_0_var(--crit)]',
      )}
    >
      <td
        className={cx(
          cell,
          'max-sm:order-2 max-sm:justify-self-end max-sm:p-0',
          row.cause && 'pt-2 align-top',
        )}
      >
        <StateText tone={tone}>{serviceWord[row.state]}</StateText>
      </td>
      <td className={cx(cell, 'max-sm:order-1 max-sm:min-w-0 max-sm:p-0', row.cause && 'pt-2 align-top')}>
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-1.5">
          <Link
            href={paths.service(row.service, { environment: row.environment, region: row.region })}
            className="row-link whitespace-normal font-medium"
          >
            {row.name}
          </Link>
          <span className="mono text-text-3">{row.region}</span>
        </span>
        {row.cause ? (
          <span className="block whitespace-normal text-pretty pb-2 text-meta text-text-2">{row.cause}</span>
        ) : null}
      </td>
      <td className={cx(cell, 'max-sm:order-3 max-sm:p-0', row.cause && 'pt-2 align-top')}>
        {row.slo === null ? (
          <span className="text-text-3">no SLO</span>
        ) : (
          <ReadingValue reading={row.figures.budgetLeft}>
            {(left) => <BudgetBar left={left} tone={barTone} />}
          </ReadingValue>
        )}
      </td>
      <Figure row={row} label="burn">
        <ReadingValue reading={row.figures.burnRate1h}>
          {(burn) => <span className={burnTone(burn)}>{formatBurn(burn)}</span>}
        </ReadingValue>
      </Figure>
      <Figure row={row} label="errors" className="hidden @min-[800px]:table-cell">
        <ReadingValue reading={row.figures.errorRatio}>{(ratio) => formatRatio(ratio)}</ReadingValue>
      </Figure>
      <Figure row={row} label="p95" className="max-sm:hidden">
        <ReadingValue reading={row.figures.p95Seconds}>{(seconds) => formatSeconds(seconds)}</ReadingValue>
      </Figure>
      <td className={cx(cell, 'hidden @min-[800px]:table-cell', row.cause && 'pt-2 align-top')}>
        {row.sparkline.state === 'missing' ? null : (
          <Sparkline
            atLeast={0.005}
            points={row.sparkline.value}
            className={high ? 'text-crit' : undefined}
          />
        )}
      </td>
      <td className={cx(cell, 'max-sm:hidden', row.cause && 'pt-2 align-top')}>
        <ReadingValue reading={row.versions}>{(versions) => <Versions versions={versions} />}</ReadingValue>
        {row.cause && row.lastChange ? (
          <span className="block truncate text-meta text-text-3">
            <TimeAgo at={row.lastChange.at} />
          </span>
        ) : null}
      </td>
    </tr>
  );
}

function Figure({
  row,
  label,
  className,
  children,
}: {
  row: ServiceRow;
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <td
      className={cx(cell, 'text-right max-sm:order-4 max-sm:p-0', row.cause && 'pt-2 align-top', className)}
    >
      <span className="text-meta text-text-3 sm:hidden">{label} </span>
      {children}
    </td>
  );
}

/** `3.1.4 → 3.2.0` while two versions run, the newer one last. */
function Versions({ versions }: { versions: { version: string; pods: number; ready: number }[] }) {
  if (versions.length === 0) return <span className="text-text-3">no pods</span>;
  return (
    <span className="mono flex flex-wrap gap-x-1">
      {versions.map(({ version }, index) => (
        <span key={version}>{index > 0 ? `→ ${version}` : version}</span>
      ))}
    </span>
  );
}
