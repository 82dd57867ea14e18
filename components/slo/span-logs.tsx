'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { Skeleton } from '@/components/ui/skeleton';
import { formatTime, useZone } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import { readingValue } from '@/lib/core/reading';
import { toProblem } from '@/lib/http/client';
import { logsQuery } from '@/lib/logs/client';
import type { Span } from './chart/frame';
import { SpanPart } from './span-labels';

const mostLines = 20;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

type SpanLogsProps = { service: string; environment: string; span: Span };

/** The newest errors that the service wrote in the span: Loki is asked, and may fail by itself. */
export function SpanLogs({ service, environment, span }: SpanLogsProps) {
  const zone = useZone();
  const range = { from: iso(span.from), to: iso(span.to) };
  const ask = { environment, service, level: 'error' as const, ...range, limit: mostLines };
  // A span that has just been chosen has lines of its own: those of the one before are not shown meanwhile.
  const { data, error, refetch, isPlaceholderData } = useQuery(logsQuery(ask, false));
  const isLoading = isPlaceholderData || (data === undefined && !error);
  const lines = data === undefined || isLoading ? null : readingValue(data.lines);
  return (
    <SpanPart title="Errors logged in it" note={lines === null ? 'level error' : noteOf(data, lines.length)}>
      {error && data === undefined ? (
        <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
      ) : null}
      {isLoading ? (
        <div role="status" aria-label="Asking for log lines">
          <Skeleton className="h-24" />
        </div>
      ) : null}
      {data === undefined || isLoading ? null : (
        <div className="-mx-3 max-sm:-mx-4">
          <ReadingNote reading={data.lines} what="Lines" />
        </div>
      )}
      {lines === null ? null : lines.length === 0 ? (
        <p className="text-text-2">
          Loki holds no error of the service in this span. Lines that are older than its retention are gone.
        </p>
      ) : (
        <ScrollX label="Errors of the span" className="max-h-72 overflow-y-auto">
          <ul className="mono text-meta leading-5">
            {lines.map((line) => (
              <li key={`${line.ns} ${line.line}`} className="flex gap-3 whitespace-nowrap">
                <time dateTime={line.at} className="text-text-3">
                  {formatTime(new Date(line.at), zone, 'full')}
                </time>
                <span>{line.message}</span>
              </li>
            ))}
          </ul>
        </ScrollX>
      )}
      <p className="mt-1">
        <Link
          href={paths.logs({ service, level: 'error', ...range })}
          className="text-accent hover:underline"
        >
          Open this span in Logs
        </Link>
      </p>
    </SpanPart>
  );
}

function noteOf(data: { limited: boolean; about: number | null } | undefined, shown: number): string {
  if (data === undefined || !data.limited) return `level error, ${shown} ${shown === 1 ? 'line' : 'lines'}`;
  return data.about === null
    ? `level error, the newest ${shown}`
    : `level error, the newest ${shown} of about ${data.about.toLocaleString('en-GB')}`;
}
