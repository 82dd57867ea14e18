'use client';

import type { ReactNode } from 'react';
import type { Reading, ReadingReason } from '@/lib/core/reading';
import { cx } from './class-names';
import { StateGlyph } from './state';
import { Time } from './time-ago';

export const reasonWords: Record<ReadingReason, string> = {
  unreachable: 'the source does not answer',
  timeout: 'the source did not answer in time',
  unauthorised: 'the source refused our credentials',
  'bad-response': 'the source answered something unreadable',
  'no-series': 'the source has no such series',
  'too-late': 'the last answer is too old',
  'not-configured': 'no source is configured for it',
};

type Props<T> = {
  reading: Reading<T>;
  children: (value: T) => ReactNode;
  /** What stands in for a value that is not known. */
  absent?: ReactNode;
  className?: string;
};

/** A figure in a line: quiet when stale, a dash when missing; the reason is in words for those who ask. */
export function ReadingValue<T>({ reading, children, absent = '–', className }: Props<T>) {
  if (reading.state === 'missing') {
    return (
      <span
        className={cx('text-text-3', className)}
        title={`No data: ${reading.detail ?? reasonWords[reading.reason]}`}
      >
        {absent}
        <span className="sr-only"> No data: {reasonWords[reading.reason]}</span>
      </span>
    );
  }
  if (reading.state === 'stale') {
    return (
      <span
        className={cx('text-text-3', className)}
        title={`As of ${reading.observedAt}: ${reading.detail ?? reasonWords[reading.reason]}`}
      >
        {children(reading.value)}
        <span className="sr-only"> stale: {reasonWords[reading.reason]}</span>
      </span>
    );
  }
  return <span className={className}>{children(reading.value)}</span>;
}

/** The line that a panel shows above values that are no longer current, or instead of values it does not have. */
export function ReadingNote({ reading, what }: { reading: Reading<unknown>; what: string }) {
  if (reading.state === 'fresh') return null;
  // A detail is a sentence of its own; the note ends it.
  const why = (reading.detail ?? reasonWords[reading.reason]).replace(/\.$/, '');
  return (
    <p
      role="status"
      className="flex items-start gap-2 border-line border-b px-3 py-2 text-meta text-text-2 max-sm:px-4"
    >
      <StateGlyph tone={reading.state === 'stale' ? 'warn' : 'unknown'} className="size-3.5 translate-y-px" />
      <span>
        {reading.state === 'stale' ? (
          <>
            {what} as of <Time at={reading.observedAt} parts="full" />: {why}.
          </>
        ) : (
          <>
            No {what.toLowerCase()}: {why}.
          </>
        )}
      </span>
    </p>
  );
}
