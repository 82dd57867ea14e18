import type { DeployPlan, Precheck } from '../../contract';
import type { Data } from '../contract';

/** What one kind says of its part. */
export type Part<D extends Data> = {
  data: D;
  effect: NonNullable<DeployPlan['effect']>;
  steps: DeployPlan['steps'];
  prechecks: Precheck[];
};
