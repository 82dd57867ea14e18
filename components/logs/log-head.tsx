'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { formatCount } from '@/components/ui/number-text';
import type { LogResult } from '@/lib/logs/contract';
import type { LogUrl } from './log-url';
import type { TailState } from './use-tail';

/** How much of the answer is shown, said honestly. */
export function amountOf(shown: number, result: Pick<LogResult, 'limited' | 'about'>): string {
  const lines = `${formatCount(shown)} ${shown === 1 ? 'line' : 'lines'}`;
  if (!result.limited) return lines;
  if (result.about === null || result.about <= shown) return `first ${formatCount(shown)} lines; more match`;
  return `first ${formatCount(shown)} of about ${formatCount(result.about)} lines`;
}

type LogHeadProps = { amount: string; url: LogUrl; onUrl: (part: Partial<LogUrl>) => void };

const toggle =
  'inline-flex min-h-6 flex-none items-center whitespace-nowrap gap-1 rounded-control px-1.5 text-text-2 hover:bg-raised hover:text-text max-sm:min-h-11';

/** The bar above the lines: how many, in which order, wrapped or not. */
export const LogHead = ({ amount, url, onUrl }: LogHeadProps) => (
  <div className="flex min-h-9 items-center gap-x-3 border-line border-b px-3 text-meta text-text-3 max-sm:px-4">
    <h2 className="sr-only">Lines</h2>
    <p role="status">{amount}</p>
    <div className="ml-auto flex gap-1">
      <button
        type="button"
        className={toggle}
        onClick={() => onUrl({ order: url.order === 'newest' ? 'oldest' : 'newest' })}
      >
        {url.order === 'newest' ? (
          <ArrowDown aria-hidden className="size-3.5" />
        ) : (
          <ArrowUp aria-hidden className="size-3.5" />
        )}
        {url.order === 'newest' ? 'Newest first' : 'Oldest first'}
      </button>
      <button
        type="button"
        aria-pressed={url.wrap}
        className={toggle}
        onClick={() => onUrl({ wrap: !url.wrap })}
      >
        Wrap {url.wrap ? 'on' : 'off'}
      </button>
    </div>
  </div>
);

type TailBarProps = { tail: TailState; newestFirst: boolean; onResume: () => void };

/** What the tail does now; while it is paused it counts what came. */
export function TailBar({ tail, newestFirst, onResume }: TailBarProps) {
  if (tail.mode === 'off') return null;
  const count = tail.waiting.length;
  const lost = tail.dropped > 0 ? ` ${formatCount(tail.dropped)} were not carried: too many at once.` : '';
  if (tail.ended !== null) {
    return (
      <p
        role="status"
        className="border-line border-b bg-warn-wash px-3 py-1.5 text-meta text-warn max-sm:px-4"
      >
        The tail stopped: {tail.ended}
      </p>
    );
  }
  if (tail.mode === 'live') {
    return (
      <p
        role="status"
        className="flex min-h-7.5 items-center justify-center gap-2 border-line border-b px-3 text-meta text-text-2 max-sm:min-h-10"
      >
        <span aria-hidden className="size-1.5 rounded-full bg-ok" />
        Live: new lines appear {newestFirst ? 'at the top' : 'at the end'}.{lost}
      </p>
    );
  }
  return (
    <button
      type="button"
      onClick={onResume}
      className="flex min-h-7.5 w-full items-center justify-center gap-2 border-line border-b bg-accent-wash font-medium text-accent text-meta hover:underline max-sm:min-h-11"
    >
      {newestFirst ? (
        <ArrowUp aria-hidden className="size-3.5" />
      ) : (
        <ArrowDown aria-hidden className="size-3.5" />
      )}
      {formatCount(count)} new {count === 1 ? 'line' : 'lines'} · resume live
      {lost}
    </button>
  );
}
