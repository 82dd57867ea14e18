/** Timers may be a little early, and the database's clock decides: better just after a moment than just before it. */
const SLACK_MS = 10;

/**
 * Milliseconds until the next of these moments is over, so that nothing which is due waits for the next regular look;
 * null when none lies ahead.
 */
export function untilNext(nowMs: number, moments: readonly (number | null)[]): number | null {
  const ahead = moments.filter((at): at is number => at !== null && at > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead) - nowMs + SLACK_MS;
}
