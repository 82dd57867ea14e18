'use client';

import { cx } from '@/components/ui/class-names';
import { type TimeZoneChoice, useZone } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import { percent, type Span, xShare } from './frame';
import { momentText } from './times';

const sameDay = (a: string, b: string): boolean => a.slice(0, -5) === b.slice(0, -5);

/** `Sat 21 Nov 06:10 to 06:35 (25 min)`. */
export function spanText({ from, to }: Span, zone: TimeZoneChoice): string {
  const [first, last] = [momentText(from, zone), momentText(to, zone)];
  const end = sameDay(first, last) ? last.slice(-5) : last;
  return `${first} to ${end} (${formatDuration(to - from)})`;
}

type BandProps = {
  span: Span;
  frame: Span;
  isDraft?: boolean;
  /** Said where it is drawn, not on every chart that shows it. */
  isNamed?: boolean;
};

/** A span over a plot: what is being marked, with its length, or what was chosen. */
export function Band({ span, frame, isDraft = false, isNamed = false }: BandProps) {
  const zone = useZone();
  const left = Math.max(0, xShare(frame, span.from));
  const right = Math.min(1, xShare(frame, span.to));
  if (right <= 0 || left >= 1) return null;
  return (
    <span
      aria-hidden
      data-band={isDraft ? 'draft' : 'chosen'}
      className={cx(
        'pointer-events-none absolute inset-y-0 min-w-0.5 border-accent border-x bg-[color-mix(in_oklab,var(--accent)_16%,transparent)]',
        isDraft ? 'border-dashed' : '',
      )}
      style={{ left: percent(left), width: percent(Math.max(0, right - left)) }}
    >
      {isNamed ? (
        <span
          className={cx(
            'absolute bottom-1 whitespace-nowrap rounded-control bg-surface px-1.5 py-0.5 text-meta shadow-float',
            left > 0.6 ? 'right-1' : 'left-1',
          )}
        >
          {spanText(span, zone)}
        </span>
      ) : null}
    </span>
  );
}
