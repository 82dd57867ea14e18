'use client';

import { Bell, Bot, Boxes, User } from 'lucide-react';
import Link from 'next/link';
import { EmptyState } from '@/components/ui/empty-state';
import { Time } from '@/components/ui/time-ago';
import type { TimelineEntry } from '@/lib/service/contract';

const glyphs = { person: User, worker: Bot, cluster: Boxes, alert: Bell } as const;

/** What happened, who, when: one grammar on every page. */
export function TimelineList({ entries }: { entries: TimelineEntry[] }) {
  if (entries.length === 0) {
    return (
      <EmptyState
        title="Nothing happened yet"
        why="Changes, sign-offs and what the worker does appear here as they happen."
      />
    );
  }
  return (
    <ol className="py-1">
      {entries.map((entry) => {
        const Glyph = glyphs[entry.glyph];
        return (
          <li key={entry.id} className="grid grid-cols-[40px_16px_minmax(0,1fr)] gap-2 px-3 py-1 max-sm:px-4">
            <Time at={entry.at} parts="minute" className="mono text-text-3 leading-5" />
            <Glyph aria-hidden className="mt-0.75 size-3.5 text-text-3" />
            {entry.href ? (
              <Link href={entry.href} className="hover:underline">
                {entry.sentence}
              </Link>
            ) : (
              <span>{entry.sentence}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
