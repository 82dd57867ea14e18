import { diffLines } from './plan/diff';
import type { DeployPlan, DiffLine } from './plan-contract';
import type { Fields } from './staged/contract';

type Json = Fields[string];
type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const parsed = (text: string): Json => JSON.parse(text);

/** The pod template that a deploy makes of the one that it found; null where the plan does not keep that. */
function deployed({ baselineSpec, target, to }: DeployPlan): Json | null {
  const found = baselineSpec === undefined ? null : parsed(baselineSpec);
  const template = found !== null && isObject(found) ? found['template'] : undefined;
  const spec = isObject(template) ? template['spec'] : undefined;
  const containers = isObject(spec) ? spec['containers'] : undefined;
  if (!isObject(template) || !isObject(spec) || !Array.isArray(containers)) return null;
  const changed = containers.map((one) =>
    isObject(one) && one['name'] === target.container ? { ...one, image: to.image } : one,
  );
  return { ...template, spec: { ...spec, containers: changed } };
}

/**
 * What an abort puts back on the Deployment of a change that writes one: what it is after the change, and what it
 * becomes again. By the plan; empty where an earlier version made it and the plan does not say.
 */
export function abortLines(plan: DeployPlan): DiffLine[] {
  const { undo, write, replicas } = plan;
  const scaled =
    write?.replicas === undefined
      ? []
      : [{ path: 'spec.replicas', before: String(write.replicas), after: String(undo.replicas ?? replicas) }];
  if (write !== undefined && write.template === undefined) return scaled;
  const now = write?.template === undefined ? deployed(plan) : parsed(write.template);
  return now === null ? scaled : [...diffLines(now, parsed(undo.template), 'spec.template'), ...scaled];
}
