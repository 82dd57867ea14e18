import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import type { DeployPlan, Precheck } from '../../contract';
import type { Data } from '../contract';

/** What a plan is made with. */
export type Planner = { db: Database; config: Config; cluster: (id: string) => ClusterClient };

/** What one kind says of its part. */
export type Part<D extends Data> = {
  data: D;
  effect: NonNullable<DeployPlan['effect']>;
  steps: DeployPlan['steps'];
  prechecks: Precheck[];
};

/** One check of a plan. */
export const check = (id: string, title: string, result: Precheck['result'], detail: string): Precheck => ({
  id,
  title,
  result,
  detail,
});
