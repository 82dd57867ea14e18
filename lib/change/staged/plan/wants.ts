import type { RequestPlan } from '../../plan-contract';

/** Whether a change takes several steps over a pair of colours; the others write one Deployment. */
export function wantsStaged(input: RequestPlan): boolean {
  switch (input.kind) {
    case 'shift':
      return true;
    case 'deploy':
      return (input.strategy ?? 'rolling') !== 'rolling';
    case 'rollback':
      return input.replicaSet === undefined && input.lastKnownGood !== true;
    default:
      return false;
  }
}

/** The regions of a change in the order in which it takes them. */
export const regionsOf = (input: RequestPlan): readonly string[] =>
  ('regions' in input ? input.regions : undefined) ?? [input.region];
