'use client';

import { useLayoutEffect } from 'react';

/**
 * A page that the server could not draw comes without the script that sets the theme before the first paint: it is
 * drawn in the browser alone, dark for everybody. Pages that can come so set it themselves.
 */
export function ThemeKeeper() {
  useLayoutEffect(() => {
    const light = matchMedia('(prefers-color-scheme: light)');
    const apply = () => {
      const { dataset } = document.documentElement;
      if (dataset['choice'] === 'system') dataset['theme'] = light.matches ? 'light' : 'dark';
    };
    apply();
    light.addEventListener('change', apply);
    return () => light.removeEventListener('change', apply);
  }, []);
  return null;
}
