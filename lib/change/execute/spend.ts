import 'server-only';
import type { Budget } from '@/lib/actuators/kubernetes/budget';
import type { StoredChange } from '../stored';
import { activeKill } from '../switch/active';
import type { Execution } from './execution';

export type Spending = Execution & { spend: (budget: Budget) => void };

/** The same run with one budget for all its calls: the loop names it before each round. */
export function spending(run: Execution): Spending {
  let budget: Budget = 'advance';
  return {
    ...run,
    cluster: (id) => run.cluster(id, budget),
    spend: (named) => {
      budget = named;
    },
  };
}

/**
 * A rollback, going back, or told to by a person or a switch: from here on nothing that goes forth may stand in the way
 * (change-engine.md 2.2, 13).
 */
export async function budgetOf(run: Execution, change: StoredChange): Promise<Budget> {
  if (change.backingOut || change.plan.kind === 'rollback') return 'way-back';
  const where = { changeNumber: run.number, kind: 'abort', appliedAt: null };
  const [aborts, kill] = await Promise.all([run.db.command.count({ where }), activeKill(run.db, change)]);
  return aborts > 0 || kill?.verb === 'back-out' ? 'way-back' : 'advance';
}
