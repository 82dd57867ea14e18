import type { TierState } from './contract';
import type { LookVerdict } from './judge-look';

/** Bad looks in a row before the end of a tier that are no chance blip. */
const badInRow = 2;
/** Cadences that an unreadable end is tried again for. */
const triesAtEnd = 3;

/**
 * What a tier is after a look: regressed on the second bad look in a row, or on a bad one at its end; good on a good
 * one at its end; unclear when its end could not be judged for three more cadences.
 */
export function afterLook(
  verdict: LookVerdict,
  before: { badLooks: number },
  at: { elapsed: number; ends: number; cadence: number },
): { state: TierState; badLooks: number } {
  const badLooks = verdict === 'bad' ? before.badLooks + 1 : verdict === 'good' ? 0 : before.badLooks;
  const isOver = at.elapsed >= at.ends;
  const say = (state: TierState) => ({ state, badLooks });
  if (verdict === 'bad') return say(isOver || badLooks >= badInRow ? 'regressed' : 'open');
  if (!isOver) return say('open');
  if (verdict === 'good') return say('good');
  return say(at.elapsed >= at.ends + triesAtEnd * at.cadence ? 'unclear' : 'open');
}
