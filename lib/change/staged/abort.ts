import { diffLines } from '../plan/diff';
import type { DiffLine } from '../plan-contract';
import { wantedShare } from '../wanted-share';
import type { Fields, PlannedObject } from './contract';
import { keptRegions } from './kept';
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
  /** Regions whose requests are refused for the migration, and are answered again then. */
  refused: string[];
  /** Regions in which new pods stop. */
  pods: string[];
  /** Objects that go back, with what they are now and what they become again. */
  objects: { object: PlannedObject; lines: DiffLine[] }[];
};

const isBegun = ({ state }: Step): boolean => state === 'done' || state === 'running';

/**
 * By the plan and the steps so far; the worker decides from what the clusters show (decide-back.ts). `shown`: the part
 * of the requests that the new version of a region has by its router now, whoever wrote that.
 */
export function abortNow(
  { staged, to }: StagedPlan,
  steps: readonly Step[],
  shown: ReadonlyMap<string, number> = new Map(),
): AbortNow {
  const written = new Map<string, Fields>();
  for (const step of steps.filter(isBegun)) {
    const write = staged.steps[step.n - 1];
    if (write?.do === 'write') written.set(write.object, { ...written.get(write.object), ...write.set });
  }
  const kept = keptRegions(staged, steps);
  const objects = staged.objects.flatMap((object) => {
    const now = written.get(object.key);
    if (now === undefined || (kept.includes(object.region) && object.part !== 'autoscaler')) return [];
    return [{ object, lines: linesOf({ staged, steps, shown, object, now, version: to.version }) }];
  });
  const back = staged.regions.filter(
    (region) => !kept.includes(region) && objects.some(({ object }) => object.region === region),
  );
  return {
    back: back.toReversed(),
    kept,
    reroutes: objects.some(({ object }) => object.part === 'router'),
    refused: regionsWith('maintenance', objects),
    pods: regionsWith('new', objects),
    objects,
  };
}

const regionsWith = (part: PlannedObject['part'], objects: AbortNow['objects']): string[] =>
  objects.flatMap(({ object, lines }) => (object.part === part && lines.length > 0 ? [object.region] : []));

type Going = {
  staged: Staged;
  steps: readonly Step[];
  shown: ReadonlyMap<string, number>;
  object: PlannedObject;
  now: Fields;
  version: string;
};

function linesOf({ staged, steps, shown, object, now, version }: Going): DiffLine[] {
  // Rules of a router are long lists of which only the weights change: those are what people decide by.
  if (object.part === 'router') {
    const share = (backingOut: boolean) => percent(wantedShare(staged, { backingOut }, steps, object.region));
    const live = shown.get(object.region);
    const before = live === undefined ? share(false) : percent(live);
    return [{ path: `requests to ${version}`, before, after: share(true) }];
  }
  const members = Object.keys(now);
  const before = Object.entries(object.baseline).filter(([member]) => members.includes(member));
  return diffLines(now, Object.fromEntries(before), object.kind === 'ConfigMap' ? 'data' : 'spec');
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
