import { changeId } from '@/lib/core/ids';
import { isSameImage, type KnownImage } from '@/lib/core/image';
import type { DeployPlan } from '../contract';
import type { GoesBack } from './gate-contract';

/** A change that succeeded at a place: what it wrote over what, and whether it went back itself. */
export type Past = { number: number; plan: Pick<DeployPlan, 'from' | 'to' | 'goesBack'> };

export type Wanted = KnownImage & {
  version: string;
  running: string;
  /** Digest of what runs, where the cluster says it. */
  runs?: string | undefined;
  undo: KnownImage;
};

/** A shift may move the requests in several changes: together they are one way, undone as one. */
const isFurther = ({ plan }: Past, last: Past | undefined): boolean =>
  plan.goesBack === undefined &&
  last !== undefined &&
  isSameImage(plan.from, last.plan.from) &&
  isSameImage(plan.to, last.plan.to);

/**
 * Whether a change puts back what ran before, so that no error budget holds it up; null when it brings something
 * else. It does when its image is the last known good one while another runs, or one that the recorded changes
 * replaced on the way to what runs now. `past`: succeeded changes of the place, oldest first. What was undone once
 * is not "before" any more: putting it out again is a risk as it was the first time. Images are compared by repository and tag, and by digest
 * where both are known: a tag that was moved since stands for something that never ran.
 */
export function goingBack(past: readonly Past[], wanted: Wanted): GoesBack | null {
  const { version, undo } = wanted;
  const running: KnownImage = { image: wanted.running, digest: wanted.runs };
  if (isSameImage(wanted, running)) return null;
  const way: Past[] = [];
  for (const one of past) {
    const { goesBack } = one.plan;
    if (isFurther(one, way.at(-1))) continue;
    if (goesBack === undefined) way.push(one);
    else {
      const undone = way.findIndex(({ number }) => changeId(number) === goesBack.reverts);
      if (undone >= 0) way.length = undone;
    }
  }
  let expected = running;
  for (const { number, plan } of way.toReversed()) {
    // Somebody else wrote in between: what ran before that is not known from here.
    if (!isSameImage(plan.to, expected)) break;
    if (isSameImage(plan.from, wanted)) {
      const id = changeId(number);
      return { reverts: id, sentence: `Puts back ${version}, which ${id} replaced.` };
    }
    expected = plan.from;
  }
  return isSameImage(undo, wanted)
    ? { reverts: null, sentence: `Puts back ${version}, the last version known to be good.` }
    : null;
}
