'use client';

import { type PointerEvent, type ReactNode, useId, useRef, useState } from 'react';
import { timeTicks } from '@/components/charts/prepare/series';
import { cx } from '@/components/ui/class-names';
import { useZone } from '@/components/ui/time-ago';
import { Band, spanText } from './band';
import { type Brush, useBrush } from './brush';
import { Drawing, type DrawingProps } from './drawing';
import { percent, type Span, xShare, yShare } from './frame';
import { momentText, tickText } from './times';

export type PlotReading = { name: string; text: string; color: string };

type PlotProps = DrawingProps & {
  /** Pixels of the plot itself. */
  height: number;
  format: (value: number) => string;
  /** The times that the crosshair can stand at, oldest first. */
  stops: readonly number[];
  cursor: number | null;
  onCursor: (at: number | null) => void;
  read: (at: number) => PlotReading[];
  /** About how many times are written under the plot; fewer where it is narrow. */
  ticks?: number;
  /** Given where a span can be marked. */
  brush?: Brush | undefined;
  /** Lanes under the plot that share its time axis. */
  children?: ReactNode;
};

export const axisColumn = 'grid grid-cols-[52px_minmax(0,1fr)] sm:grid-cols-[64px_minmax(0,1fr)]';

/** Lines over time with their zones, levels and gaps; the crosshair follows the pointer, a finger or the arrow keys. */
export function Plot(props: PlotProps) {
  const { span, scale, height, format, stops, cursor, onCursor, brush } = props;
  const zone = useZone();
  const id = useId();
  const plot = useRef<HTMLDivElement>(null);
  /** The reading stands only on the chart that is read; the others show the line. */
  const [isRead, setRead] = useState(false);
  const nearestStop = (at: number) =>
    stops.reduce<number | null>(
      (best, stop) => (best === null || Math.abs(stop - at) < Math.abs(best - at) ? stop : best),
      null,
    );
  const marks = useBrush(brush, { plot, frame: span, stops, cursor, onCursor });
  const follow = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    setRead(true);
    onCursor(nearestStop(span.from + ((event.clientX - box.left) / box.width) * (span.to - span.from)));
  };
  const leave = () => {
    setRead(false);
    onCursor(null);
  };
  const here = cursor === null ? -1 : stops.indexOf(cursor);
  // The keys begin at now, not at the end of a forecast.
  const newest = Math.max(
    0,
    stops.findLastIndex((at) => at <= (brush?.limit ?? at)),
  );
  const reading = cursor === null ? [] : props.read(cursor);
  const said =
    cursor === null
      ? 'no time chosen'
      : `${momentText(cursor, zone)}: ${reading.map(({ name, text }) => `${name} ${text}`).join(', ') || 'no data'}`;
  return (
    <div className="px-3 pt-3 pb-2 max-sm:px-2">
      <div className={axisColumn}>
        <div aria-hidden className="relative text-right text-axis text-text-3" style={{ height }}>
          {scale.ticks.map((tick) => (
            <span
              key={tick}
              className={cx('-translate-y-1/2 absolute right-2 whitespace-nowrap', tick === 0 && 'text-text')}
              style={{ top: percent(yShare(scale, tick)) }}
            >
              {format(tick)}
            </span>
          ))}
        </div>
        <div
          ref={plot}
          onPointerMove={(event) => {
            follow(event);
            marks.draw(event);
          }}
          onPointerDown={(event) => {
            follow(event);
            marks.begin(event);
          }}
          onPointerUp={marks.end}
          onPointerCancel={marks.drop}
          onPointerLeave={(event) => event.pointerType !== 'touch' && leave()}
          className="relative cursor-crosshair select-none has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2"
          style={{ height, touchAction: 'pan-y' }}
        >
          <Drawing
            label={props.label}
            span={span}
            scale={scale}
            lines={props.lines}
            areas={props.areas}
            hatchBelow={props.hatchBelow}
            levels={props.levels}
            gaps={props.gaps}
            notes={props.notes}
            now={props.now}
          />
          {brush?.chosen ? <Band span={brush.chosen} frame={span} /> : null}
          {brush?.draft ? <Band span={brush.draft} frame={span} isDraft isNamed={isRead} /> : null}
          <input
            type="range"
            aria-label={`Time on the chart: ${props.label}`}
            aria-describedby={id}
            className="pointer-events-none absolute inset-0 size-full opacity-0"
            min={0}
            max={Math.max(0, stops.length - 1)}
            value={here === -1 ? newest : here}
            aria-valuetext={said}
            onChange={(event) => onCursor(stops[Number(event.target.value)] ?? null)}
            onKeyDown={marks.press}
            onFocus={() => setRead(true)}
            onBlur={() => {
              marks.drop();
              leave();
            }}
          />
          {cursor === null || cursor < span.from || cursor > span.to ? null : (
            <Crosshair at={cursor} span={span} reading={reading} isRead={isRead} />
          )}
        </div>
      </div>
      <div className={axisColumn}>
        <span />
        <div aria-hidden className="relative h-5 text-axis text-text-3">
          {timeTicks(span.from, span.to, props.ticks ?? 6).map((tick) => (
            <span
              key={tick}
              className="-translate-x-1/2 absolute top-1 whitespace-nowrap max-sm:even:hidden"
              style={{ left: `clamp(16px, ${percent(xShare(span, tick))}, calc(100% - 16px))` }}
            >
              {tickText(tick, zone, span.to - span.from)}
            </span>
          ))}
        </div>
      </div>
      {props.children}
      <p id={id} className="sr-only">
        The arrow keys move along the chart
        {brush === undefined
          ? '.'
          : '; with Shift they mark a span, Enter tells what it cost, Escape lets it go.'}
      </p>
      {brush === undefined ? null : (
        <p aria-live="polite" className="sr-only">
          {brush.draft === null || !isRead
            ? ''
            : `${spanText(brush.draft, zone)} marked. Enter tells what it cost.`}
        </p>
      )}
    </div>
  );
}

/** Where the pointer is on this chart the time stands beside the values; the others show theirs. */
type CrosshairProps = { at: number; span: Span; reading: readonly PlotReading[]; isRead: boolean };

function Crosshair({ at, span, reading, isRead }: CrosshairProps) {
  const zone = useZone();
  const share = xShare(span, at);
  return (
    <>
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 w-px bg-text-2"
        style={{ left: percent(share) }}
      />
      <div
        aria-hidden
        data-reading
        className={cx(
          'pointer-events-none absolute top-2 z-20 rounded-panel bg-surface px-2.5 text-meta shadow-float',
          isRead ? 'min-w-40 py-2' : 'py-1',
        )}
        style={share > 0.55 ? { right: percent(1 - share + 0.012) } : { left: percent(share + 0.012) }}
      >
        {isRead ? <p className="whitespace-nowrap text-text-2">{momentText(at, zone)}</p> : null}
        {reading.map(({ name, text, color }) => (
          <p key={name} className="flex items-center gap-2 whitespace-nowrap leading-5">
            <span className="h-0.5 w-3.5 flex-none" style={{ background: color }} />
            <span className="text-text-2">{name}</span>
            <span className="ml-auto pl-3 font-medium">{text}</span>
          </p>
        ))}
        {reading.length === 0 ? <p className="text-text-2">No data here</p> : null}
      </div>
    </>
  );
}
