import { podsWord } from '../../words';
import type { BackStep, Fields, PlannedObject } from '../contract';
import { keyOf, placeOf } from './objects';
import type { Planned } from './planned';
import type { Autoscaler } from './read-region';
import type { Work } from './work';

/** The autoscaler of the old version, the fewest pods that it leaves, and how many it is to leave for the time of the change. */
export type Held = { scaler: Autoscaler; fewest: number; pods: number };

/**
 * What would take pods from the old version as soon as its requests go away, when the way back needs them all
 * (change-engine.md 2.3; fault 26). Null where nothing does, and where the share is that of the pods: there the old
 * ones are stopped by the plan itself.
 */
export function heldIn({ region, old }: Work): Held | null {
  const scaler = region.autoscalers[old];
  const pods = region.members[old].live.replicas;
  if (scaler === null || region.router === null || scaler.spec.minReplicas >= pods) return null;
  return { scaler, fewest: scaler.spec.minReplicas, pods };
}

const keyIn = ({ region }: Work, { scaler }: Held): string =>
  keyOf(region, 'HorizontalPodAutoscaler', scaler.metadata.name);

/** Around the steps of the plan: held before the first step of a region, let go after the watch. */
export function withHeldPods(works: readonly Work[], steps: readonly Planned[]): Planned[] {
  const held = works.flatMap((work) => {
    const one = heldIn(work);
    return one === null ? [] : [{ work, one }];
  });
  const begun = new Set<Work>();
  const forth = steps.flatMap((planned) => {
    const first = held.find(({ work }) => !begun.has(work) && isIn(work, planned));
    if (first === undefined) return [planned];
    begun.add(first.work);
    return [hold(first.work, first.one), planned];
  });
  return [...forth, ...held.map(({ work, one }) => letGo(work, one))];
}

function isIn({ region }: Work, { step }: Planned): boolean {
  if ('region' in step) return step.region === region.region;
  const { cluster, namespace } = region.target.placement;
  return 'object' in step && step.object.startsWith(`${cluster}/`) && step.object.includes(`/${namespace}/`);
}

const write = (work: Work, held: Held, set: Fields, title: string, detail: string): Planned => ({
  step: { do: 'write', object: keyIn(work, held), set },
  title: `${work.region.region}: ${title}`,
  usualSeconds: 2,
  detail,
});

const hold = (work: Work, held: Held): Planned =>
  write(
    work,
    held,
    { minReplicas: held.pods },
    `keep the ${podsWord(held.pods)} of ${work.from.version} on ${work.old}`,
    `Its autoscaler ${held.scaler.metadata.name} would take pods away as requests go; the way back needs them. Its fewest are ${held.pods} instead of ${held.fewest} until the watch is over.`,
  );

const letGo = (work: Work, held: Held): Planned =>
  write(
    work,
    held,
    { minReplicas: held.fewest },
    `leave the pods of ${work.from.version} on ${work.old} to their autoscaler again`,
    `The fewest pods of ${held.scaler.metadata.name} are ${held.fewest} again.`,
  );

/** The last of the way back: the pods are needed until the requests are theirs again, and are then the autoscaler's. */
export function lettingGo(work: Work): BackStep[] {
  const held = heldIn(work);
  if (held === null) return [];
  const title = `${work.region.region}: leave the pods of ${work.from.version} on ${work.old} to their autoscaler again`;
  return [{ do: 'write', object: keyIn(work, held), title }];
}

export function scalerObjects(work: Work): PlannedObject[] {
  const held = heldIn(work);
  if (held === null) return [];
  const { name, uid } = held.scaler.metadata;
  return [
    {
      key: keyIn(work, held),
      part: 'autoscaler',
      ...placeOf(work),
      kind: 'HorizontalPodAutoscaler',
      name,
      uid,
      baseline: { minReplicas: held.fewest },
    },
  ];
}
