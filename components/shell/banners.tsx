'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { StateGlyph } from '@/components/ui/state';
import { meQuery } from '@/lib/access/client';
import type { Me } from '@/lib/access/contract';
import { toProblem } from '@/lib/http/client';

const online = {
  subscribe: (listener: () => void) => {
    window.addEventListener('online', listener);
    window.addEventListener('offline', listener);
    return () => {
      window.removeEventListener('online', listener);
      window.removeEventListener('offline', listener);
    };
  },
  read: () => navigator.onLine,
};

/** Whether acts can be sent now: with a reason when not. Reads keep their last values with their age. */
export function useWritesRefused(): string | null {
  const { error, isError } = useQuery(meQuery());
  const connected = useSyncExternalStore(online.subscribe, online.read, () => true);
  if (!connected) return 'This browser is offline; nothing can be sent.';
  if (!isError) return null;
  const problem = toProblem(error);
  if (problem.code === 'unavailable' || problem.status === 0)
    return `${problem.detail} Nothing can be sent until it is back.`;
  return null;
}

/** Says at the top of every page that the console cannot act, and that what is shown is as old as it says. */
export function ConnectionBanner() {
  const refused = useWritesRefused();
  return (
    <div role="status" aria-live="polite">
      {refused ? (
        <p className="flex items-center gap-2 border-line border-b bg-warn-wash py-1.5 text-warn gutter">
          <StateGlyph tone="warn" />
          <span>{refused} The page keeps its last values.</span>
        </p>
      ) : null}
    </div>
  );
}

/** The tab's title counts what waits for me. */
export function TitleCount({ me }: { me: Me }) {
  const waiting = me.waiting.approvals;
  // External system: the document's title, which Next sets per page.
  useEffect(() => {
    const apply = () => {
      const bare = document.title.replace(/^\(\d+\) /, '');
      const wanted = waiting > 0 ? `(${waiting}) ${bare}` : bare;
      if (document.title !== wanted) document.title = wanted;
    };
    apply();
    const observer = new MutationObserver(apply);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => observer.disconnect();
  }, [waiting]);
  return null;
}
