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

/** What a plan looks at beside the pair. A rollback leaves what it goes away from to its autoscaler: the requests come first. */
export const wantsOf = (input: RequestPlan): { maintenance: boolean; autoscalers: boolean } => ({
  maintenance: input.kind === 'deploy' && input.maintenance === true,
  autoscalers: input.kind !== 'rollback',
});
