import { EmptyState } from '@/components/ui/empty-state';
import { paths } from '@/lib/core/paths';

/**
 * An address that no part of the console has; the frame around pages belongs to those who are signed in. Next
 * loads this with every page, so it brings no script: its link is a plain one.
 */
export default function NotFound() {
  return (
    <main className="mx-auto max-w-208 p-4 pt-12">
      <h1 className="mb-3 font-medium text-page">There is no such page</h1>
      <EmptyState
        title="Nothing has this address"
        why="The link may be old, or it was typed by hand."
        action={
          <a href={paths.overview()} className="text-accent underline">
            Go to the overview
          </a>
        }
      />
    </main>
  );
}
