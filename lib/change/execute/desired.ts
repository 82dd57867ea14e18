import type { JsonObject } from '@/lib/actuators/kubernetes/merge-patch';
import { mergePatch } from '@/lib/actuators/kubernetes/merge-patch';
import { canonicalJson } from '@/lib/audit/canonical';
import type { ActVerb } from '../facts';
import type { DeployPlan } from '../plan-contract';
import type { Subset } from '../stored';
import { JsonObjectSchema, withImage } from '../template';

const templateOf = (text: string): JsonObject => JsonObjectSchema.parse(JSON.parse(text));

/** What the object is to be after a write: pod template, pause and, where the change sets them, replicas. */
export function desiredOf(verb: ActVerb, plan: DeployPlan, before: Subset): Subset {
  switch (verb) {
    case 'apply': {
      const { write } = plan;
      if (write === undefined) {
        return { ...before, template: withImage(before.template, plan.target.container, plan.to.image) };
      }
      return {
        ...before,
        ...(write.template === undefined ? {} : { template: templateOf(write.template) }),
        ...(write.replicas === undefined ? {} : { replicas: write.replicas }),
      };
    }
    case 'pause':
      return { ...before, paused: true };
    case 'resume':
      return { ...before, paused: false };
    case 'restore':
      return {
        ...before,
        template: templateOf(plan.undo.template),
        paused: false,
        ...(plan.undo.replicas === undefined ? {} : { replicas: plan.undo.replicas }),
      };
  }
}

type Write = { before: Subset; desired: Subset };

/** Replicas that a write only remembers are the autoscaler's. */
export const setsReplicas = ({ before, desired }: Write): boolean =>
  desired.replicas !== undefined && before.replicas !== desired.replicas;

/** What is written and compared. */
export const sameSubset = (left: Subset, right: Subset, withReplicas: boolean): boolean =>
  left.paused === right.paused &&
  (!withReplicas || left.replicas === right.replicas) &&
  canonicalJson(left.template) === canonicalJson(right.template);

/** Merge patch of spec from what is live; unpausing removes the field, as kubectl does. */
export function specPatch(live: Subset, write: Write): JsonObject {
  const { desired } = write;
  return {
    ...(mergePatch({ template: live.template }, { template: desired.template }) ?? {}),
    ...(live.paused === desired.paused ? {} : { paused: desired.paused ? true : null }),
    ...(setsReplicas(write) && live.replicas !== desired.replicas ? { replicas: desired.replicas ?? 1 } : {}),
  };
}
