'use client';

import { type CSSProperties, memo, type ReactNode } from 'react';
import { type Point, pathOf, percent, plotWidth, type Scale, type Span, xShare, yShare } from './frame';

export type PlotLine = {
  key: string;
  points: readonly Point[];
  color: string;
  width?: number;
  dash?: string;
};
export type PlotLevel = { value: number; label: string; color: string };
export type PlotNote = { key: string; at: number; value: number; text: string; color?: string };
export type DrawingProps = {
  /** A sentence with what the chart says now: what is read out. */
  label: string;
  span: Span;
  scale: Scale;
  lines: readonly PlotLine[];
  areas?: readonly { key: string; path: string; fill: string }[] | undefined;
  /** What lies under this value is hatched: spent beyond the budget. */
  hatchBelow?: number | undefined;
  levels?: readonly PlotLevel[] | undefined;
  gaps?: readonly Span[] | undefined;
  notes?: readonly PlotNote[] | undefined;
  /** Where the present stands, when the plot shows a future. */
  now?: number | null | undefined;
};

/** All but the crosshair: it does not move with the pointer, so it is not drawn again for it. */
export const Drawing = memo(function Drawing(props: DrawingProps) {
  const {
    label,
    span,
    scale,
    lines,
    areas = [],
    hatchBelow,
    levels = [],
    gaps = [],
    notes = [],
    now,
  } = props;
  const top = hatchBelow === undefined ? null : yShare(scale, hatchBelow);
  return (
    <>
      {top === null ? null : (
        <span
          aria-hidden
          className="hatch absolute inset-x-0 bottom-0 bg-crit-wash"
          style={{ top: percent(top) }}
        />
      )}
      {gaps.map((gap) => (
        <span
          key={gap.from}
          data-gap
          title="No data"
          className="hatch absolute inset-y-0"
          style={{
            left: percent(xShare(span, gap.from)),
            width: percent((gap.to - gap.from) / (span.to - span.from)),
          }}
        />
      ))}
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${plotWidth} 100`}
        preserveAspectRatio="none"
        className="absolute inset-0 size-full overflow-hidden"
      >
        {scale.ticks.map((tick) => (
          <path
            key={tick}
            d={`M0 ${(yShare(scale, tick) * 100).toFixed(2)}H${plotWidth}`}
            stroke={tick === 0 ? 'var(--text-2)' : 'var(--grid)'}
            strokeWidth={tick === 0 ? 1.25 : 1}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {areas.map(({ key, path, fill }) => (
          <path key={key} d={path} fill={fill} />
        ))}
        {now === null || now === undefined ? null : (
          <path
            d={`M${(xShare(span, now) * plotWidth).toFixed(1)} 0V100`}
            stroke="var(--text-2)"
            vectorEffect="non-scaling-stroke"
          />
        )}
        {levels.map(({ value, color, label: name }) => (
          <path
            key={name}
            d={`M0 ${(yShare(scale, value) * 100).toFixed(2)}H${plotWidth}`}
            stroke={color}
            strokeDasharray="4 3"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {lines.map(({ key, points, color, width = 1.5, dash }) => (
          <path
            key={key}
            data-line={key}
            d={pathOf(points, span, scale)}
            fill="none"
            stroke={color}
            strokeWidth={width}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
            {...(dash === undefined ? {} : { strokeDasharray: dash })}
          />
        ))}
      </svg>
      {levels.map(({ value, color, label: name }) => (
        <Word key={name} style={{ right: 4, top: percent(yShare(scale, value)), color }}>
          {name}
        </Word>
      ))}
      {notes.map(({ key, at, value, text, color }) => (
        <Word
          key={key}
          style={{
            ...(xShare(span, at) > 0.8
              ? { right: `calc(${percent(1 - xShare(span, at))} + 4px)` }
              : { left: `calc(${percent(xShare(span, at))} + 4px)` }),
            top: percent(Math.min(0.94, Math.max(0.03, yShare(scale, value)))),
            ...(color === undefined ? {} : { color }),
          }}
        >
          {text}
        </Word>
      ))}
      {now === null || now === undefined ? null : (
        <span
          aria-hidden
          className="-translate-x-1/2 -top-3 absolute bg-surface px-1 text-axis text-text-2"
          style={{ left: percent(xShare(span, now)) }}
        >
          now
        </span>
      )}
    </>
  );
});

/** A word on the plot, kept readable over lines. */
const Word = ({ style, children }: { style: CSSProperties; children: ReactNode }) => (
  <span
    aria-hidden
    className="-translate-y-1/2 pointer-events-none absolute whitespace-nowrap rounded-control bg-surface/80 px-1 text-axis text-text-2"
    style={style}
  >
    {children}
  </span>
);
