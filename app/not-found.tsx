import { paths } from '@/lib/core/paths';

/**
 * An address that no part of the console has; the frame around pages belongs to those who are signed in. Next
 * loads this with every page, so it brings no script: its link is a plain one.
 */
export default function NotFound() {
  return (
    <main className="mx-auto max-w-208 p-4 pt-12">
      <h1 className="font-medium text-page">There is no such page</h1>
      <p className="mt-1 mb-3 max-w-[68ch] text-text-2">The link may be old, or it was typed by hand.</p>
      <a
        href={paths.overview()}
        className="inline-flex min-h-6 items-center text-accent underline max-sm:min-h-11"
      >
        Go to the overview
      </a>
    </main>
  );
}
