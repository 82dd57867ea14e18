'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef } from 'react';
import { useZone } from '@/components/ui/time-ago';
import type { LogLine } from '@/lib/logs/contract';
import { LogRow } from './log-row';
import { lineKey } from './narrow';

type LogListProps = {
  lines: LogLine[];
  wrap: boolean;
  phone: boolean;
  search: string;
  /** Key of the chosen line; empty for none. */
  active: string;
  box: RefObject<HTMLDivElement | null>;
  onActive: (key: string) => void;
  /** `focus` when it was opened by key, so that the focus goes along. */
  onOpen: (key: string, focus: boolean) => void;
  /** Whether the reader is at the end where new lines appear. */
  onAtEnd: (atEnd: boolean) => void;
  newestFirst: boolean;
  live: boolean;
};

/** Where a key leads from row `here`; null when the key is not one of the list's. */
export function stepOf(key: string, here: number, count: number, page: number): number | null {
  const last = count - 1;
  const moves: Record<string, number> = {
    j: here + 1,
    ArrowDown: here + 1,
    k: here - 1,
    ArrowUp: here - 1,
    PageDown: here + page,
    PageUp: here - page,
    Home: 0,
    End: last,
  };
  const wanted = moves[key];
  return wanted === undefined ? null : Math.min(last, Math.max(0, wanted));
}

/** Thousands of lines, of which those in sight are drawn. One tab stop; the keys walk the lines. */
export function LogList(props: LogListProps) {
  const { lines, wrap, phone, search, active, box, onActive, onOpen, onAtEnd, newestFirst, live } = props;
  const zone = useZone();
  const id = useId();
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => (phone ? 49 : 22),
    overscan: 12,
    getItemKey: (index) => {
      const line = lines[index];
      return line === undefined ? index : `${lineKey(line)} ${index}`;
    },
  });
  const here = active === '' ? -1 : lines.findIndex((line) => lineKey(line) === active);
  const reached = useRef('');
  // External system: the scroll position. Once for each line that is chosen, not again when others come.
  useEffect(() => {
    if (here < 0 || reached.current === active) return;
    reached.current = active;
    rows.scrollToIndex(here, { align: 'auto' });
  }, [here, active, rows]);
  const last = lines.length - 1;
  // External system: the scroll position. A live list stays where its new lines appear.
  useEffect(() => {
    if (live) rows.scrollToIndex(newestFirst ? 0 : last, { align: newestFirst ? 'start' : 'end' });
  }, [live, newestFirst, last, rows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights depend on these, not on the virtualizer
  useEffect(() => rows.measure(), [wrap, phone]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && here >= 0) {
      event.preventDefault();
      onOpen(active, true);
      return;
    }
    const next = stepOf(event.key, here, lines.length, 20);
    const line = next === null ? undefined : lines[next];
    if (line === undefined) return;
    event.preventDefault();
    onActive(lineKey(line));
  };
  const optionId = (index: number) => `${id}-${index}`;
  return (
    <div
      ref={box}
      role="listbox"
      tabIndex={0}
      aria-label="Log lines. J and K move, Enter opens a line."
      aria-activedescendant={here >= 0 ? optionId(here) : undefined}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget: at }) =>
        onAtEnd(newestFirst ? at.scrollTop < 40 : at.scrollHeight - at.scrollTop - at.clientHeight < 40)
      }
      className="h-[max(300px,calc(100vh-392px))] overflow-auto focus-visible:outline-offset-[-2px] max-sm:h-[max(320px,calc(100vh-220px))]"
    >
      <div role="presentation" className="relative w-full" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          const key = lineKey(line);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list above is the tab stop and has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list names the active line instead of focusing it
            <div
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              id={optionId(item.index)}
              role="option"
              aria-selected={item.index === here}
              aria-posinset={item.index + 1}
              aria-setsize={lines.length}
              onClick={() => onOpen(key, false)}
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogRow line={line} zone={zone} wrap={wrap} search={search} active={item.index === here} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
