'use client';

import { useQuery } from '@tanstack/react-query';
import { type RefObject, useMemo, useRef, useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { readingValue } from '@/lib/core/reading';
import { type Problem, toProblem } from '@/lib/http/client';
import { logsQuery } from '@/lib/logs/client';
import type { LogResult } from '@/lib/logs/contract';
import { LogLines } from './log-lines';
import { askOf, type LogUrl, shift } from './log-url';
import { mergeTail } from './merge-tail';
import { QueryBar } from './query-bar';
import { RangeBar } from './range-bar';
import { useLogKeys } from './use-log-keys';
import { useTail } from './use-tail';
import { VolumePanel } from './volume-panel';

type Named = { id: string; name: string };
type LogsScreenProps = {
  url: LogUrl;
  environment: string;
  services: Named[];
  regions: Named[];
  onUrl: (url: LogUrl, replace: boolean) => void;
};

const fieldError = (problem: Problem | null, path: string): string | undefined =>
  problem?.fields.find((field) => field.path === path)?.message;

/** The query's own mistakes stand at its field, those of the range at its ends; the rest is the panel's. */
function placeErrors(problem: Problem | null) {
  const from = fieldError(problem, 'from');
  const to = fieldError(problem, 'to');
  const named = fieldError(problem, 'query') ?? fieldError(problem, 'text');
  const wrong = problem !== null && problem.status >= 400 && problem.status < 500;
  const query = wrong && from === undefined && to === undefined ? problem.detail || (named ?? null) : null;
  return { from, to, query, placed: query !== null || from !== undefined || to !== undefined };
}

/** Log lines of the chosen services: searched, counted, opened and followed. */
export function LogsScreen({ url, environment, services, regions, onUrl }: LogsScreenProps) {
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [live, setLive] = useState(false);
  const { data, error, refetch, isPlaceholderData, isFetching } = useQuery(
    logsQuery(askOf(url, environment), live),
  );
  const [tail, act] = useTail(data?.query ?? null);
  const go = (part: Partial<LogUrl>) => {
    const keepsTail = Object.keys(part).every((key) => key === 'line' || key === 'wrap' || key === 'order');
    if (!keepsTail) {
      setLive(false);
      act({ type: 'stop' });
    }
    onUrl({ ...url, ...part }, keepsTail);
  };
  const toggleLive = () => {
    if (tail.mode === 'live') act({ type: 'pause' });
    else if (tail.mode === 'paused') act({ type: 'resume' });
    else {
      act({ type: 'start' });
      setLive(true);
      if (url.to !== 'now') onUrl({ ...url, from: 'now-15m', to: 'now' }, true);
    }
  };
  const problem = error ? toProblem(error) : null;
  const errors = placeErrors(problem);
  useLogKeys({
    field,
    list,
    onShift: (direction) => data && go(shift(data, direction)),
    onRefresh: () => void refetch(),
  });
  return (
    <>
      <h1 className="sr-only">Logs</h1>
      <search
        aria-label="Logs"
        className="flex flex-wrap items-start gap-2 max-md:flex-col max-md:flex-nowrap max-md:items-stretch"
      >
        <div className="min-w-0 flex-1">
          <QueryBar
            url={url}
            services={services}
            regions={regions}
            logql={data?.query ?? null}
            error={errors.query}
            field={field}
            onUrl={go}
          />
        </div>
        <RangeBar url={url} mode={tail.mode} errors={errors} onUrl={go} onLive={toggleLive} />
      </search>
      <div
        aria-busy={isFetching}
        className="mt-2 min-w-0 border-line bg-surface max-sm:-mx-4 max-sm:border-y sm:rounded-panel sm:border"
      >
        {data && !(error && errors.placed) ? (
          <div className={cx(isPlaceholderData && 'opacity-60')}>
            <Answer
              url={url}
              data={data}
              problem={problem}
              tail={tail}
              act={act}
              list={list}
              onUrl={go}
              onRetry={() => void refetch()}
            />
          </div>
        ) : errors.placed ? (
          <EmptyState title="The search could not be run" why="What is wrong stands at the field above." />
        ) : problem ? (
          <ProblemPanel problem={problem} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={16} label="log lines" />
        )}
      </div>
    </>
  );
}

type AnswerProps = {
  url: LogUrl;
  data: LogResult;
  problem: Problem | null;
  tail: ReturnType<typeof useTail>[0];
  act: ReturnType<typeof useTail>[1];
  list: RefObject<HTMLDivElement | null>;
  onUrl: (part: Partial<LogUrl>) => void;
  onRetry: () => void;
};

function Answer({ url, data, problem, tail, act, list, onUrl, onRetry }: AnswerProps) {
  const searched = readingValue(data.lines);
  const lines = useMemo(
    () => mergeTail(searched ?? [], tail.shown, url.order),
    [searched, tail.shown, url.order],
  );
  const choose = (from: number, to: number) =>
    onUrl({ from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString(), line: '' });
  return (
    <>
      {problem ? <ProblemPanel problem={problem} onRetry={onRetry} /> : null}
      <VolumePanel result={data} onRange={choose} />
      <LogLines
        url={url}
        data={data}
        lines={lines}
        tail={tail}
        act={act}
        list={list}
        onUrl={onUrl}
        onRetry={onRetry}
      />
    </>
  );
}
