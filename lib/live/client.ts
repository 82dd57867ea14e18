import { api } from '@/lib/core/paths';
import type { LiveEvent } from './contract';
import type { LiveState } from './mesh';
import { type LinesListener, LiveTab, type TabWorld, type TailHandlers } from './tab';

export type { LiveState } from './mesh';

export type Live = {
  /** Hears every event of the stream but log lines; the answer ends it. */
  subscribe: (listener: (event: LiveEvent) => void) => () => void;
  /**
   * Follows a LogQL query; the answer ends it. After `onEnd` a wrong query stays ended, while a Loki that went
   * away sends lines again when it is back.
   */
  addTail: (query: string, handlers: LinesListener | TailHandlers) => () => void;
  /** While it is not `open`, pages go on by polling. */
  readonly state: LiveState;
  onState: (listener: (state: LiveState) => void) => () => void;
};

const channelName = 'signalbox-live';

function streamUrl(tails: readonly { id: string; query: string }[]): string {
  if (tails.length === 0) return api.live();
  return `${api.live()}?${new URLSearchParams({ tails: JSON.stringify(tails) }).toString()}`;
}

function openSource(tails: readonly { id: string; query: string }[]) {
  const source = new EventSource(streamUrl(tails));
  const stream: ReturnType<TabWorld['open']> = {
    onopen: null,
    onmessage: null,
    onerror: null,
    get readyState() {
      return source.readyState;
    },
    close: () => source.close(),
  };
  source.onmessage = (message) => stream.onmessage?.({ data: String(message.data) });
  source.onerror = () => stream.onerror?.();
  return stream;
}

/** Web Locks need a secure page; without them each tab holds a stream of its own, within the server's limit. */
function elect(lead: () => Promise<void>, signal: AbortSignal): void {
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) {
    void lead();
    return;
  }
  locks.request(channelName, { signal }, lead).catch(() => {
    // The tab was closed while it waited for the lock.
  });
}

/** A channel that reaches nobody, for a page whose tabs cannot agree on a leader. */
const lonely = (): TabWorld['channel'] => ({ onmessage: null, postMessage: () => {}, close: () => {} });

function join(): LiveTab {
  const alone = navigator.locks === undefined;
  const id = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join('');
  const broadcast = alone ? null : new BroadcastChannel(channelName);
  const channel: TabWorld['channel'] =
    broadcast === null
      ? lonely()
      : {
          onmessage: null,
          postMessage: (message) => broadcast.postMessage(message),
          close: () => broadcast.close(),
        };
  broadcast?.addEventListener('message', ({ data }) => channel.onmessage?.({ data }));
  return new LiveTab(id, {
    channel,
    elect,
    open: openSource,
    isVisible: () => document.visibilityState === 'visible',
    now: () => performance.now(),
  });
}

let tab: LiveTab | undefined;

function current(): LiveTab {
  if (tab !== undefined) return tab;
  tab = join();
  document.addEventListener('visibilitychange', () => tab?.announce());
  // A page that is kept for the back button must give the lock to the others.
  window.addEventListener('pagehide', () => tab?.close());
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) window.location.reload();
  });
  return tab;
}

/** The browser's one event stream, shared by its tabs. Call it in the browser only. */
export function connectLive(): Live {
  const joined = current();
  return {
    subscribe: (listener) => joined.subscribe(listener),
    addTail: (query, handlers) =>
      joined.addTail(query, typeof handlers === 'function' ? { onLines: handlers } : handlers),
    get state() {
      return joined.state;
    },
    onState: (listener) => joined.onState(listener),
  };
}
