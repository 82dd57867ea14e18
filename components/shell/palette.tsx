'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { Me } from '@/lib/access/contract';
import { allEntries } from './navigation';
import { onPaletteOpen } from './palette-state';

/** Fetched when it is opened for the first time: no page needs it to be drawn. */
const PaletteDialog = dynamic(() => import('./palette-dialog').then((part) => part.PaletteDialog), {
  ssr: false,
});

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Ctrl K opens the palette; `g` and a letter go; `?` and `/` are handled by the pages that have them. */
export function Palette({ me }: { me: Me }) {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const router = useRouter();
  // External system: the keyboard.
  useEffect(() => {
    let leader = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen((was) => !was);
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'g') {
        leader = event.timeStamp;
        return;
      }
      const entry =
        event.timeStamp - leader < 1000 ? allEntries.find((each) => each.key === event.key) : undefined;
      leader = 0;
      if (entry) router.push(entry.href);
    };
    document.addEventListener('keydown', onKey);
    const leave = onPaletteOpen(() => setOpen(true));
    return () => {
      document.removeEventListener('keydown', onKey);
      leave();
    };
  }, [router]);
  if (open && !wanted) setWanted(true);
  return wanted ? <PaletteDialog me={me} open={open} onOpenChange={setOpen} /> : null;
}
