'use client';

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

type FoldedListProps = { title: string; note: ReactNode; older: number; children: () => ReactNode };

/** A list under its panel that is folded at first: its lines are made when it is opened. */
export function FoldedList({ title, note, older, children }: FoldedListProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      className="group border-line border-t"
    >
      <summary className="flex min-h-10 items-center gap-2 px-3 hover:bg-raised max-sm:min-h-11 max-sm:px-4">
        <ChevronRight aria-hidden className="size-4 flex-none text-text-3 group-open:rotate-90" />
        <span className="font-medium">{title}</span>
        <span className="text-meta text-text-3">{note}</span>
      </summary>
      {open ? (
        <ul>
          {children()}
          {older > 0 ? (
            <li className="border-line border-t px-3 py-2 text-text-2 max-sm:px-4">
              And {older} older ones.
            </li>
          ) : null}
        </ul>
      ) : null}
    </details>
  );
}
