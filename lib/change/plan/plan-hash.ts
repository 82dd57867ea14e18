import { canonicalHash } from '@/lib/audit/canonical';
import { DeployPlan } from '../contract';
import { dataSentence } from '../data/sentence';
import { stagedSentence } from '../staged/plan/sentence';
import { podsWord, undoWords, whatOf } from '../words';

/** SHA-256 over the canonical JSON of the plan, in hex (RFC 8785; architecture.md 4). */
export const planHash = (plan: DeployPlan): string => canonicalHash(DeployPlan.parse(plan));

/** The effect of a plan in one sentence. */
export function planSentence(plan: DeployPlan, serviceName: string): string {
  const what = whatOf(plan);
  if (plan.staged !== undefined) return stagedSentence(plan, plan.staged, serviceName);
  if (plan.data !== undefined) return dataSentence(plan.data);
  const back = what.undoIsKnownGood
    ? `goes back to ${plan.kind === 'deploy' ? plan.undo.version : undoWords(what)} when the guard fails`
    : plan.kind === 'rollback'
      ? 'is not undone by itself'
      : 'never goes back by itself, since what runs now is not healthy';
  return `${effectOf(plan, `${serviceName} in ${plan.environment}, ${plan.region}`)}, and ${back}.`;
}

function effectOf(plan: DeployPlan, where: string): string {
  const { kind, replicas, from, to, effect, revision } = plan;
  const pods = podsWord(replicas);
  switch (kind) {
    case 'deploy':
      return from.version === to.version
        ? `Replaces ${pods} of ${where} by ${to.version} again`
        : `Replaces ${pods} of ${where}: ${from.version} → ${to.version}`;
    case 'rollback':
      return `Replaces ${pods} of ${where} by those of ${revision?.isLastKnownGood ? `the last known good revision, ${revision.replicaSet}` : 'an earlier revision'}: ${from.version} → ${to.version}`;
    case 'shift':
      return `Sends ${effect?.to} of the requests for ${where} to ${to.version}`;
    case 'restart':
      return `Replaces ${pods} of ${where} by new ones of ${to.version}`;
    case 'scale':
      return `Scales ${where}: ${effect?.from} → ${effect?.to} pods`;
    case 'set-env':
      return `Sets ${effect?.what} of ${where}: ${effect?.from} → ${effect?.to}, and replaces its ${pods}`;
    case 'backup':
      return `Makes ${effect?.to} of ${effect?.what}`;
    case 'end-session':
      return `Ends ${effect?.from} in ${effect?.what}`;
    case 'restore':
      return `Restores ${effect?.what} to ${effect?.to}`;
  }
}
