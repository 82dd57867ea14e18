const DAY_SECONDS = 86_400;

/**
 * Load around its mean (1.0): a daily wave of 20 % that peaks at 14:00 UTC and weekends 10 % lower, so
 * that it stays within 30 % of the mean.
 */
export function rhythm(atMs: number): number {
  const seconds = atMs / 1000;
  const dayPart = (seconds % DAY_SECONDS) / DAY_SECONDS;
  const daily = 0.2 * Math.cos(2 * Math.PI * (dayPart - 14 / 24));
  const weekday = new Date(atMs).getUTCDay();
  const weekend = weekday === 0 || weekday === 6 ? -0.1 : 0.04;
  return 1 + daily + weekend;
}
