'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { connectLive, type LiveState } from './client';
import type { LiveEvent } from './contract';

const watchState = (changed: () => void): (() => void) => connectLive().onState(changed);
const readState = (): LiveState => connectLive().state;
const onServer = (): LiveState => 'connecting';

/** The state of the stream; with a listener, also its events. The listener should be stable. */
export function useLive(listener?: (event: LiveEvent) => void): LiveState {
  // External system: the event stream shared by the tabs of this browser.
  useEffect(() => (listener === undefined ? undefined : connectLive().subscribe(listener)), [listener]);
  return useSyncExternalStore(watchState, readState, onServer);
}
