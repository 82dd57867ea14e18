'use client';

import { Search } from 'lucide-react';
import Link from 'next/link';
import { Fragment, type ReactNode, useContext } from 'react';
import { Kbd } from '@/components/ui/chip';
import { formatTime, useNow } from '@/components/ui/time-ago';
import { openPalette } from './palette-state';
import { SourceBar } from './source-bar';
import { ZoneChoice } from './zone-choice';

export type Crumb = { label: ReactNode; href?: string };

/** Where the page stands, the way to everything else, and how old the world is. The last crumb is the page. */
export function TopBar({ crumbs, actions }: { crumbs: Crumb[]; actions?: ReactNode }) {
  return (
    <header className="sticky top-(--above) z-20 flex h-12 items-center gap-3 border-line border-b bg-bg gutter max-sm:gap-2">
      <nav aria-label="Breadcrumb" className="min-w-0">
        <ol className="flex min-w-0 items-center gap-1.5 whitespace-nowrap text-text-3">
          {crumbs.map((crumb, index) => (
            <Fragment key={crumb.href ?? 'here'}>
              {index > 0 ? <li aria-hidden>/</li> : null}
              <li className={crumb.href ? 'flex-none' : 'truncate'}>
                {crumb.href ? (
                  <Link
                    href={crumb.href}
                    className="hover:underline max-sm:inline-flex max-sm:h-11 max-sm:items-center"
                  >
                    {crumb.label}
                  </Link>
                ) : (
                  <span aria-current="page" className="font-medium text-text">
                    {crumb.label}
                  </span>
                )}
              </li>
            </Fragment>
          ))}
        </ol>
      </nav>
      <button
        type="button"
        onClick={openPalette}
        className="ml-auto flex h-7.5 w-64 items-center gap-2 rounded-control border border-line-strong bg-surface pr-1.5 pl-2.5 text-text-3 max-2xl:w-auto max-md:hidden"
      >
        <Search aria-hidden className="size-4" />
        <span className="max-2xl:sr-only">Search or go to</span>
        <span aria-hidden className="ml-auto flex gap-0.75">
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <div className="flex items-center gap-3 max-md:ml-auto">
        <SourceBar />
        <Clock />
        {actions}
      </div>
    </header>
  );
}

function Clock() {
  const now = useNow();
  const { zone } = useContext(ZoneChoice);
  return (
    <span className="mono whitespace-nowrap text-text-2" suppressHydrationWarning>
      <span className="max-md:hidden">{now === 0 ? '' : `${formatTime(new Date(now), zone)} `}</span>
      {zone === 'utc' ? 'UTC' : 'local'}
    </span>
  );
}
