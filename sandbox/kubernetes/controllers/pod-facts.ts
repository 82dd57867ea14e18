import type { KubeObject } from '../store';
import { conditionOf, listAt, numberAt, objectAt, textAt, timeOf } from './read';

export const isTerminating = (pod: KubeObject): boolean => pod.metadata.deletionTimestamp !== undefined;

/** All containers have ended for good. */
export function isFinished(pod: KubeObject): boolean {
  const phase = textAt(pod, 'status', 'phase');
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Counts as a replica: neither ended nor on its way out. */
export const isActive = (pod: KubeObject): boolean => !isFinished(pod) && !isTerminating(pod);

export const isReady = (pod: KubeObject): boolean => conditionOf(pod, 'Ready')?.['status'] === 'True';

/** Since when the pod is ready, in milliseconds; NaN when it is not. */
const readySince = (pod: KubeObject): number =>
  isReady(pod) ? timeOf(conditionOf(pod, 'Ready')?.['lastTransitionTime']) : Number.NaN;

/** When the pod has been ready for long enough, in milliseconds; NaN when it is not ready. */
export const availableAt = (pod: KubeObject, minReadySeconds: number): number =>
  readySince(pod) + minReadySeconds * 1000;

export function restartsOf(pod: KubeObject): number {
  return Math.max(
    0,
    ...listAt(pod, 'status', 'containerStatuses').map((status) => numberAt(status, 'restartCount') ?? 0),
  );
}

const PHASE_RANK: { [phase: string]: number } = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Which pod goes first when a ReplicaSet shrinks, as upstream's ActivePodsWithRanks: unassigned, pending,
 * not ready, cheaper to delete, on a crowded node, ready for a shorter time, restarted more, newer.
 */
export function deletionOrder(pods: readonly KubeObject[]): KubeObject[] {
  const perNode = new Map<string, number>();
  const nodeOf = (pod: KubeObject) => textAt(pod, 'spec', 'nodeName') ?? '';
  for (const pod of pods) perNode.set(nodeOf(pod), (perNode.get(nodeOf(pod)) ?? 0) + 1);
  const ranks = (pod: KubeObject): number[] => [
    nodeOf(pod) === '' ? 0 : 1,
    PHASE_RANK[textAt(pod, 'status', 'phase') ?? ''] ?? 1,
    isReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0,
    -(perNode.get(nodeOf(pod)) ?? 0),
    -(readySince(pod) || 0),
    -restartsOf(pod),
    -Date.parse(pod.metadata.creationTimestamp),
  ];
  const keyed = pods.map((pod) => ({ pod, ranks: ranks(pod) }));
  keyed.sort((a, b) => {
    for (const [index, rank] of a.ranks.entries()) {
      const difference = rank - (b.ranks[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return a.pod.metadata.name.localeCompare(b.pod.metadata.name);
  });
  return keyed.map(({ pod }) => pod);
}

/** Quality of service class from requests and limits of all containers. */
export function qosClass(containers: readonly unknown[]): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const resources = containers.map((container) => objectAt(container, 'resources'));
  const any = resources.some(
    (r) => Object.keys({ ...objectAt(r, 'limits'), ...objectAt(r, 'requests') }).length > 0,
  );
  if (!any) return 'BestEffort';
  const guaranteed = resources.every((r) =>
    ['cpu', 'memory'].every((name) => {
      const limit = textAt(r, 'limits', name);
      return limit !== undefined && (textAt(r, 'requests', name) ?? limit) === limit;
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
