import type { DeployPlan } from '../plan-contract';

/**
 * What a change must hold alone while it runs, sorted, so that two that want the same take it in one order
 * (change-engine.md 2.2, 10). A Deployment has one key whatever the kind of change; a staged one holds every object
 * of its plan, those it must only find unchanged too, and the database that it migrates.
 */
export function lockKeysOf(plan: DeployPlan): string[] {
  if (plan.staged === undefined) {
    const workload = `workload:${plan.cluster}/${plan.target.namespace}/${plan.target.name}`;
    return plan.data === undefined ? [workload] : [databaseOf(plan), workload].sort();
  }
  const keys = plan.staged.objects.map(({ kind, cluster, namespace, name }) => {
    const noun = kind === 'Deployment' ? 'workload' : kind.toLowerCase();
    return `${noun}:${cluster}/${namespace}/${name}`;
  });
  const migrates = plan.staged.steps.some((step) => step.do === 'job');
  const database = migrates ? [databaseOf(plan)] : [];
  return [...new Set([...keys, ...database])].sort();
}

/** Held by migrations and by what acts on the database itself: a copy in the middle of a migration is of neither schema. */
const databaseOf = ({ service, environment }: DeployPlan): string => `database:${service}/${environment}`;
