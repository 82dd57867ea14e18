import 'server-only';
import type { z } from 'zod';
import type { Config } from '@/lib/config/schema';
import { mapReading, missing, type Reading } from '@/lib/core/reading';
import { readObjects } from '@/lib/service/clusters';
import type { DeployPlan, RolloutNow } from './contract';
import { versionOf } from './template';

type Rollout = z.output<typeof RolloutNow>;

/** What the web's watch of the cluster shows of the rollout; for people, never for decisions. */
export function viewRollout(config: Config, plan: DeployPlan): Reading<Rollout> {
  const where = { cluster: plan.cluster, namespace: plan.target.namespace };
  const deployments = readObjects(config, where, 'deployments');
  const sets = readObjects(config, where, 'replicasets');
  const pods = readObjects(config, where, 'pods');
  if (sets.state === 'missing') return sets;
  if (pods.state === 'missing') return pods;
  if (deployments.state === 'missing') return deployments;
  const deployment = deployments.value.find(({ name }) => name === plan.target.name);
  if (deployment === undefined) return missing('no-series', 'The Deployment is gone.');
  const owned = new Set(
    sets.value.filter(({ owner }) => owner?.uid === deployment.uid).map(({ uid }) => uid),
  );
  const versionIn = (containers: { name: string; image: string }[]) =>
    versionOf(containers.find(({ name }) => name === plan.target.container)?.image ?? '');
  const wanted = versionIn(deployment.containers);
  const mine = pods.value.filter(
    ({ owner, terminating }) => owner !== null && owned.has(owner.uid) && !terminating,
  );
  const versions = new Map<string, { version: string; pods: number; ready: number }>();
  for (const pod of mine) {
    const version = versionIn(pod.containers);
    const counted = versions.get(version) ?? { version, pods: 0, ready: 0 };
    versions.set(version, { version, pods: counted.pods + 1, ready: counted.ready + (pod.ready ? 1 : 0) });
  }
  return mapReading(pods, () => ({
    desired: deployment.desired,
    updated: deployment.updated,
    ready: deployment.ready,
    available: deployment.available,
    oldPods: mine.filter((pod) => versionIn(pod.containers) !== wanted).length,
    paused: deployment.paused,
    runningVersions: [...versions.values()].sort((left, right) => right.pods - left.pods),
  }));
}
