import { readDeployment, readPods } from '@/lib/actuators/kubernetes/read';
import type { PodObject } from '@/lib/actuators/kubernetes/schema';
import { labelSelector } from '@/lib/change/execute/observe';
import { newVersionRegions, type StoredChange } from '@/lib/change/stored';
import { imageOf, versionOf } from '@/lib/change/template';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import type { WorkerContext } from './job';

/** Pods of a change's new version that restarted since a moment; null when a cluster does not answer. */
export async function restartedSince(
  cluster: WorkerContext['cluster'],
  change: Pick<StoredChange, 'number' | 'plan' | 'state' | 'region' | 'outcome'>,
  since: Date,
): Promise<number | null> {
  const { number, plan } = change;
  const regions = newVersionRegions(change);
  const staged = plan.staged?.objects.filter(
    ({ kind, part, region }) => kind === 'Deployment' && part === 'new' && regions.includes(region),
  );
  const workloads = staged ?? [{ cluster: plan.cluster, ...plan.target }];
  try {
    const counts = await Promise.all(
      workloads.map(async ({ cluster: id, namespace, name, container = plan.target.container }) => {
        const client = cluster(id);
        const { spec } = await readDeployment(client, { namespace, name });
        const pods = await readPods(client, namespace, labelSelector(spec.selector));
        const isNew = (pod: PodObject) =>
          versionOf(imageOf({ spec: pod.spec }, container) ?? '') === plan.to.version;
        return pods.filter((pod) => isNew(pod) && hasRestarted(pod, since)).length;
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  } catch (error) {
    logger('worker').warn({ change: number, why: messageOf(error) }, 'restarts could not be counted');
    return null;
  }
}

/** By the end of the container before this one: Kubernetes keeps the latest, in whole seconds. */
function hasRestarted(pod: PodObject, since: Date): boolean {
  return pod.status.containerStatuses.some(({ restartCount, state, lastState }) => {
    const ended = lastState.terminated?.finishedAt ?? state.terminated?.finishedAt;
    return (
      restartCount > 0 &&
      ended !== undefined &&
      Date.parse(ended) >= Math.floor(since.getTime() / 1000) * 1000
    );
  });
}
