import 'server-only';
import { readApiVersions } from '@/lib/actuators/kubernetes/api-versions';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { resourceOf } from '@/lib/actuators/kubernetes/object';
import type { DeployPlan } from '../plan-contract';
import type { PlanApi } from './api-contract';

type Clusters = (id: string) => ClusterClient;

/** The groups of the kinds that a plan writes, by cluster; what is of the core group has none. */
export function groupsOf({ cluster, staged }: DeployPlan): Map<string, string[]> {
  const found = new Map([[cluster, new Set(['apps'])]]);
  const add = (where: string, group: string) =>
    found.set(where, new Set([...(found.get(where) ?? []), ...(group === '' ? [] : [group])]));
  for (const object of staged?.objects ?? []) add(object.cluster, resourceOf(object.kind).group);
  for (const step of staged?.steps ?? []) if (step.do === 'job') add(step.cluster, 'batch');
  return new Map([...found].map(([where, groups]) => [where, [...groups].sort()]));
}

/**
 * The plan with the APIs of its clusters, which are signed with it (change-engine.md 2.4). A cluster that tells nobody
 * what it serves is left out, and so is never compared. Throws ClusterError.
 */
export async function withApi(plan: DeployPlan, clusters: Clusters): Promise<DeployPlan> {
  const read = [...groupsOf(plan)].map(async ([cluster, groups]): Promise<PlanApi[]> => {
    try {
      return [{ cluster, ...(await readApiVersions(clusters(cluster), groups)) }];
    } catch (error) {
      if (isClusterError(error, 'refused')) return [];
      throw error;
    }
  });
  return { ...plan, api: (await Promise.all(read)).flat() };
}

/**
 * In which its clusters serve other APIs than those that the plan was made against; null when none does. What goes back
 * to a version that ran before is not held up by it. Throws ClusterError.
 */
export async function apiProblem({ api, goesBack }: DeployPlan, clusters: Clusters): Promise<string | null> {
  if (api === undefined || goesBack !== undefined) return null;
  const found = await Promise.all(
    api.map(async (then) => {
      const names = then.groups.map(({ name }) => name);
      return apiDifference(then, await readApiVersions(clusters(then.cluster), names));
    }),
  );
  return found.find((one) => one !== null) ?? null;
}

/** What changed and what to do, of one cluster. */
export function apiDifference(then: PlanApi, now: Omit<PlanApi, 'cluster'>): string | null {
  const { cluster } = then;
  const again = 'Ask for a new plan: what the cluster answered to this one may hold no more.';
  if (now.server !== then.server) {
    return `${cluster} runs Kubernetes ${now.server} now, and the plan was made for ${then.server}. ${again}`;
  }
  for (const { name, version } of then.groups) {
    const found = now.groups.find((one) => one.name === name);
    if (found === undefined) {
      return `${cluster} serves no ${name} any more, and the plan writes objects of it. Install it again, then ask for a new plan.`;
    }
    if (found.version !== version) {
      return `${cluster} serves ${name} as ${found.version} now, and the plan was made for ${version}. ${again}`;
    }
  }
  return null;
}
