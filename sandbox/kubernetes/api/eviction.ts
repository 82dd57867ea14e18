import { z } from 'zod';
import { ApiError } from '../api-error';
import { isJsonObject } from '../object';
import type { KubeObject } from '../store';
import { decodeObject } from './body';
import type { ApiContext } from './context';
import { deleteNow } from './delete';
import { optionsOf } from './options';
import type { Served } from './render';
import { json, type Reply } from './reply';
import type { ApiRequest, ResourceRequest } from './request';
import { currentObject } from './write';

const budgetSchema = z.object({
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }).optional(),
  }),
  status: z.object({
    disruptionsAllowed: z.number().default(0),
    currentHealthy: z.number().default(0),
    desiredHealthy: z.number().default(0),
  }),
});

/** POST pods/…/eviction: 201, or 429 without Retry-After when a disruption budget forbids it. */
export function evict(ctx: ApiContext, request: ApiRequest, served: Served, target: ResourceRequest): Reply {
  const body = decodeObject(request, 'Eviction');
  const pod = currentObject(ctx, served, target);
  const options = optionsOf(body['deleteOptions']);
  const budget = isReady(pod) ? budgetOf(ctx, pod) : null;
  if (budget) {
    if (budget.allowed <= 0) throw refused(budget);
    if (!options.dryRun) spend(ctx, budget.object);
  }
  deleteNow(ctx, served, pod, options);
  const after = options.dryRun ? undefined : pod;
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201, after);
}

type Budget = { object: KubeObject; allowed: number; healthy: number; desired: number };

function budgetOf(ctx: ApiContext, pod: KubeObject): Budget | null {
  const labels = pod.metadata.labels ?? {};
  for (const object of ctx.store.list('poddisruptionbudgets.policy', pod.metadata.namespace)) {
    const parsed = budgetSchema.safeParse(object);
    if (!parsed.success) continue;
    const wanted = Object.entries(parsed.data.spec.selector?.matchLabels ?? {});
    if (wanted.length === 0 || !wanted.every(([key, value]) => labels[key] === value)) continue;
    const {
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
    } = parsed.data.status;
    return { object, allowed, healthy, desired };
  }
  return null;
}

/** The API server lowers the budget itself, so that two evictions at once cannot both pass. */
function spend(ctx: ApiContext, budget: KubeObject): void {
  const { namespace = null, name } = budget.metadata;
  ctx.store.change('poddisruptionbudgets.policy', namespace, name, (object) => {
    const allowed = object.status?.['disruptionsAllowed'];
    return {
      ...object,
      status: { ...object.status, disruptionsAllowed: typeof allowed === 'number' ? allowed - 1 : 0 },
    };
  });
}

function refused(budget: Budget): ApiError {
  const { name } = budget.object.metadata;
  const message = `The disruption budget ${name} needs ${budget.desired} healthy pods and has ${budget.healthy} currently`;
  const text = "Cannot evict pod as it would violate the pod's disruption budget.";
  return new ApiError(429, 'TooManyRequests', text, { causes: [{ reason: 'DisruptionBudget', message }] });
}

function isReady(pod: KubeObject): boolean {
  const conditions = pod.status?.['conditions'];
  if (!Array.isArray(conditions)) return false;
  return conditions.some(
    (condition) => isJsonObject(condition) && condition['type'] === 'Ready' && condition['status'] === 'True',
  );
}
