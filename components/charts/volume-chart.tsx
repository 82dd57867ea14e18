'use client';

import { type PointerEvent, useRef, useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/number-text';
import { formatTime, useZone } from '@/components/ui/time-ago';
import { niceTicks, timeTicks } from './prepare/series';
import type { VolumeBar } from './prepare/volume';

type VolumeChartProps = {
  label: string;
  bars: VolumeBar[];
  /** Unix seconds of both ends, and of one bar. */
  from: number;
  to: number;
  step: number;
  fills: ReadonlyMap<string, string>;
  /** A dragged span in unix seconds; the page offers fields for the same. */
  onRange?: ((from: number, to: number) => void) | undefined;
};

/** Stacked bars over time. Dragging chooses a span; a pointer over a bar reads it. */
export function VolumeChart({ label, bars, from, to, step, fills, onRange }: VolumeChartProps) {
  const zone = useZone();
  const plot = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  const [over, setOver] = useState<VolumeBar | null>(null);
  const ticks = niceTicks(Math.max(1, ...bars.map((bar) => bar.total)));
  const top = ticks.at(-1) ?? 1;
  const at = (event: PointerEvent): number => {
    const box = plot.current?.getBoundingClientRect();
    if (!box || box.width === 0) return from;
    return from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (to - from);
  };
  const place = (time: number) => `${((time - from) / (to - from)) * 100}%`;
  const move = (event: PointerEvent) => {
    const time = at(event);
    setOver(bars.find((bar) => time >= bar.at && time < bar.at + step) ?? null);
    if (drag) setDrag({ ...drag, end: time });
  };
  const release = () => {
    // Less than a bar is a click, not a span.
    if (drag && onRange && Math.abs(drag.end - drag.start) >= step)
      onRange(Math.min(drag.start, drag.end), Math.max(drag.start, drag.end));
    setDrag(null);
  };
  const days = to - from > 2 * 86_400;
  const tickText = (time: number) => {
    const text = formatTime(new Date(time * 1000), zone, days ? 'full' : 'minute');
    return days ? text.slice(5, 10) : text;
  };
  return (
    <div className="relative pl-10">
      <div
        aria-hidden
        className="absolute inset-y-0 left-0 h-21 w-8 text-right text-axis text-text-3 max-sm:h-14"
      >
        {[0, top / 2, top].map((value) => (
          <span
            key={value}
            className="-translate-y-1/2 absolute right-0"
            style={{ bottom: `calc(${(value / top) * 100}% - 16px)` }}
          >
            {formatCount(value)}
          </span>
        ))}
      </div>
      <div
        ref={plot}
        role="img"
        aria-label={label}
        onPointerDown={(event) => {
          if (!onRange || event.button !== 0 || event.pointerType === 'touch') return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ start: at(event), end: at(event) });
        }}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setOver(null)}
        className={cx('relative h-21 border-line-strong border-b max-sm:h-14', onRange && 'cursor-crosshair')}
      >
        <span className="absolute inset-x-0 top-0 border-grid border-t" />
        <span className="absolute inset-x-0 top-1/2 border-grid border-t" />
        <Bars bars={bars} from={from} to={to} step={step} top={top} fills={fills} />
        {drag ? (
          <span
            className="absolute inset-y-0 border-accent border-x bg-accent/20"
            style={{
              left: place(Math.min(drag.start, drag.end)),
              width: `${(Math.abs(drag.end - drag.start) / (to - from)) * 100}%`,
            }}
          />
        ) : null}
        {over && !drag ? (
          <Reading bar={over} left={((over.at - from) / (to - from)) * 100} fills={fills} />
        ) : null}
      </div>
      <div aria-hidden className="relative h-5 text-axis text-text-3">
        {timeTicks(from, to, 6).map((time) => (
          <span
            key={time}
            className="-translate-x-1/2 absolute top-0.5 whitespace-nowrap max-sm:even:hidden"
            style={{ left: `clamp(14px, ${place(time)}, calc(100% - 14px))` }}
          >
            {tickText(time)}
          </span>
        ))}
      </div>
    </div>
  );
}

type BarsProps = Pick<VolumeChartProps, 'bars' | 'from' | 'to' | 'step' | 'fills'> & { top: number };

const Bars = ({ bars, from, to, step, top, fills }: BarsProps) => (
  <svg
    aria-hidden="true"
    className="absolute inset-0 size-full overflow-hidden"
    viewBox={`0 0 ${(to - from) / step} ${top}`}
    preserveAspectRatio="none"
  >
    {bars.flatMap((bar) =>
      bar.parts.map((part) => (
        <rect
          key={`${bar.at} ${part.key}`}
          x={(bar.at - from) / step + 0.06}
          y={top - part.from - part.count}
          width={0.88}
          height={part.count}
          style={{ fill: fills.get(part.key) ?? 'var(--text-3)' }}
        />
      )),
    )}
  </svg>
);

function Reading({ bar, left, fills }: { bar: VolumeBar; left: number; fills: ReadonlyMap<string, string> }) {
  const zone = useZone();
  return (
    <div
      className="pointer-events-none absolute top-0 z-10 min-w-36 rounded-panel bg-surface px-2.5 py-2 text-meta shadow-float"
      style={left > 60 ? { right: `${100 - left + 1}%` } : { left: `${left + 3}%` }}
    >
      <p className="mono text-text-2">{formatTime(new Date(bar.at * 1000), zone, 'full')}</p>
      {bar.parts.map((part) => (
        <p key={part.key} className="flex items-center gap-2 leading-5">
          <span aria-hidden className="size-2 rounded-[1px]" style={{ background: fills.get(part.key) }} />
          <span className="text-text-2">{part.key}</span>
          <span className="ml-auto pl-3 font-medium">{formatCount(part.count)}</span>
        </p>
      ))}
      {bar.parts.length === 0 ? <p className="text-text-2">No lines</p> : null}
    </div>
  );
}
