import { canonicalJson } from '@/lib/audit/canonical';
import type { Config } from '@/lib/config/schema';
import { formatDuration } from '@/lib/core/duration';
import { digestOf } from '@/lib/core/image';
import type { DeployPlan, DiffLine, PlanStep, RequestPlan } from '../contract';
import type { Observed } from '../execute/observe';
import { percent } from '../guard/verdict';
import { digestRunning } from '../rollout';
import { imageOf, materialOf, versionOf } from '../template';
import { undoWords, whatOf } from '../words';
import type { Target } from './find-target';
import type { GoesBack, PlanGate } from './gate-contract';
import { planBase } from './plan-base';
import type { Wanted } from './wanted';

/** A guess for the first rollout of a workload: start and probes of a pod; `minReadySeconds` comes on top. */
export const POD_START_SECONDS = 8;

export type PlanParts = {
  config: Config;
  input: RequestPlan;
  target: Target;
  observed: Observed;
  clusterUid: string;
  wanted: Wanted;
  undo: DeployPlan['undo'];
  diff: DiffLine[];
  gate: PlanGate | null;
  goesBack: GoesBack | null;
  /** What is changed takes no requests: nothing of it can be judged by them. */
  isIdle: boolean;
  /** Of a rollback to a revision. */
  revision: DeployPlan['revision'] | null;
};

/** The image that the version stands for. */
export const imageFor = ({ service }: Pick<Target, 'service'>, version: string): string =>
  `${service.image}:${version}`;

/**
 * The plan that is hashed and signed: everything that decides what will be done, and of the moment only what the
 * error budget said, since it decides who signs.
 */
export function makePlan(parts: PlanParts): DeployPlan {
  const { config, input, target, observed, wanted, undo, gate, goesBack } = parts;
  const { deployment, live } = observed;
  const { placement } = target;
  const image = imageOf(deployment.spec.template, placement.container) ?? '';
  const runs = digestOf({ image, digest: digestRunning(live.newPods) ?? undefined });
  const base = planBase({
    config,
    input,
    target,
    region: input.region,
    clusterUid: parts.clusterUid,
    name: placement.deployment,
    deployment,
    version: wanted.to.version,
    gate,
    goesBack,
  });
  return {
    ...base,
    strategy: 'rolling',
    from: { version: versionOf(image), image, ...(runs === null ? {} : { digest: runs }) },
    to: wanted.to,
    ...(wanted.redeploy === undefined ? {} : { redeploy: wanted.redeploy }),
    // A deploy replaces the image of the template it finds, unless that is the same and only a mark makes new pods.
    ...(input.kind === 'deploy' && image !== wanted.to.image ? {} : { write: writeOf(wanted) }),
    ...(wanted.effect === undefined ? {} : { effect: wanted.effect }),
    baselineSpec: canonicalJson(materialOf(deployment.spec)),
    replicas: live.replicas,
    undo,
    ...(parts.revision ? { revision: parts.revision } : {}),
    diff: parts.diff,
    steps: stepsOf(parts),
    ...(parts.isIdle ? { guard: { ...base.guard, judges: false } } : {}),
  };
}

const writeOf = ({ template, replicas }: Wanted): NonNullable<DeployPlan['write']> => ({
  ...(template === undefined ? {} : { template: canonicalJson(template) }),
  ...(replicas === undefined ? {} : { replicas }),
});

function stepsOf({ config, input, observed, wanted, undo, isIdle }: PlanParts): PlanStep[] {
  const { replicas } = observed.live;
  const perPod = POD_START_SECONDS + observed.deployment.spec.minReadySeconds;
  const { guard, timing } = config;
  const what = whatOf({ kind: input.kind, from: undo, to: wanted.to, undo, effect: wanted.effect });
  const back = undoWords(what);
  const threshold =
    `more than ${percent(guard.maxErrorRatio)} of ${input.kind === 'deploy' && undo.version !== wanted.to.version ? "the new version's" : `${wanted.to.version}'s`} ` +
    `requests fail (at least ${guard.minRequests} in ${formatDuration(guard.window)})`;
  return [
    {
      n: 1,
      kind: 'patch',
      title: wanted.write,
      usualSeconds: 2,
      detail: 'One write of the Deployment, refused when somebody else has changed it meanwhile.',
    },
    {
      n: 2,
      kind: 'rollout',
      title: wanted.rollout,
      // New pods of a scale start together, those of a rollout one after the other.
      usualSeconds: Math.round(perPod * (wanted.replicas === undefined ? replicas : 1)),
      detail: isIdle
        ? `Goes back to ${back} when the pods do not become ready. No request depends on them.`
        : what.undoIsKnownGood
          ? `Goes back to ${input.kind === 'deploy' ? undo.version : back} when ${threshold}. Pauses without a verdict.` +
            (input.kind === 'scale' ? '' : ' Going back is a rollout too and takes as long.')
          : `Holds when ${threshold}, and waits for a person: ${
              input.kind === 'rollback'
                ? 'a rollback is not undone by itself. Without a verdict it goes on.'
                : 'what runs now is not healthy, so it is nothing to go back to by itself.'
            }`,
    },
    {
      n: 3,
      kind: 'watch',
      title: `Watch ${wanted.to.version} for ${formatDuration(timing.watch)}`,
      usualSeconds: Math.round(timing.watch),
      detail: isIdle
        ? 'Only the pods are watched: it takes no requests, so there is no verdict.'
        : input.kind === 'rollback'
          ? 'Succeeds unjudged, too, when there are no figures.'
          : 'Succeeds only with a passing verdict at the end.',
    },
  ];
}
