'use client';

import { useQuery } from '@tanstack/react-query';
import { useEnvironment } from '@/components/shell/environment';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import { toProblem } from '@/lib/http/client';
import { reportQuery } from '@/lib/slo/report/client';
import type { MonthReport } from '@/lib/slo/report/contract';
import { monthName } from '@/lib/slo/report/words';
import { CauseTable } from './cause-table';
import { CorrectionPanel } from './correction-panel';
import { CostTable } from './cost-table';
import { LeftOut } from './left-out';
import { LineTable } from './line-table';
import { ReportHead } from './report-head';

/** One month of all objectives: in sentences, then in tables, and it prints. */
export function ReportScreen({ month }: { month: string }) {
  const environment = useEnvironment();
  const { data, error, refetch, dataUpdatedAt } = useQuery(reportQuery(month, environment));
  if (data === undefined) {
    return (
      <>
        <h1 className="mb-3 font-medium text-page">Objectives in {monthName(month)}</h1>
        <Panel title={`In ${environment}`}>
          {error ? (
            <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
          ) : (
            <SkeletonRows rows={8} label="the report" />
          )}
        </Panel>
      </>
    );
  }
  return (
    <article data-report>
      <ReportHead data={data} />
      {error ? (
        <p role="status" className="mt-2 flex items-start gap-2 text-meta text-text-2">
          <StateGlyph tone="warn" className="size-3.5 translate-y-px" />
          <span>
            The report as read <TimeAgo at={new Date(dataUpdatedAt).toISOString()} />:{' '}
            {toProblem(error).detail}
          </span>
        </p>
      ) : null}
      <Body data={data} />
    </article>
  );
}

function Body({ data }: { data: MonthReport }) {
  const { report, state } = data;
  const spent = report.lines.filter((line) => (line.spent?.failures ?? 0) > 0);
  const costs = report.lines.some(({ largest }) => largest.length > 0);
  return (
    <>
      <ul className="mt-3 grid max-w-[100ch] gap-1 text-body">
        {report.summary.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <Panel
        title={state === 'frozen' ? 'Objectives' : 'Objectives so far'}
        note="minutes of full outage; failures under them"
        className="mt-4"
      >
        {report.lines.length === 0 ? (
          <EmptyState
            title="No objectives"
            why="None was recorded in this environment and month. signalbox.yaml defines them under slos."
          />
        ) : (
          <LineTable data={data} />
        )}
      </Panel>
      <Panel title="What spent the budgets" className="mt-4">
        {spent.length === 0 ? (
          <EmptyState title="Nothing was spent" why="No failure of this month was counted." />
        ) : (
          <CauseTable lines={report.lines} />
        )}
      </Panel>
      <Panel title="What cost most" className="mt-4">
        {costs ? (
          <CostTable lines={report.lines} timeZone={report.timeZone} />
        ) : (
          <EmptyState
            title="No cost has a known cause"
            why="No change and no entry of the ledger claims any of the failures. Entries are written on the page of an objective."
          />
        )}
      </Panel>
      <LeftOut data={data} />
      {state === 'frozen' ? <CorrectionPanel data={data} /> : null}
      <Panel title="How it is counted" note={`method ${report.method.version}`} className="mt-4">
        <ol className="grid max-w-[110ch] list-decimal gap-1 py-2 pr-3 pl-8 text-text-2 max-sm:pr-4">
          {report.method.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
      </Panel>
    </>
  );
}
