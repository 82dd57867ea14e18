import 'server-only';
import type { DeployPlan, Precheck } from '../../contract';
import { findTarget } from '../../plan/find-target';
import { queueCheck, switchCheck } from '../../plan/prechecks';
import { type DataInput, findDatabase } from './find-database';
import { outerPlan } from './outer';
import type { Planner } from './part';
import { planBackup } from './plan-backup';
import { planEndSession } from './plan-end-session';

/**
 * The plan of a change that acts on the database of a service, with its checks. The rest of the plan is the service as
 * it runs: its lock is taken, so that no deploy or migration runs meanwhile, and switches over it hold. Throws OpsError
 * with a next step where there is nothing to do, and ClusterError.
 */
export async function planData(
  worker: Planner,
  input: DataInput,
  user: string,
): Promise<{ plan: DeployPlan; prechecks: Precheck[] }> {
  const { config, db } = worker;
  const target = findTarget(config, input);
  const database = findDatabase(config, input);
  const part =
    input.kind === 'backup'
      ? await planBackup(worker, database, user)
      : await planEndSession(database, { pid: input.pid, startedAt: input.startedAt });
  const outer = await outerPlan(worker.cluster(target.placement.cluster), config, target, input);
  const { data, effect, steps, prechecks } = part;
  const plan: DeployPlan = { ...outer, effect, steps, data };
  const usual = await Promise.all([queueCheck(db, plan), switchCheck(db, plan)]);
  return { plan, prechecks: [...usual, ...prechecks] };
}
