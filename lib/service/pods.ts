import type { Placement } from '@/lib/config/service';
import { missing, type Reading } from '@/lib/core/reading';
import type { Deployment, Pod } from '@/lib/sources/kubernetes/schema';
import { type PairNow, type PlacementObjects, pairOf, podsOf, servingColours, withAgeOf } from './pair';
import { versionOf } from './version';

/** The objects of one placement as the cluster shows them. */
export type PlaceObjects = {
  /** The Deployments that take the requests: one, or those of both colours while both do, the larger share first. */
  serving: Deployment[];
  /** Pods of those. */
  pods: Pod[];
  /** Both colours, also the idle one; null where there is no pair. */
  pair: PairNow | null;
};
export type VersionCount = { version: string; pods: number; ready: number };

/**
 * The placement's Deployment and the pods of its ReplicaSets. With a pair it is the Deployment of the colour that
 * takes the requests; the idle one is neither missing nor a second version. While the router cannot be read nobody
 * knows which one that is, and the answer is missing. The worst of the readings gives age and reason.
 */
export function placeObjects(placement: Placement, objects: PlacementObjects): Reading<PlaceObjects> {
  const pair = pairOf(placement, objects);
  if (pair === null) return singleObjects(placement, objects);
  if (pair.state === 'missing') return pair;
  const { unknown } = pair.value;
  if (unknown !== null) return unknown;
  const colours = servingColours(pair.value);
  const serving = colours.flatMap(({ deployment }) => deployment ?? []);
  const gone = colours.find(({ deployment }) => deployment === null);
  if (gone !== undefined) return noDeployment(placement, gone.name);
  return { ...pair, value: { serving, pods: colours.flatMap(({ pods }) => pods), pair: pair.value } };
}

function singleObjects(
  placement: Placement,
  { deployments, sets, pods }: PlacementObjects,
): Reading<PlaceObjects> {
  if (deployments.state === 'missing') return deployments;
  if (sets.state === 'missing') return sets;
  if (pods.state === 'missing') return pods;
  const deployment = deployments.value.find(({ name }) => name === placement.deployment);
  if (deployment === undefined) return noDeployment(placement, placement.deployment);
  return withAgeOf([deployments, sets, pods], () => ({
    serving: [deployment],
    pods: podsOf(deployment, sets.value, pods.value),
    pair: null,
  }));
}

const noDeployment = ({ namespace, cluster }: Placement, name: string): Reading<never> =>
  missing('no-series', `Namespace ${namespace} of cluster ${cluster} has no Deployment ${name}.`);

/** Pods that shall run, are new and are ready, over all Deployments that take requests. */
export const podTotals = ({
  serving,
}: Pick<PlaceObjects, 'serving'>): { desired: number; updated: number; ready: number } => ({
  desired: serving.reduce((sum, { desired }) => sum + desired, 0),
  updated: serving.reduce((sum, { updated }) => sum + updated, 0),
  ready: serving.reduce((sum, { ready }) => sum + ready, 0),
});

/** A pod that serves or may come to serve: finished and terminating ones are not counted. */
export const isLive = (pod: Pod): boolean =>
  !pod.terminating && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';

/** Pods and ready pods by version, the most pods first. */
export function versionCounts(pods: readonly Pod[], container: string): VersionCount[] {
  const counts = new Map<string, VersionCount>();
  for (const pod of pods.filter(isLive)) {
    const version = versionOf(pod.containers, container);
    const count = counts.get(version) ?? { version, pods: 0, ready: 0 };
    counts.set(version, { version, pods: count.pods + 1, ready: count.ready + Number(pod.ready) });
  }
  return [...counts.values()].sort((a, b) => b.pods - a.pods || a.version.localeCompare(b.version));
}

/**
 * True while the Deployment is moving. The Progressing condition lies in both directions for a moment after a
 * patch, so the counts decide, and only once the controller has seen the newest generation.
 */
export const isRollingOut = (deployment: Deployment): boolean =>
  deployment.observedGeneration < deployment.generation ||
  deployment.updated < deployment.desired ||
  deployment.replicas > deployment.updated ||
  deployment.available < deployment.updated;

/** A rollout that the cluster gave up on; only believed once the controller has seen the newest generation. */
export const isStuck = (deployment: Deployment): boolean =>
  deployment.observedGeneration >= deployment.generation &&
  deployment.conditions.some(
    ({ type, status, reason }) =>
      type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded',
  );
