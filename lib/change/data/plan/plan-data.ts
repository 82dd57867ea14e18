import 'server-only';
import type { Database as DatabaseConfig } from '@/lib/config/database';
import type { DeployPlan, Precheck } from '../../contract';
import { findTarget } from '../../plan/find-target';
import { queueCheck, switchCheck } from '../../plan/prechecks';
import type { Data } from '../contract';
import { type DataInput, findDatabase } from './find-database';
import { outerPlan } from './outer';
import type { Part, Planner } from './part';
import { planBackup } from './plan-backup';
import { planEndSession } from './plan-end-session';
import { planRestore } from './plan-restore';
import { signersCheck } from './restore-checks';

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
  const part = await partOf(worker, input, database, user);
  const outer = await outerPlan(worker.cluster(target.placement.cluster), config, target, input);
  const { data, effect, steps, prechecks } = part;
  const plan: DeployPlan = { ...outer, effect, steps, data };
  const usual = await Promise.all([queueCheck(db, plan), switchCheck(db, plan)]);
  const { id, signOffs } = plan.policy;
  const signers = data.do === 'restore' ? [signersCheck(signOffs.length, id)] : [];
  return { plan, prechecks: [...usual, ...signers, ...prechecks] };
}

function partOf(
  worker: Planner,
  input: DataInput,
  database: DatabaseConfig,
  user: string,
): Promise<Part<Data>> {
  switch (input.kind) {
    case 'backup':
      return planBackup(worker, database, user);
    case 'end-session':
      return planEndSession(database, { pid: input.pid, startedAt: input.startedAt });
    case 'restore':
      return planRestore(worker, database, input);
  }
}
