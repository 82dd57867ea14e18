/** `signalbox.dev/fence: <change>/<epoch>` on the object's own metadata: on the pod template it would roll pods. */
export const FENCE_ANNOTATION = 'signalbox.dev/fence';

export type Fence = { change: number; epoch: number };

export const writeFence = ({ change, epoch }: Fence): string => `c-${change}/${epoch}`;

/** Null for an absent or unreadable fence. */
export function readFence(annotations: Record<string, string>): Fence | null {
  const match = /^c-(\d+)\/(\d+)$/.exec(annotations[FENCE_ANNOTATION] ?? '');
  return match?.[1] === undefined || match[2] === undefined
    ? null
    : { change: Number(match[1]), epoch: Number(match[2]) };
}

/** `newer`: a later claim of the same change has written. `foreign`: another change wrote last. */
export function compareFence(live: Fence | null, ours: Fence): 'free' | 'ours' | 'newer' | 'foreign' {
  if (live === null) return 'free';
  if (live.change !== ours.change) return 'foreign';
  return live.epoch > ours.epoch ? 'newer' : 'ours';
}
