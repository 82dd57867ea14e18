import { diffLines } from '../plan/diff';
import type { DiffLine } from '../plan-contract';
import { wantedShare } from '../wanted-share';
import type { Fields, PlannedObject } from './contract';
import { regionOf, stepsBeforeWatch } from './schedule';
import type { Staged, StagedPlan } from './staged-plan';

type Step = { n: number; state: string };

/** What an abort does from where the change stands. */
export type AbortNow = {
  /** Regions in which something was written: they go back, the last one first. */
  back: string[];
  /** Regions that were finished and keep the new version, as the plan says. */
  kept: string[];
  /** Requests were sent to the new version, so that they have to be sent back. */
  reroutes: boolean;
  /** Objects that go back, with what they are now and what they become again. */
  objects: { object: PlannedObject; lines: DiffLine[] }[];
};

const isBegun = ({ state }: Step): boolean => state === 'done' || state === 'running';

/** All steps of a region are done while later ones run; from the last look at all regions on none is finished. */
function isFinished(staged: Staged, steps: readonly Step[], region: string): boolean {
  const current = steps.find(({ state }) => state !== 'done' && state !== 'skipped')?.n ?? steps.length + 1;
  const own = stepsBeforeWatch(staged.steps);
  const last = own.findLastIndex((step) => regionOf(staged, step) === region);
  return current <= own.length && last >= 0 && current > last + 1;
}

/** By the plan and the steps so far; the worker decides from what the clusters show (decide-back.ts). */
export function abortNow({ staged, to }: StagedPlan, steps: readonly Step[]): AbortNow {
  const written = new Map<string, Fields>();
  for (const step of steps.filter(isBegun)) {
    const write = staged.steps[step.n - 1];
    if (write?.do === 'write') written.set(write.object, { ...written.get(write.object), ...write.set });
  }
  const kept = staged.regions.filter(
    (region) => staged.onFailure === 'keep-finished' && isFinished(staged, steps, region),
  );
  const objects = staged.objects.flatMap((object) => {
    const now = written.get(object.key);
    if (now === undefined || (kept.includes(object.region) && object.part !== 'autoscaler')) return [];
    return [{ object, lines: linesOf(staged, steps, object, now, to.version) }];
  });
  const back = staged.regions.filter(
    (region) => !kept.includes(region) && objects.some(({ object }) => object.region === region),
  );
  return {
    back: back.toReversed(),
    kept,
    reroutes: objects.some(({ object }) => object.part === 'router'),
    objects,
  };
}

function linesOf(
  staged: Staged,
  steps: readonly Step[],
  object: PlannedObject,
  now: Fields,
  version: string,
): DiffLine[] {
  // Rules of a router are long lists of which only the weights change: those are what people decide by.
  if (object.part === 'router') {
    const share = (backingOut: boolean) => percent(wantedShare(staged, { backingOut }, steps, object.region));
    return [{ path: `requests to ${version}`, before: share(false), after: share(true) }];
  }
  const members = Object.keys(now);
  const before = Object.entries(object.baseline).filter(([member]) => members.includes(member));
  return diffLines(now, Object.fromEntries(before), object.kind === 'ConfigMap' ? 'data' : 'spec');
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
