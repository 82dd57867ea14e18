'use client';

import { useQuery } from '@tanstack/react-query';
import { useEnvironment } from '@/components/shell/environment';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { Skeleton } from '@/components/ui/skeleton';
import { readingValue } from '@/lib/core/reading';
import { toProblem } from '@/lib/http/client';
import { sloPageQuery } from '@/lib/slo/client';
import type { SloPage } from '@/lib/slo/page/contract';
import { BurnTable } from './burn-table';
import type { Span } from './chart/frame';
import { DefinitionPanel } from './definition-panel';
import { FreshnessNote } from './freshness';
import { GroupTable } from './group-table';
import { OnlyGroup } from './only-group';
import { groupPart, type PageChoice, usualChoice } from './page-url';
import { SloCharts } from './slo-charts';
import { SloHead } from './slo-head';
import { SloTiles } from './slo-tiles';
import { SpendPanel } from './spend-panel';

type SloScreenProps = {
  slo: string;
  choice?: PageChoice;
  /** Called with the span that was marked; null lets it go. */
  onSpan?: (span: Span | null) => void;
};
const stay = () => undefined;

/** One objective: the judgement, five figures, its budget over time, and what spent it. */
export function SloScreen({ slo, choice = usualChoice, onSpan = stay }: SloScreenProps) {
  const environment = useEnvironment();
  const { data, error, refetch } = useQuery(
    sloPageQuery(slo, environment, choice.exclusions, groupPart(choice).group),
  );
  const retry = () => void refetch();
  if (!data) {
    return error ? (
      <Panel title={slo}>
        <ProblemPanel problem={toProblem(error)} onRetry={retry} />
      </Panel>
    ) : (
      <Loading />
    );
  }
  return (
    <>
      <SloHead page={data} choice={choice} />
      <OnlyGroup page={data} choice={choice} />
      {error ? (
        <Panel title="Not refreshed" className="mt-4">
          <ProblemPanel problem={toProblem(error)} onRetry={retry} />
        </Panel>
      ) : null}
      <div className="mt-4 grid gap-4">
        <Parts page={data} choice={choice} onSpan={onSpan} />
      </div>
    </>
  );
}

type PartsProps = { page: SloPage; choice: PageChoice; onSpan: (span: Span | null) => void };

function Parts({ page, choice, onSpan }: PartsProps) {
  const data = readingValue(page.data);
  const mode = data === null ? null : data[choice.mode];
  return (
    <>
      <SloTiles page={page} mode={mode} data={data} />
      {data === null || mode === null ? (
        <Panel title="Error budget left">
          <FreshnessNote freshness={page.freshness} />
          <ReadingNote reading={page.data} what="Budget over time" />
        </Panel>
      ) : (
        <SloCharts page={page} data={data} mode={mode} choice={choice} onSpan={onSpan} />
      )}
      <div className="grid gap-4 min-[2200px]:grid-cols-2">
        <BurnTable page={page} data={data} choice={choice} />
        <GroupTable row={page.row} choice={choice} />
      </div>
      <SpendPanel page={page} choice={choice} />
      <DefinitionPanel page={page} data={data} choice={choice} />
    </>
  );
}

/** The page's own shape, so that nothing jumps when the figures come. */
const Loading = () => (
  <div role="status" aria-label="Loading the objective" className="grid gap-4">
    <Skeleton className="h-7 w-80 max-w-full" />
    <Skeleton className="h-6 w-130 max-w-full" />
    <Skeleton className="h-24" />
    <Skeleton className="h-96" />
    <Skeleton className="h-48" />
  </div>
);
