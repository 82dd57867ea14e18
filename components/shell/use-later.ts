'use client';

import { type ComponentType, useState } from 'react';

/**
 * A menu whose code is fetched when somebody is about to open it. Until then the page shows a plain button with
 * `opener` on it; from the click on `Part` stands in its place, which starts open.
 */
export function useLater<Props>(load: () => Promise<ComponentType<Props>>) {
  const [Part, setPart] = useState<ComponentType<Props> | null>(null);
  // Hovering and focusing fetch ahead; when that fails, the click tries again.
  const fetchAhead = () => void load().catch(() => undefined);
  const open = () => void load().then((part) => setPart(() => part));
  return {
    Part,
    opener: {
      'aria-expanded': false,
      onPointerEnter: fetchAhead,
      onFocus: fetchAhead,
      onClick: open,
      onKeyDown: (event: { key: string; preventDefault: () => void }) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        open();
      },
    },
  };
}
