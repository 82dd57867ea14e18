import { regionOf, stepsBeforeWatch } from './schedule';
import type { Staged } from './staged-plan';

type Step = { n: number; state: string };

/** The step at which a change stands, or at which it turned round. */
function currentOf(steps: readonly Step[]): number {
  const at =
    steps.find(({ state }) => state === 'running' || state === 'failed') ??
    steps.find(({ state }) => state !== 'done' && state !== 'skipped');
  return at?.n ?? steps.length + 1;
}

/** All steps of a region are done while later ones run; from the last look at all regions on none is finished. */
function isFinished(staged: Staged, steps: readonly Step[], region: string): boolean {
  const current = currentOf(steps);
  const own = stepsBeforeWatch(staged.steps);
  const last = own.findLastIndex((step) => regionOf(staged, step) === region);
  return current <= own.length && last >= 0 && current > last + 1;
}

/**
 * Regions that keep the new version when the others go back, as the plan says; `failedIn`: those whose failure sent the
 * change back are none of them. By the plan and the steps: the worker decides from what it sees (decide-back.ts).
 */
export function keptRegions(
  staged: Staged,
  steps: readonly Step[],
  failedIn: readonly string[] = [],
): string[] {
  if (staged.onFailure !== 'keep-finished') return [];
  return staged.regions.filter((region) => !failedIn.includes(region) && isFinished(staged, steps, region));
}
