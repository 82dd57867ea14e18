'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { cx } from '@/components/ui/class-names';
import { Th } from '@/components/ui/table';
import type { FleetPart, FleetSection } from '@/lib/slo/fleet/grouping';
import type { SortKey } from '@/lib/slo/fleet/order';
import { FleetLine } from './fleet-line';
import { FleetSectionLine } from './fleet-section-line';

/** More rows than this are drawn only while in sight. */
const virtualAbove = 100;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const hasModifier = ({ ctrlKey, metaKey, altKey }: { ctrlKey: boolean; metaKey: boolean; altKey: boolean }) =>
  ctrlKey || metaKey || altKey;
const stops = (box: HTMLElement | null): HTMLElement[] => [
  ...(box?.querySelectorAll<HTMLElement>('[data-row]') ?? []),
];

/** j and k (or the arrows) walk the links of the rows and the heads of their groups; Enter is their own. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const down = event.key === 'j' || event.key === 'ArrowDown';
  if ((!down && event.key !== 'k' && event.key !== 'ArrowUp') || hasModifier(event)) return;
  const all = stops(event.currentTarget);
  const { activeElement } = document;
  const here = activeElement instanceof HTMLElement ? all.indexOf(activeElement) : -1;
  if (here === -1) return;
  event.preventDefault();
  all[here + (down ? 1 : -1)]?.focus();
}

type Item = { kind: 'section'; section: FleetSection } | { kind: 'row'; row: FleetPart };

/** Heads and rows one under the other, as they are drawn. */
function itemsOf({ rows, sections, closed }: Pick<FleetTableProps, 'rows' | 'sections' | 'closed'>): Item[] {
  if (sections === null) return rows.map((row) => ({ kind: 'row', row }));
  return sections.flatMap((section): Item[] => [
    { kind: 'section', section },
    ...(closed.includes(section.value) ? [] : section.rows.map((row): Item => ({ kind: 'row', row }))),
  ]);
}

const keyOf = (item: Item): string => (item.kind === 'row' ? item.row.key : `section ${item.section.value}`);

type FleetTableProps = {
  rows: readonly FleetPart[];
  /** Null: not grouped. */
  sections: readonly FleetSection[] | null;
  closed: readonly string[];
  sort: SortKey;
  onFold: (value: string) => void;
};

/** Every objective, worst first. Of a long list only what is in sight is drawn. */
export function FleetTable({ rows, sections, closed, sort, onFold }: FleetTableProps) {
  const box = useRef<HTMLElement>(null);
  const items = itemsOf({ rows, sections, closed });
  const isLong = items.length > virtualAbove;
  const virtual = useVirtualizer({
    count: isLong ? items.length : 0,
    getScrollElement: () => box.current,
    estimateSize: () => 52,
    overscan: 10,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  // External system: the keyboard. From anywhere on the page j goes into the list.
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'j' || event.defaultPrevented || hasModifier(event) || isTyping(event.target)) return;
      if (box.current?.contains(document.activeElement)) return;
      event.preventDefault();
      stops(box.current)[0]?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const drawn = virtual.getVirtualItems();
  const before = drawn[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  const draw = (item: Item, index: number, measure?: typeof virtual.measureElement) =>
    item.kind === 'row' ? (
      <FleetLine key={keyOf(item)} row={item.row} index={index} measure={measure} />
    ) : (
      <FleetSectionLine
        key={keyOf(item)}
        section={item.section}
        index={index}
        isOpen={!closed.includes(item.section.value)}
        onFold={() => onFold(item.section.value)}
        measure={measure}
      />
    );
  return (
    <section
      ref={box}
      aria-label="Objectives"
      onKeyDown={walk}
      className={cx('@container overflow-x-auto', isLong && 'max-h-[78vh] overflow-y-auto')}
    >
      <table className="w-full border-collapse max-sm:block" aria-rowcount={items.length + 1}>
        <caption className="sr-only">Service level objectives. J and K move between them.</caption>
        <Head sticky={isLong} sort={sort} />
        <tbody className="max-sm:block">
          {isLong ? (
            <>
              {before > 0 ? <Space height={before} /> : null}
              {drawn.map(({ index }) => {
                const item = items[index];
                return item === undefined ? null : draw(item, index, virtual.measureElement);
              })}
              {after > 0 ? <Space height={after} /> : null}
            </>
          ) : (
            items.map((item, index) => draw(item, index))
          )}
        </tbody>
      </table>
    </section>
  );
}

/** Stands for the rows out of sight. */
const Space = ({ height }: { height: number }) => (
  <tr aria-hidden className="max-sm:block">
    <td colSpan={9} className="max-sm:block" style={{ height }} />
  </tr>
);

const Head = ({ sticky, sort }: { sticky: boolean; sort: SortKey }) => {
  const by = (key: SortKey) => (sort === key ? { sorted: true } : {});
  return (
    <thead className={cx('max-sm:sr-only', sticky && 'sticky top-0 z-10 bg-surface')}>
      <tr>
        <Th {...by('state')}>State</Th>
        <Th {...by('name')}>Objective</Th>
        <Th end {...by('level')}>
          Level
        </Th>
        <Th {...by('budget')}>Budget left</Th>
        <Th className="hidden @min-[760px]:table-cell">Window</Th>
        <Th end {...by('burn')}>
          Burn 1 h
        </Th>
        <Th end className="hidden @min-[660px]:table-cell" {...by('gone')}>
          Gone in
        </Th>
        <Th className="hidden @min-[1180px]:table-cell" {...by('cost')}>
          Last change
        </Th>
        <Th className="hidden @min-[860px]:table-cell">Data</Th>
      </tr>
    </thead>
  );
};
