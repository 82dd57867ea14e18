'use client';

import { useQuery } from '@tanstack/react-query';
import { cx } from '@/components/ui/class-names';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { SkeletonRows } from '@/components/ui/skeleton';
import { useZone } from '@/components/ui/time-ago';
import { readingValue } from '@/lib/core/reading';
import { toProblem } from '@/lib/http/client';
import { contextQuery } from '@/lib/logs/client';
import type { LogLine } from '@/lib/logs/contract';
import { LineText } from './line-text-view';
import { clockOf } from './log-row';
import { mergeTail } from './merge-tail';
import { aroundQuery, lineKey } from './narrow';

const each = 20;

/** The lines before and after one, at every level, in the order in which they were written. */
export function LogContext({ line }: { line: LogLine }) {
  const zone = useZone();
  const { data, error, refetch } = useQuery(contextQuery(line, aroundQuery(line)));
  if (!data) {
    return error ? (
      <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={4} label="the lines around" />
    );
  }
  const failed = [data.before, data.after].find((reading) => reading.state !== 'fresh');
  const all = mergeTail(
    readingValue(data.before) ?? [],
    [...(readingValue(data.after) ?? []), line],
    'oldest',
  );
  const here = all.findIndex((other) => lineKey(other) === lineKey(line));
  const shown = all.slice(Math.max(0, here - each), here + each + 1);
  const before = Math.min(here, each);
  return (
    <section aria-label="Lines around this one" className="mt-3 border-line border-y py-2">
      <p className="mb-1 text-meta text-text-3">
        {before} before, {shown.length - before - 1} after, within ten minutes
      </p>
      {failed ? <ReadingNote reading={failed} what="Lines around this one" /> : null}
      <ol className="mono text-meta leading-5">
        {shown.map((other) => {
          const chosen = lineKey(other) === lineKey(line);
          return (
            <li
              key={lineKey(other)}
              aria-current={chosen ? 'true' : undefined}
              className={cx(
                'grid grid-cols-[44px_minmax(0,1fr)] gap-2 text-text-2',
                chosen && '-mx-3 bg-accent-wash px-3 text-text',
              )}
            >
              <time dateTime={other.at} className="text-text-3">
                {clockOf(other.at, zone).slice(6)}
              </time>
              <span className="truncate whitespace-pre">
                <LineText text={other.message} />
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
