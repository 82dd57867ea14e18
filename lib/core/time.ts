/**
 * The one door to the clock in code; the other is the SQL function app.now(). Decisions about leases,
 * expiry and holds use the database's clock; this one serves display, ages of readings and time-outs.
 */
export const now = (): Date => new Date();

/** Milliseconds that never go backwards: for holds and time-outs inside one process. */
export const monotonicMs = (): number => performance.now();

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
