const DAY_MS = 86_400_000;

/** One working day later (APR-05, change-engine.md 2.10): Saturdays and Sundays, by UTC, do not count. */
export function reviewDue(at: Date): Date {
  const due = new Date(at.getTime() + DAY_MS);
  const day = due.getUTCDay();
  return new Date(due.getTime() + (day === 6 ? 2 : day === 0 ? 1 : 0) * DAY_MS);
}
