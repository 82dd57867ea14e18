import { otherColour } from '@/lib/config/colours';
import type { BackStep, Fields, Stepwise } from './contract';
import type { ObjectFact } from './facts';
import { sharesFor, sharesOf, withShares } from './router';

/**
 * Percent of the requests that so many ready pods of the old version carry: their part of the pods that carry all, in
 * whole percents and never more than it has in the end (change-engine.md 2.3; fault 26).
 */
export const carriedBy = ({ need, percent }: Stepwise, ready: number): number =>
  Math.min(percent, Math.floor((100 * ready) / need));

/** Percent that the old version gets now; null: the router does not say. */
export function shareNow({ pair, colour }: Stepwise, router: Pick<ObjectFact, 'live'>): number | null {
  return sharesOf(pair, router.live)?.[colour] ?? null;
}

export type Eased = { percent: number; fields: Fields };

/**
 * The next part of the requests for the old version, with the routes as they were before but for their weights; null
 * while its pods carry no more than it has already. It only rises: what has gone back stays there. Neither does the new
 * version gain by it: what it did not have stays with the baseline.
 */
export function easeBack(step: BackStep, router: ObjectFact, ready: number): Eased | null {
  if (step.do !== 'write' || step.stepwise === undefined) return null;
  const { stepwise } = step;
  const { pair, colour } = stepwise;
  const now = sharesOf(pair, router.live);
  const percent = carriedBy(stepwise, ready);
  if (now === null || percent <= now[colour] || percent >= stepwise.percent) return null;
  const shares = sharesFor(colour, percent);
  const other = otherColour(colour);
  const kept = (now.baseline ?? 0) > 0 ? Math.min(shares[other], Math.ceil(now[other])) : shares[other];
  const baseline = shares[other] - kept;
  const eased = baseline === 0 ? shares : { ...shares, [other]: kept, baseline };
  return { percent, fields: withShares(pair, router.object.baseline, eased, null) };
}
