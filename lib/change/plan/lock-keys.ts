import type { DeployPlan } from '../plan-contract';

/**
 * What a change must hold alone while it runs, sorted, so that two that want the same take it in one order
 * (change-engine.md 2.2, 10). A Deployment has one key whatever the kind of change; a staged one holds every object
 * of its plan, those it must only find unchanged too, and the database that it migrates.
 */
export function lockKeysOf(plan: DeployPlan): string[] {
  if (plan.staged === undefined) {
    return [`workload:${plan.cluster}/${plan.target.namespace}/${plan.target.name}`];
  }
  const keys = plan.staged.objects.map(({ kind, cluster, namespace, name }) => {
    const noun = kind === 'Deployment' ? 'workload' : kind.toLowerCase();
    return `${noun}:${cluster}/${namespace}/${name}`;
  });
  const migrates = plan.staged.steps.some((step) => step.do === 'job');
  const database = migrates ? [`database:${plan.service}/${plan.environment}`] : [];
  return [...new Set([...keys, ...database])].sort();
}
