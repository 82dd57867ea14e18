/** Set once by instrumentation.ts; the proxy and the routes are separate module instances of the same process. */
declare global {
  /** The origin that may be shown in a frame: that of notice.embed. */
  var signalboxFrameOrigin: string | undefined;
  var signalboxShutdown: AbortController | undefined;
}

/**
 * Aborts when the process is told to end. Every stream ends itself on it: an open one would hold the exit back
 * until its client leaves.
 */
export function shutdownSignal(): AbortSignal {
  globalThis.signalboxShutdown ??= new AbortController();
  return globalThis.signalboxShutdown.signal;
}

/** Tells every stream that the process ends. */
export function beginShutdown(): void {
  shutdownSignal();
  globalThis.signalboxShutdown?.abort();
}
