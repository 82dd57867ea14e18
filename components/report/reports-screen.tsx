'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEnvironment } from '@/components/shell/environment';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { api, paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { monthsQuery } from '@/lib/slo/report/client';
import type { MonthList, MonthRow } from '@/lib/slo/report/contract';
import { coverageText, dateTimeText, monthName } from '@/lib/slo/report/words';
import { cell, line, under } from './figure';
import { keepTogether, stateTone, stateWord } from './words';

/** The months of which there is a report: closed ones frozen, the running one so far. */
export function ReportsScreen() {
  const environment = useEnvironment();
  const { data, error, refetch } = useQuery(monthsQuery(environment));
  return (
    <>
      <h1 className="mb-3 font-medium text-page">Monthly reports</h1>
      <Panel
        title={`In ${environment}`}
        note={data ? `months of ${data.timeZone}; a closed month never changes` : undefined}
      >
        {data && error ? <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} /> : null}
        {data ? (
          <Months list={data} />
        ) : error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={4} label="monthly reports" />
        )}
      </Panel>
    </>
  );
}

function Months({ list }: { list: MonthList }) {
  if (list.months.length === 0) {
    return (
      <EmptyState title="No reports" why="The first month appears when the recorder has counted something." />
    );
  }
  return (
    <ScrollX label="Months">
      <table className="w-full border-collapse">
        <caption className="sr-only">Monthly reports, newest first</caption>
        <thead>
          <tr>
            <Th>Month</Th>
            <Th>State</Th>
            <Th end>Objectives met</Th>
            <Th end>Known at least</Th>
            <Th end>Corrections</Th>
            <Th end>As a file</Th>
          </tr>
        </thead>
        <tbody>
          {list.months.map((row) => (
            <Month key={row.month} row={row} list={list} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function Month({ row, list: { environment, timeZone } }: { row: MonthRow; list: MonthList }) {
  const { month, state, frozenAt, met, judged, objectives, coverage, corrections } = row;
  return (
    <tr className={line}>
      <th scope="row" className={cx(cell, 'whitespace-nowrap text-left font-normal')}>
        <Link href={paths.report(month)} className="font-medium text-accent hover:underline">
          {monthName(month)}
        </Link>
      </th>
      <td className={cx(cell, 'whitespace-nowrap')}>
        <StateText tone={stateTone[state]}>{stateWord[state]}</StateText>
        {frozenAt === null ? null : (
          <span className={under}>
            {dateTimeText(timeZone, Date.parse(frozenAt) / 1000)} {timeZone}
          </span>
        )}
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-right')}>
        {met === null || judged === null ? (
          <span className="text-text-3">in the report</span>
        ) : (
          <>
            {met} of {judged}
            {objectives !== null && objectives > judged ? (
              <span className={under}>{objectives - judged} not judged</span>
            ) : null}
          </>
        )}
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-right')}>
        {coverage === null ? <span className="text-text-3">–</span> : keepTogether(coverageText(coverage))}
      </td>
      <td className={cx(cell, 'text-right')}>{corrections}</td>
      <td className={cx(cell, 'whitespace-nowrap text-right')}>
        {(['csv', 'json'] as const).map((format) => (
          <a
            key={format}
            href={api.report(month, { environment, format })}
            download
            aria-label={`${monthName(month)} as ${format.toUpperCase()}`}
            className="ml-3 text-accent hover:underline max-sm:inline-flex max-sm:h-11 max-sm:items-center"
          >
            {format.toUpperCase()}
          </a>
        ))}
      </td>
    </tr>
  );
}
