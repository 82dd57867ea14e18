import type { ReactNode } from 'react';

/** The bar with the one act of the page: what it does now in a sentence, its buttons at the right. */
export function LeverBar({
  sentence,
  note,
  children,
}: {
  sentence: ReactNode;
  note?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="-mx-4 sm:-mx-6 sticky bottom-0 z-20 mt-6 flex min-h-16 flex-wrap items-center gap-x-4 gap-y-2 border-line-strong border-t bg-surface px-4 py-2 max-sm:bottom-14 sm:px-6">
      <div className="min-w-0 flex-1 max-sm:flex-none max-sm:basis-full">
        <p className="font-medium">{sentence}</p>
        {note ? <div className="text-meta text-text-2">{note}</div> : null}
      </div>
      <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:[&>*]:flex-1">{children}</div>
    </div>
  );
}
