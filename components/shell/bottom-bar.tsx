'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '@/components/ui/class-names';
import type { Me } from '@/lib/access/contract';
import { allEntries, currentEntry } from './navigation';

/** Navigation of phones: what a person on call needs with one thumb. */
export function BottomBar({ me }: { me: Me }) {
  const current = currentEntry(usePathname());
  return (
    <nav
      aria-label="Main, short"
      className="fixed inset-x-0 bottom-0 z-40 grid h-14 grid-cols-4 border-line-strong border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {allEntries
        .filter((entry) => entry.phone)
        .map((entry) => {
          const count = entry.count ? me.waiting[entry.count] : 0;
          return (
            <Link
              key={entry.href}
              href={entry.href}
              aria-current={entry === current ? 'page' : undefined}
              className={cx(
                'relative flex flex-col items-center justify-center gap-0.5 text-axis',
                entry === current
                  ? 'font-medium text-text before:absolute before:inset-x-6 before:-top-px before:h-0.5 before:bg-accent'
                  : 'text-text-3',
              )}
            >
              <entry.icon aria-hidden className="size-5" strokeWidth={1.6} />
              {entry.label}
              {count > 0 ? (
                <span
                  className={cx(
                    'absolute top-1 left-[calc(50%+7px)] min-w-4 rounded-full px-1 text-center font-semibold text-[10px] text-on-fill leading-4',
                    entry.count === 'approvals' && me.waiting.overdue > 0 ? 'bg-crit' : 'bg-hold',
                  )}
                >
                  {count}
                </span>
              ) : null}
            </Link>
          );
        })}
    </nav>
  );
}
