import { z } from 'zod';
import type { Precheck } from '../contract';
import type { JsonObject } from '../template';
import { parseQuantity } from './quantity';

type Quota = {
  metadata: { name: string };
  status: { hard: Record<string, string>; used: Record<string, string> };
};

const Amounts = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({});
const Containers = z.looseObject({
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({ resources: z.looseObject({ requests: Amounts, limits: Amounts }).prefault({}) }),
    ),
  }),
});

/** What one pod of the template takes of a quota's resource. */
function perPod(template: JsonObject, resource: string): number {
  if (resource === 'pods') return 1;
  const { containers } = Containers.parse(template).spec;
  const [kind, name] = resource.startsWith('limits.')
    ? (['limits', resource.slice(7)] as const)
    : (['requests', resource.replace(/^requests\./, '')] as const);
  return containers.reduce(
    (sum, { resources }) => sum + (parseQuantity(resources[kind][name] ?? '0') ?? 0),
    0,
  );
}

/** Whether the namespace's quotas leave room for the pods that the rollout adds. */
export function quotaCheck(quotas: readonly Quota[], template: JsonObject, extra: number): Precheck {
  const title = 'Room for the extra pods';
  const pods = `${extra} extra pod${extra === 1 ? '' : 's'}`;
  if (quotas.length === 0) {
    return {
      id: 'quota',
      title,
      result: 'pass',
      detail: `No quota limits the ${pods}; node capacity is not checked.`,
    };
  }
  for (const { metadata, status } of quotas) {
    for (const [resource, hard] of Object.entries(status.hard)) {
      const [limit, used] = [parseQuantity(hard), parseQuantity(status.used[resource] ?? '0')];
      const need = perPod(template, resource) * extra;
      if (limit === null || used === null || need === 0 || used + need <= limit) continue;
      const detail = `Quota ${metadata.name}: ${resource} ${status.used[resource] ?? '0'} of ${hard} is used; the ${pods} do not fit.`;
      return { id: 'quota', title, result: 'fail', detail };
    }
  }
  return { id: 'quota', title, result: 'pass', detail: `The quotas leave room for ${pods}.` };
}
