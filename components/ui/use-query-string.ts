'use client';

import { useSearchParams } from 'next/navigation';

/**
 * The query of the URL, and a way to change it without asking the server for the page again: what a page
 * shows is fetched by its own queries, which also work while the page itself could not be drawn anew.
 */
export function useQueryString(): { query: URLSearchParams; go: (href: string, replace?: boolean) => void } {
  const params = useSearchParams();
  const go = (href: string, replace = false) => {
    if (replace) window.history.replaceState(null, '', href);
    else window.history.pushState(null, '', href);
  };
  return { query: new URLSearchParams(params.toString()), go };
}
