'use client';

import { createContext } from 'react';
import type { Zone } from './preferences';

/** UTC or the browser's zone, for every time on every page. */
export const ZoneChoice = createContext<{ zone: Zone; setZone: (zone: Zone) => void }>({
  zone: 'utc',
  setZone: () => undefined,
});
