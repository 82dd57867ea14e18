'use client';

import { cx } from '@/components/ui/class-names';
import type { Me } from '@/lib/access/contract';
import { roleNames } from '@/lib/access/model';
import { useLater } from './use-later';

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase();

/** Who is signed in; opens theme, times and sign-out. */
export function PersonMenu({ me, compact = false }: { me: Me; compact?: boolean }) {
  const menu = useLater(() => import('./person-menu-items').then((part) => part.PersonMenuItems));
  const triggerClass = cx(
    'flex items-center gap-2 rounded-control text-left hover:bg-raised',
    compact ? 'size-11 justify-center' : 'mt-auto border-line border-t p-2',
  );
  const face = (
    <>
      <span
        aria-hidden
        className="grid size-6 flex-none place-items-center rounded-full border border-line-strong bg-raised font-semibold text-[10px] text-text-2"
      >
        {initials(me.name)}
      </span>
      {compact ? (
        <span className="sr-only">{me.name}</span>
      ) : (
        <span className="min-w-0">
          <span className="block truncate">{me.name}</span>
          <span className="block truncate text-meta text-text-3">
            {me.roles.map((role) => roleNames[role]).join(', ') || 'No role yet'}
          </span>
        </span>
      )}
      <span className="sr-only">, account and display</span>
    </>
  );
  if (menu.Part) {
    return <menu.Part triggerClass={triggerClass}>{face}</menu.Part>;
  }
  return (
    <button type="button" aria-haspopup="menu" className={triggerClass} {...menu.opener}>
      {face}
    </button>
  );
}
