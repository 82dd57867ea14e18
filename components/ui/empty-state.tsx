import type { ReactNode } from 'react';

/** What this would show, why it is empty, and one thing to do about it. */
export function EmptyState({ title, why, action }: { title: string; why: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-start gap-1 p-3 max-sm:px-4">
      <p className="font-medium">{title}</p>
      <p className="max-w-[68ch] text-text-2">{why}</p>
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  );
}
