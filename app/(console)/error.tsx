'use client';

import { Mark } from '@/components/shell/icons';
import { ThemeKeeper } from '@/components/shell/theme-keeper';
import { ProblemPanel } from '@/components/ui/problem-panel';

/** A page that could not be drawn at all, such as when the database is gone and nothing was loaded before. */
export default function ConsoleError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <main className="mx-auto grid max-w-160 gap-4 p-6">
      <ThemeKeeper />
      <Mark className="size-7" />
      <h1 className="font-medium text-page">This page cannot be shown now</h1>
      <div className="rounded-panel border border-line bg-surface">
        <ProblemPanel
          problem={{
            status: 500,
            title: 'The console could not draw the page',
            detail: 'A part it needs does not answer, most often the database. Nothing was changed by this.',
            code: 'internal',
            next: 'Try again in a moment; the public status page stays up without it.',
            fields: [],
            ...(error.digest ? { requestId: error.digest } : {}),
          }}
          onRetry={retry}
        />
      </div>
    </main>
  );
}
