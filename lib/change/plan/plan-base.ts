import type { Config } from '@/lib/config/schema';
import type { DeployPlan, RequestPlan } from '../contract';
import type { Observed } from '../execute/observe';
import { guardQueries } from '../guard/query';
import { baselineHash } from '../template';
import type { Target } from './find-target';
import type { GoesBack, PlanGate } from './gate-contract';

export type BaseParts = {
  config: Config;
  input: RequestPlan;
  target: Target;
  region: string;
  clusterUid: string;
  /** The Deployment that the plan speaks of. */
  name: string;
  deployment: Observed['deployment'];
  /** What is judged by its requests. */
  version: string;
  gate: PlanGate | null;
  goesBack: GoesBack | null;
};

/** Members of a plan that come from the configuration, the place and its Deployment, whatever the change does there. */
export function planBase(parts: BaseParts) {
  const { config, input, target, region, clusterUid, name, deployment, version, gate, goesBack } = parts;
  const { placement, policy, service } = target;
  const { guard, timing } = config;
  const update = deployment.spec.strategy.rollingUpdate;
  const at = { environment: input.environment, region, version };
  return {
    v: 1 as const,
    kind: input.kind,
    service: input.service,
    environment: input.environment,
    region,
    cluster: placement.cluster,
    clusterUid,
    target: {
      apiVersion: 'apps/v1' as const,
      kind: 'Deployment' as const,
      namespace: placement.namespace,
      name,
      uid: deployment.metadata.uid,
      container: placement.container,
    },
    maxSurge: String(update?.maxSurge ?? '25%'),
    maxUnavailable: String(update?.maxUnavailable ?? '25%'),
    minReadySeconds: deployment.spec.minReadySeconds,
    baseline: baselineHash(deployment.spec),
    guard: {
      query: guardQueries(service.metrics, at, guard.window),
      windowSeconds: guard.window,
      intervalSeconds: guard.interval,
      minRequests: guard.minRequests,
      maxErrorRatio: guard.maxErrorRatio,
      graceSeconds: guard.grace,
    },
    timing: {
      watchSeconds: timing.watch,
      rolloutDeadlineSeconds: timing.rolloutDeadline,
      maxHoldSeconds: timing.maxHold,
      queueTtlSeconds: timing.queueTtl,
      signOffTtlSeconds: policy.signOffTtl ?? timing.signOffTtl,
    },
    policy: {
      id: policy.id,
      signOffs: [...policy.signOffs, ...(gate?.signOffs ?? [])],
      reasonMinLength: policy.reasonMinLength,
    },
    ...(gate === null ? {} : { gate }),
    ...(goesBack === null ? {} : { goesBack }),
  } satisfies Partial<DeployPlan>;
}
