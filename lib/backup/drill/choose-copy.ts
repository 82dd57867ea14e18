import { createHash } from 'node:crypto';

/** `isMonthly`: retention keeps it for its month. */
export type Candidate = { id: string; isMonthly: boolean };

/** 0 up to 1, the same for the same seed: whoever knows the seed can say which copy it had to be. */
export function fractionOf(seed: string): number {
  return createHash('sha256').update(seed).digest().readUIntBE(0, 6) / 2 ** 48;
}

const byId = (a: Candidate, b: Candidate): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * A copy at random, each as likely as the others, since an old one that nobody ever looks at rots unseen. Where a
 * monthly one is wanted and there is one, one of those. Null: there is nothing to choose from.
 */
export function chooseCopy(
  candidates: readonly Candidate[],
  { wantsMonthly, seed }: { wantsMonthly: boolean; seed: string },
): Candidate | null {
  const monthly = candidates.filter(({ isMonthly }) => isMonthly);
  // The order in which they were read decides nothing.
  const pool = (wantsMonthly && monthly.length > 0 ? monthly : candidates).toSorted(byId);
  return pool[Math.floor(fractionOf(seed) * pool.length)] ?? null;
}

/** `2026-Q4`, by the clocks of a zone. */
export function quarterOf(zone: string, at: Date): string {
  const date = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
  return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
}

/** Whether this quarter still lacks a drill of a monthly copy. */
export const lacksMonthly = (monthlyDrills: readonly Date[], zone: string, now: Date): boolean =>
  monthlyDrills.every((at) => quarterOf(zone, at) !== quarterOf(zone, now));
