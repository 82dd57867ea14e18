'use client';

import Link from 'next/link';
import { useRef } from 'react';
import { cx } from '@/components/ui/class-names';
import { useZone } from '@/components/ui/time-ago';
import { freeLabels, type Span, xShare } from './frame';
import { axisColumn } from './plot';
import { momentText } from './times';
import { useWidth } from './use-width';

/** `moment`: something changed there; `span`: it lasted. */
export type LaneMark = {
  key: string;
  from: number;
  to: number;
  /** A short name such as a version; the title says all. */
  name: string;
  title: string;
  href: string | null;
};
export type Lane = { name: string; shape: 'moment' | 'span'; fill: string; marks: readonly LaneMark[] };

const charWidth = 6.7;

/** What happened, under the chart it may explain: one row a kind, on the same time axis. */
export function Lanes({ lanes, span }: { lanes: readonly Lane[]; span: Span }) {
  const shown = lanes.filter(({ marks }) => marks.length > 0);
  if (shown.length === 0) return null;
  return (
    <div className="mt-1 grid gap-1 border-line border-t pt-2">
      {shown.map((lane) => (
        <LaneRow key={lane.name} lane={lane} span={span} />
      ))}
    </div>
  );
}

function LaneRow({ lane, span }: { lane: Lane; span: Span }) {
  const zone = useZone();
  const row = useRef<HTMLUListElement>(null);
  const width = useWidth(row, 900);
  const marks = [...lane.marks].sort((a, b) => a.from - b.from);
  const free = freeLabels(
    marks.map(({ from, to, name }) => ({
      at: Math.max(span.from, lane.shape === 'span' ? Math.max(from, to) : from),
      width: name.length * charWidth + 20,
    })),
    span,
    width,
  );
  return (
    <div className={axisColumn}>
      <span className="text-axis text-text-3">{lane.name}</span>
      <ul ref={row} aria-label={`${lane.name} on the chart`} className="relative h-5 min-w-0">
        {marks.map((mark, index) => {
          const left = Math.min(1, Math.max(0, xShare(span, mark.from)));
          const long = lane.shape === 'span' ? Math.max(0, Math.min(1, xShare(span, mark.to)) - left) : 0;
          const title = `${momentText(mark.from, zone)}: ${mark.title}`;
          const body = (
            <>
              <span
                aria-hidden
                className={cx(
                  'block flex-none',
                  lane.shape === 'moment' ? '-ml-1 size-2 rotate-45' : 'h-2.5 rounded-[1px]',
                )}
                style={{
                  background: lane.fill,
                  ...(lane.shape === 'span' ? { width: `max(5px, ${(long * width).toFixed(1)}px)` } : {}),
                }}
              />
              {free[index] ? <span className="mono text-[11px] leading-5">{mark.name}</span> : null}
              <span className="sr-only">{title}</span>
            </>
          );
          const place = 'absolute top-0 flex h-5 min-w-2 items-center gap-1.5 whitespace-nowrap text-text-2';
          return (
            <li
              key={mark.key}
              title={title}
              className={place}
              style={{ left: `${(left * 100).toFixed(3)}%` }}
            >
              {mark.href === null ? (
                body
              ) : (
                <Link
                  href={mark.href}
                  className="flex h-5 items-center gap-1.5 hover:text-text hover:underline"
                >
                  {body}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
