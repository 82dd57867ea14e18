import 'server-only';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { readClusterUid } from '@/lib/actuators/kubernetes/read';
import { canonicalJson } from '@/lib/audit/canonical';
import type { Config } from '@/lib/config/schema';
import { digestOf } from '@/lib/core/image';
import { observeTarget } from '../../execute/observe';
import type { Target } from '../../plan/find-target';
import { readShares } from '../../plan/live-target';
import { planBase } from '../../plan/plan-base';
import type { DeployPlan } from '../../plan-contract';
import { digestRunning } from '../../rollout';
import { imageOf, normaliseTemplate, templateKey, versionOf } from '../../template';
import type { DataInput } from './find-database';

/** What every plan has, of one for a database: the Deployment of its service as it runs, which stays as it is. */
export type Outer = Omit<DeployPlan, 'steps' | 'effect' | 'data'>;

/** Of a pair: the one that takes more of the requests. It is named and locked, and nothing of it is written. */
async function deploymentOf(client: ClusterClient, { placement }: Target): Promise<string> {
  const { pair } = placement;
  if (pair === undefined) return placement.deployment;
  const shares = await readShares(client, placement, pair);
  return pair[shares !== null && shares.green > shares.blue ? 'green' : 'blue'].deployment;
}

/** Throws ClusterError when the cluster does not answer. */
export async function outerPlan(
  client: ClusterClient,
  config: Config,
  target: Target,
  input: DataInput,
): Promise<Outer> {
  const { namespace, container } = target.placement;
  const name = await deploymentOf(client, target);
  const [observed, clusterUid] = await Promise.all([
    observeTarget(client, { namespace, name, container }),
    readClusterUid(client),
  ]);
  const { deployment, live, replicaSets } = observed;
  const image = imageOf(deployment.spec.template, container) ?? '';
  const digest = digestOf({ image, digest: digestRunning(live.newPods) ?? undefined });
  const runs = { version: versionOf(image), image, ...(digest === null ? {} : { digest }) };
  const set = replicaSets.find(({ spec }) => templateKey(spec.template) === live.template);
  const base = planBase({
    config,
    input,
    target,
    region: input.region,
    clusterUid,
    name,
    deployment,
    version: runs.version,
    gate: null,
    goesBack: null,
  });
  return {
    ...base,
    strategy: 'rolling',
    from: runs,
    to: runs,
    replicas: live.replicas,
    undo: {
      ...runs,
      replicaSet: set?.metadata.name ?? '',
      replicaSetUid: set?.metadata.uid ?? '',
      template: canonicalJson(normaliseTemplate(deployment.spec.template)),
    },
    diff: [],
    guard: { ...base.guard, judges: false },
    // Nothing is watched but a restore: the second step of the others has its own end.
    timing: { ...base.timing, watchSeconds: watchOf(config, input) },
  };
}

/** Seconds in which a restore can still be switched back. */
export function watchOf(
  { databases, timing }: Pick<Config, 'databases' | 'timing'>,
  input: DataInput,
): number {
  if (input.kind !== 'restore') return 0;
  return databases.find(({ id }) => id === input.database)?.restore?.watch ?? timing.watch;
}
