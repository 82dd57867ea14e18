import type { DeployPlan } from '../plan-contract';

export type Staged = NonNullable<DeployPlan['staged']>;
/** A plan of several steps over several objects; others have one write and its rollout. */
export type StagedPlan = DeployPlan & { staged: Staged };

export const isStaged = (plan: DeployPlan): plan is StagedPlan => plan.staged !== undefined;
