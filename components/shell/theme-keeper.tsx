'use client';

import { useLayoutEffect } from 'react';

/**
 * A page that the server could not draw comes without the script that sets the theme before the first paint: it is
 * drawn in the browser alone, dark for everybody. Pages that can come so set it themselves, once: Next loads this with
 * every page, so it is kept small.
 */
export function ThemeKeeper() {
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (dataset['choice'] === 'system' && matchMedia('(prefers-color-scheme: light)').matches)
      dataset['theme'] = 'light';
  }, []);
  return null;
}
