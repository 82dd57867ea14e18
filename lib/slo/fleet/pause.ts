import { monotonicMs, sleep } from '@/lib/core/time';

/** Nobody who asks meanwhile waits longer than this for work that has time. */
const turnMs = 8;

/** A pause that lets others in when the work since the last one took a while, and costs nothing otherwise. */
export function pauseBetween(): () => Promise<void> {
  let since = monotonicMs();
  return async () => {
    if (monotonicMs() - since < turnMs) return;
    await sleep(0);
    since = monotonicMs();
  };
}
