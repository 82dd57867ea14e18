'use client';

import { useEffect, useReducer } from 'react';
import { connectLive } from '@/lib/live/client';
import type { LogLine } from '@/lib/logs/contract';
import { mostLines } from './merge-tail';

export type TailState = {
  mode: 'off' | 'live' | 'paused';
  /** Lines that are shown, oldest first. */
  shown: LogLine[];
  /** Lines that came while paused. */
  waiting: LogLine[];
  /** Lines that could not be carried to this browser. */
  dropped: number;
  ended: string | null;
};

export type TailAct =
  | { type: 'start' | 'pause' | 'resume' | 'stop' }
  | { type: 'lines'; lines: LogLine[]; dropped: number }
  | { type: 'ended'; message: string };

export const noTail: TailState = { mode: 'off', shown: [], waiting: [], dropped: 0, ended: null };

/** What a tail does; pure, so that its tests need no stream. */
export function tailReducer(state: TailState, act: TailAct): TailState {
  switch (act.type) {
    case 'start':
      return { ...noTail, mode: 'live' };
    case 'stop':
      return noTail;
    case 'pause':
      return state.mode === 'live' ? { ...state, mode: 'paused' } : state;
    case 'resume':
      return {
        ...state,
        mode: 'live',
        shown: [...state.shown, ...state.waiting].slice(-mostLines),
        waiting: [],
      };
    case 'ended':
      return { ...state, ended: act.message };
    case 'lines': {
      if (state.mode === 'off') return state;
      const dropped = state.dropped + act.dropped;
      if (state.mode === 'paused')
        return {
          ...state,
          dropped,
          ended: null,
          waiting: [...state.waiting, ...act.lines].slice(-mostLines),
        };
      return { ...state, dropped, ended: null, shown: [...state.shown, ...act.lines].slice(-mostLines) };
    }
  }
}

/** Follows a query over the browser's one event stream while it is on. */
export function useTail(query: string | null): [TailState, (act: TailAct) => void] {
  const [state, act] = useReducer(tailReducer, noTail);
  const on = state.mode !== 'off';
  // External system: the event stream. Pausing keeps the tail, so that what came meanwhile can be counted.
  useEffect(() => {
    if (!on || query === null) return;
    return connectLive().addTail(query, {
      onLines: (lines, dropped) => act({ type: 'lines', lines, dropped }),
      onEnd: (message) => act({ type: 'ended', message }),
    });
  }, [on, query]);
  return [state, act];
}
