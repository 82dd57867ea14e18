import { canonicalJson } from '@/lib/audit/canonical';
import type { Config } from '@/lib/config/schema';
import { digestOf, isMovingTag } from '@/lib/core/image';
import type { DeployPlan, DiffLine, RequestPlan } from '../../contract';
import type { GoesBack, PlanGate } from '../../plan/gate-contract';
import { planBase } from '../../plan/plan-base';
import { digestRunning, isHealthy } from '../../rollout';
import { normaliseTemplate, templateKey } from '../../template';
import type { Staged } from '../contract';
import type { Planned } from './steps';
import type { Work } from './work';

export type OuterParts = {
  config: Config;
  input: RequestPlan;
  works: readonly [Work, ...Work[]];
  staged: Staged;
  planned: readonly Planned[];
  diff: DiffLine[];
  gate: PlanGate | null;
  goesBack: GoesBack | null;
};

/**
 * What every plan has, of a staged one: it speaks of the candidate's Deployment in the first region. What runs before
 * and after is by the requests, not by that Deployment alone.
 */
export function outerPlan(parts: OuterParts): DeployPlan {
  const { config, input, works, gate, goesBack } = parts;
  const [work] = works;
  const { region, candidate, need } = work;
  return {
    ...planBase({
      config,
      input,
      target: region.target,
      region: region.region,
      clusterUid: region.clusterUid,
      name: region.pair[candidate].deployment,
      deployment: region.members[candidate].deployment,
      version: work.to.version,
      gate,
      goesBack,
    }),
    strategy: parts.staged.strategy,
    from: fromOf(work),
    to: toOf(work),
    ...(isRedeploy(input, work) ? { redeploy: true as const } : {}),
    ...effectOf(parts),
    replicas: need,
    undo: undoOf(works),
    diff: parts.diff,
    steps: parts.planned.map(({ step, title, usualSeconds, detail }, index) => ({
      n: index + 1,
      kind: step.do,
      title,
      usualSeconds: usualSeconds === null ? null : Math.round(usualSeconds),
      detail,
    })),
    staged: parts.staged,
  };
}

/** Said to be meant, and needed: the version runs already, or its tag is one that moves. */
const isRedeploy = (input: RequestPlan, { from, to }: Work): boolean =>
  input.kind === 'deploy' &&
  input.redeploy === true &&
  (from.version === to.version || isMovingTag(to.version));

const withDigest = (image: string, version: string, digest: string | null) => ({
  version,
  image,
  ...(digest === null ? {} : { digest }),
});

/** What takes the requests before, with what its pods say they run. */
export function fromOf({ region, old, from }: Work): DeployPlan['from'] {
  const runs = digestRunning(region.members[old].live.newPods) ?? undefined;
  return withDigest(from.image, from.version, digestOf({ image: from.image, digest: runs }));
}

/** What is to take them. */
export const toOf = ({ to }: Work): DeployPlan['to'] => withDigest(to.image, to.version, digestOf(to));

/** Of a shift: the part of the requests, in the first region. */
function effectOf({ input, works, staged }: OuterParts): Pick<DeployPlan, 'effect'> {
  if (input.kind !== 'shift') return {};
  const [work] = works;
  const found = staged.shares.find(({ region }) => region === work.region.region);
  const words = (share: number): string => `${Math.round(share * 1000) / 10} %`;
  return {
    effect: { what: 'traffic', from: words(found?.before ?? 0), to: words(found?.after ?? 1) },
  };
}

/**
 * What requests meet after the way back is the old version; what is put back on the candidate's Deployment is its own
 * template, which may be an older one still. Known good only where the old colour is healthy in every region.
 */
function undoOf(works: OuterParts['works']): DeployPlan['undo'] {
  const [work] = works;
  const { members } = work.region;
  const { deployment, replicaSets, live } = members[work.candidate];
  const set = replicaSets.find(({ spec }) => templateKey(spec.template) === live.template);
  return {
    ...fromOf(work),
    replicaSet: set?.metadata.name ?? '',
    replicaSetUid: set?.metadata.uid ?? '',
    template: canonicalJson(normaliseTemplate(deployment.spec.template)),
    replicas: live.replicas,
    isKnownGood: works.every(({ region, old }) => isHealthy(region.members[old].live)),
  };
}
