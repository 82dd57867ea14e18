'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { kindLabels } from '@/components/change/plan-kinds';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { historyQuery } from '@/lib/change/history/client';
import type { HistoryView } from '@/lib/change/history/contract';
import { outcomes, outcomeWords } from '@/lib/change/history/model';
import { changeKinds } from '@/lib/core/change-kind';
import { toProblem } from '@/lib/http/client';
import { Choice } from './choice';
import { HistoryTable } from './history-table';
import { type HistoryLook, historyHref, listedIn } from './history-url';
import { MeasuresPanel } from './measures-panel';
import { PlacesPanel } from './places-panel';

type ServiceHistoryProps = {
  where: { service: string; environment: string; region: string };
  look: HistoryLook;
};

/** What runs where, how deployments go, and every change with what it cost; the filters are the address. */
export function ServiceHistory({ where, look }: ServiceHistoryProps) {
  const environment = listedIn(where, look);
  const { data, error, refetch } = useQuery(
    historyQuery(where.service, {
      environment: environment === 'all' ? '' : environment,
      kind: look.kind,
      outcome: look.outcome,
      before: look.before,
    }),
  );
  const measures = (
    <MeasuresPanel
      service={where.service}
      environment={where.environment}
      days={look.days}
      hrefOf={(days) => historyHref(where, look, { days, before: look.before })}
    />
  );
  if (!data) {
    return (
      <>
        <Panel title="Changes">
          {error ? (
            <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
          ) : (
            <SkeletonRows rows={8} label="the history" />
          )}
        </Panel>
        {measures}
      </>
    );
  }
  return (
    <>
      <PlacesPanel places={data.places} />
      {measures}
      <HistoryPanel view={data} where={where} look={look} />
    </>
  );
}

type HistoryPanelProps = ServiceHistoryProps & { view: HistoryView };

export function HistoryPanel({ view, where, look }: HistoryPanelProps) {
  const href = (part: Partial<HistoryLook>) => historyHref(where, look, part);
  const isFiltered = look.kind !== '' || look.outcome !== '' || look.before !== '';
  return (
    <Panel
      title="Changes"
      note={view.changes.length === 0 ? undefined : `${view.changes.length} shown, newest first`}
    >
      <div className="flex flex-wrap gap-2 border-line border-b px-3 py-2 max-sm:px-4">
        <Choice
          label="Environment of the changes"
          all="All environments"
          allKey="all"
          current={listedIn(where, look)}
          items={view.environments.map((id) => ({ key: id, label: id }))}
          href={(key) => href({ in: key })}
        />
        <Choice
          label="Kind"
          all="All kinds"
          current={look.kind}
          items={changeKinds.map((kind) => ({ key: kind, label: kindLabels[kind] }))}
          href={(kind) => href({ kind })}
        />
        <Choice
          label="Outcome"
          all="All outcomes"
          current={look.outcome}
          items={outcomes.map((outcome) => ({ key: outcome, label: outcomeWords[outcome] }))}
          href={(outcome) => href({ outcome })}
        />
      </div>
      <HistoryTable
        changes={view.changes}
        name={view.name}
        isFiltered={isFiltered}
        clearHref={href({ kind: '', outcome: '' })}
      />
      {view.next !== null || look.before !== '' ? (
        <nav
          aria-label="Pages of changes"
          className="flex gap-4 border-line border-t px-3 py-2 max-sm:px-4 max-sm:[&_a]:content-center max-sm:[&_a]:min-h-11"
        >
          {look.before === '' ? null : (
            <Link href={href({})} scroll={false} className="text-accent hover:underline">
              Newest
            </Link>
          )}
          {view.next === null ? (
            <span className="text-text-3">These are the oldest.</span>
          ) : (
            <Link href={href({ before: view.next })} scroll={false} className="text-accent hover:underline">
              Older changes
            </Link>
          )}
        </nav>
      ) : null}
    </Panel>
  );
}
