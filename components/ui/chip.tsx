import type { ReactNode } from 'react';

/** A region, version or other short identifier in an outlined box. */
export const Chip = ({ children, title }: { children: ReactNode; title?: string }) => (
  <span
    title={title}
    className="mono inline-flex h-4.5 items-center whitespace-nowrap rounded-control border border-line-strong px-1.25 text-[11px] text-text-2"
  >
    {children}
  </span>
);

export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-control border border-line-strong bg-surface px-1 text-[11px] text-text-3">
    {children}
  </kbd>
);
