import type { KeyboardEvent, PointerEvent, RefObject } from 'react';
import { useRef } from 'react';
import type { Span } from './frame';

/** A span of time that is being marked, and the one that was chosen: the same on every chart of a page. */
export type Brush = {
  draft: Span | null;
  chosen: Span | null;
  /** Nothing after it can be marked: the future costs nothing yet. */
  limit: number;
  onDraft: (draft: Span | null) => void;
  onChoose: (span: Span | null) => void;
};

/** Counts are kept in buckets of so many seconds: no span is finer. */
const bucket = 300;
/** A finger or a mouse that moved less than this pressed, and did not draw. */
const leastPixels = 6;

/** Two times as a span of whole buckets, within what is recorded; null for none. */
export function spanBetween(a: number, b: number, frame: Span, limit: number): Span | null {
  const last = Math.ceil(limit / bucket) * bucket;
  const low = Math.max(Math.min(a, b), frame.from);
  const high = Math.min(Math.max(a, b), last);
  const from = Math.floor(low / bucket) * bucket;
  const to = Math.min(last, Math.ceil(high / bucket) * bucket);
  return to > from ? { from, to } : null;
}

/** Where a key leads from a stop; null for keys that do not move. */
export function stopAfter(key: string, here: number, last: number): number | null {
  const page = Math.max(1, Math.round(last / 10));
  const move: Record<string, number> = {
    ArrowRight: here + 1,
    ArrowUp: here + 1,
    ArrowLeft: here - 1,
    ArrowDown: here - 1,
    PageUp: here + page,
    PageDown: here - page,
    Home: 0,
    End: last,
  };
  const to = move[key];
  return to === undefined ? null : Math.min(last, Math.max(0, to));
}

type Drawn = { startX: number; at: number };
type PlotParts = {
  plot: RefObject<HTMLElement | null>;
  frame: Span;
  stops: readonly number[];
  cursor: number | null;
  onCursor: (at: number | null) => void;
};

/** Marks a span by drawing over the plot, or with Shift and the arrow keys; Enter chooses, Escape lets go. */
export function useBrush(brush: Brush | undefined, { plot, frame, stops, cursor, onCursor }: PlotParts) {
  const drawn = useRef<Drawn | null>(null);
  const anchor = useRef<number | null>(null);
  const timeAt = (clientX: number): number => {
    const box = plot.current?.getBoundingClientRect();
    if (!box || box.width === 0) return frame.from;
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    return frame.from + share * (frame.to - frame.from);
  };
  const past = brush === undefined ? [] : stops.filter((at) => at <= brush.limit);

  function begin(event: PointerEvent): void {
    if (brush === undefined || event.button !== 0) return;
    drawn.current = { startX: event.clientX, at: timeAt(event.clientX) };
    anchor.current = null;
    // The drawing goes on where the pointer leaves the plot.
    plot.current?.setPointerCapture?.(event.pointerId);
  }

  function draw(event: PointerEvent): void {
    const start = drawn.current;
    if (brush === undefined || start === null) return;
    if (brush.draft === null && Math.abs(event.clientX - start.startX) < leastPixels) return;
    brush.onDraft(spanBetween(start.at, timeAt(event.clientX), frame, brush.limit));
  }

  function end(event: PointerEvent): void {
    const start = drawn.current;
    drawn.current = null;
    if (brush === undefined || start === null || Math.abs(event.clientX - start.startX) < leastPixels) return;
    const span = spanBetween(start.at, timeAt(event.clientX), frame, brush.limit);
    brush.onDraft(null);
    if (span !== null) brush.onChoose(span);
  }

  function drop(): void {
    drawn.current = null;
    anchor.current = null;
    if (brush !== undefined && brush.draft !== null) brush.onDraft(null);
  }

  /** Enter chooses what is marked, Escape lets go of it, and of what was chosen before. */
  function decide(key: string, { draft, chosen, onChoose }: Brush): void {
    if (key === 'Enter' && draft !== null) onChoose(draft);
    if (key === 'Escape' && draft === null && chosen !== null) onChoose(null);
    drop();
  }

  function press(event: KeyboardEvent): void {
    if (brush === undefined) return;
    if (event.key === 'Enter' || event.key === 'Escape') {
      decide(event.key, brush);
      return;
    }
    const here = past.length === 0 ? -1 : past.indexOf(cursor ?? past.at(-1) ?? 0);
    const from = here === -1 ? past.length - 1 : here;
    const to = stopAfter(event.key, from, past.length - 1);
    if (to === null || from < 0) return;
    if (!event.shiftKey) {
      drop();
      return;
    }
    event.preventDefault();
    anchor.current ??= past[from] ?? null;
    const at = past[to];
    if (at === undefined || anchor.current === null) return;
    onCursor(at);
    brush.onDraft(spanBetween(anchor.current, at, frame, brush.limit));
  }

  return { begin, draw, end, drop, press };
}
