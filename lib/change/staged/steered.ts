import type { PlannedObject, StagedStep } from './contract';

type Plan = {
  steps: readonly StagedStep[];
  objects: readonly Pick<PlannedObject, 'key' | 'part' | 'region'>[];
  region: string;
  /** The step that runs. */
  n: number;
  startedAtMs: ReadonlyMap<number, number>;
};

/** When each step began, in milliseconds by its number; without those that have not. */
export const startsOf = (
  steps: readonly { n: number; startedAt: Date | null }[],
): ReadonlyMap<number, number> =>
  new Map(
    steps.flatMap(({ n, startedAt }) => (startedAt === null ? [] : [[n, startedAt.getTime()] as const])),
  );

/**
 * When the requests of a region came to the share that they have in step `n`: a router steers with its write; where
 * the pods are the share, they do when they are ready, or when the old ones go. Null: no earlier step did. Figures
 * settle from then on (change-engine.md 2.7), whatever their proof takes.
 */
export function shareBegan({ steps, objects, region, n, startedAtMs }: Plan): number | null {
  const parts = new Map(
    objects.filter((object) => object.region === region).map(({ key, part }) => [key, part]),
  );
  const isRouted = [...parts.values()].includes('router');
  const index = steps.findLastIndex((step, at) => at + 1 < n && bringsShare(step, parts, isRouted));
  return index < 0 ? null : (startedAtMs.get(index + 2) ?? null);
}

/** Once this step is done, the requests of the region have another share than before. */
function bringsShare(
  step: StagedStep,
  parts: ReadonlyMap<string, PlannedObject['part']>,
  isRouted: boolean,
): boolean {
  if (step.do !== 'write' && step.do !== 'ready') return false;
  const part = parts.get(step.object);
  if (isRouted) return step.do === 'write' && part === 'router';
  return step.do === 'ready' ? part === 'new' : part === 'old';
}
