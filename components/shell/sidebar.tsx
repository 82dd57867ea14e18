'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '@/components/ui/class-names';
import { StateGlyph } from '@/components/ui/state';
import type { Me } from '@/lib/access/contract';
import { paths } from '@/lib/core/paths';
import { EnvironmentSwitch } from './environment-switch';
import { Mark } from './icons';
import { currentEntry, type NavigationEntry, navigation } from './navigation';
import { PersonMenu } from './person-menu';

/** Navigation of wide screens. */
export function Sidebar({ me }: { me: Me }) {
  const current = currentEntry(usePathname());
  return (
    <aside
      aria-label="Console"
      className="sticky top-(--above) flex h-[calc(100vh-var(--above))] w-56 flex-none flex-col border-line border-r px-2 pb-2 max-lg:hidden"
    >
      <div className="flex h-12 items-center gap-2 px-2">
        <Link href={paths.overview()} className="flex items-center gap-2 font-semibold text-body">
          <Mark className="size-5" />
          Signalbox
        </Link>
        <EnvironmentSwitch me={me} />
      </div>
      <nav aria-label="Main" className="grid">
        {navigation.map(({ group, entries }) => (
          <div key={group ?? 'main'}>
            {group ? <h2 className="px-2 pt-4 pb-1 font-medium text-axis text-text-3">{group}</h2> : null}
            <ul className="grid gap-px">
              {entries.map((entry) => (
                <li key={entry.href}>
                  <SidebarLink entry={entry} me={me} current={entry === current} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <PersonMenu me={me} />
    </aside>
  );
}

function SidebarLink({ entry, me, current }: { entry: NavigationEntry; me: Me; current: boolean }) {
  const count = entry.count ? me.waiting[entry.count] : 0;
  return (
    <Link
      href={entry.href}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'flex h-7.5 items-center gap-2.5 rounded-control px-2 hover:bg-raised',
        current ? 'bg-raised font-medium text-text' : 'text-text-2',
      )}
    >
      <entry.icon
        aria-hidden
        className={cx('size-4', current ? 'text-text' : 'text-text-3')}
        strokeWidth={1.6}
      />
      {entry.label}
      {count > 0 ? <NavigationCount kind={entry.count} count={count} overdue={me.waiting.overdue} /> : null}
    </Link>
  );
}

type NavigationCountProps = { kind: NavigationEntry['count']; count: number; overdue: number };

/** What awaits the reader, in the colour of a failure once a part of it is overdue. */
export function NavigationCount({ kind, count, overdue }: NavigationCountProps) {
  const isLate = kind === 'approvals' && overdue > 0;
  const tone = isLate ? 'crit' : kind === 'approvals' ? 'hold' : 'info';
  return (
    <span className="ml-auto inline-flex items-center gap-1 font-medium text-axis">
      <StateGlyph tone={tone} className="size-3" />
      {count}
      <span className="sr-only">
        {kind === 'approvals' ? 'await you' : 'running'}
        {isLate ? `, ${overdue} overdue` : ''}
      </span>
    </span>
  );
}
