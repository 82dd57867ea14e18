import 'server-only';
import { followShort, type Progress } from '../../execute/progress';
import { readyNewPods } from '../../rollout';
import type { Staged } from '../contract';
import type { ObservedAll } from './observe';

/** Each region's own clock of its old pods on the way back: none starts or stops that of another (fault 26). */
export function shortClocks(
  { back, objects: planned }: Staged,
  { objects }: ObservedAll,
  before: Progress['short'],
  nowMs: number,
): NonNullable<Progress['short']> {
  const clocks = back.flatMap((step) => {
    const region = planned.find(({ key }) => key === step.object)?.region;
    if (step.do !== 'ready' || region === undefined) return [];
    const rollout = objects.get(step.object)?.rollout ?? null;
    const ready = rollout === null ? null : readyNewPods(rollout);
    return [[region, followShort(before?.[region], ready, nowMs)] as const];
  });
  return Object.fromEntries(clocks);
}
