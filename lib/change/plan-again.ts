import { otherColour } from '@/lib/config/colours';
import type { DeployPlan } from './contract';
import { deployStrategies } from './plan-contract';

/**
 * The query of the form that asks for the same again, from what was planned: of a change that came to nothing, or null
 * where the same cannot be asked twice. What the plan does not say as it was asked (a value, a copy) is left to the form.
 */
export function planAgainQuery(plan: DeployPlan): Record<string, string> | null {
  const { kind, service, environment, staged, data } = plan;
  const place = { service, environment, region: staged?.regions[0] ?? plan.region };
  const waves: Record<string, string> = {
    ...(staged !== undefined && staged.regions.length > 1 ? { regions: staged.regions.join(',') } : {}),
    ...(staged?.onFailure === 'keep-finished' ? { onFailure: staged.onFailure } : {}),
  };
  switch (kind) {
    case 'deploy':
      return { ...place, ...deployQuery(plan), ...waves };
    case 'rollback':
      if (staged !== undefined) return { ...place, replicaSet: 'pair', ...waves };
      return plan.revision === undefined ? place : { ...place, replicaSet: plan.revision.replicaSet };
    case 'shift': {
      const shift = shiftQuery(plan);
      return shift === null ? null : { ...place, ...shift, ...waves };
    }
    case 'scale':
      return plan.write?.replicas === undefined ? place : { ...place, replicas: String(plan.write.replicas) };
    case 'restart':
    case 'set-env':
      return place;
    case 'backup':
    case 'restore':
      return data === undefined ? place : { ...place, database: data.database };
    // A session is that of its moment.
    case 'end-session':
      return null;
  }
}

/** The colour is said where the requests can be split, by who gives them; null elsewhere. */
function shiftQuery({ staged }: DeployPlan): Record<string, string> | null {
  const old = staged?.back.flatMap((step) =>
    step.do === 'write' && step.stepwise !== undefined ? [step.stepwise.colour] : [],
  )[0];
  const after = staged?.shares[0]?.after;
  return old === undefined || after === undefined
    ? null
    : { colour: otherColour(old), weight: String(Math.round(after * 100)) };
}

function deployQuery({ from, to, staged }: DeployPlan): Record<string, string> {
  const strategy = deployStrategies.find((one) => one === staged?.strategy);
  const job = staged?.steps.find((step) => step.do === 'job');
  const isMaintained = staged?.objects.some(({ part }) => part === 'maintenance') === true;
  return {
    version: to.version,
    ...(from.version === to.version ? { redeploy: 'yes' } : {}),
    ...(strategy === undefined ? {} : { strategy }),
    ...(job?.do === 'job' ? { migration: job.class } : {}),
    ...(isMaintained ? { maintenance: 'yes' } : {}),
  };
}
