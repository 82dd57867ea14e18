import { type Answer, text } from './http';

/**
 * `/ready`: each ring member waits, and its clock starts at the first call that finds it, so a server that nobody
 * asks never gets ready. `waitMs` is 15 s upstream.
 */
export function readiness(waitMs: number, now: () => number): () => Answer {
  let firstAt: number | null = null;
  return () => {
    firstAt ??= now();
    const waited = now() - firstAt;
    const sentence = 'not ready: waiting for 15s after being ready\n';
    if (waited < waitMs) return text(503, `Ingester ${sentence}`);
    if (waited < 2 * waitMs) return text(503, `Pattern Ingester ${sentence}`);
    return text(200, 'ready\n');
  };
}
