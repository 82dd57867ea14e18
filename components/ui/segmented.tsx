'use client';

import Link from 'next/link';
import { cx } from './class-names';

type Item = { key: string; label: string; href: string };

/** Where the row is wider than the screen the chosen one is in sight; the page itself does not move. */
function inSight(link: HTMLElement | null): void {
  const row = link?.closest('.overflow-x-auto');
  if (!link || !row) return;
  const [own, whole] = [link.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += own.left - whole.left - (whole.width - own.width) / 2;
}

/** A small choice whose state is the URL, such as a time range. */
export function SegmentedLinks({ label, items, current }: { label: string; items: Item[]; current: string }) {
  return (
    <nav
      aria-label={label}
      className="inline-flex overflow-hidden rounded-control border border-line-strong bg-surface"
    >
      {items.map((item) => (
        <Link
          key={item.key}
          ref={item.key === current ? inSight : null}
          href={item.href}
          scroll={false}
          replace
          aria-current={item.key === current ? 'true' : undefined}
          className={cx(
            'flex h-7 items-center whitespace-nowrap border-line border-l px-2.25 text-meta first:border-l-0 max-sm:h-11 max-sm:px-3',
            item.key === current ? 'bg-raised font-medium text-text' : 'text-text-2 hover:bg-raised',
          )}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}

/** Tabs of a page; the URL says which is open. */
export function TabLinks({ label, items, current }: { label: string; items: Item[]; current: string }) {
  return (
    <nav aria-label={label} className="-mb-px flex gap-5 overflow-x-auto">
      {items.map((item) => (
        <Link
          key={item.key}
          ref={item.key === current ? inSight : null}
          href={item.href}
          scroll={false}
          aria-current={item.key === current ? 'page' : undefined}
          className={cx(
            'flex h-9 items-center whitespace-nowrap border-b-2 max-sm:h-11',
            item.key === current
              ? 'border-accent font-medium text-text'
              : 'border-transparent text-text-2 hover:text-text',
          )}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
