import { compareFence, type Fence } from '@/lib/actuators/kubernetes/fence';

export type Recovery = 'lost' | 'adopt' | 'reissue' | 'supersede' | 'drift';

/**
 * What to do about a write whose outcome nobody recorded (change-engine.md 2.2, 7): it was done (adopt), it was
 * not (write it again under the new epoch), or somebody else wrote. On the way back only `restore` is written
 * again; other writes are superseded. `isDesired` and `isBefore`: the live object is what the write would make, or
 * what it was before.
 */
export function recoveryOf(
  intent: { verb: string; epoch: number },
  live: { fence: Fence | null; isDesired: boolean; isBefore: boolean },
  ours: Fence,
  backingOut: boolean,
): Recovery {
  const fence = compareFence(live.fence, ours);
  if (fence === 'newer') return 'lost';
  // An equal object under a fence older than the intent was not written by it: an earlier write left it so.
  const written = fence === 'ours' && (live.fence?.epoch ?? 0) >= intent.epoch;
  if (written && live.isDesired) return 'adopt';
  if (backingOut && intent.verb !== 'restore') return 'supersede';
  return live.isBefore ? 'reissue' : 'drift';
}
