/**
 * Changes that one person ordered back, that have ended, and that no lead has looked at. `lib/access/view.ts` counts the
 * same in SQL.
 */
export const openReview = {
  reviewDueAt: { not: null },
  reviewedAt: null,
  finishedAt: { not: null },
} as const;
