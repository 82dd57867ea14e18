import 'server-only';
import { transaction } from '@/lib/db/transaction';
import { moveChange } from '../move-change';
import type { Execution } from './execution';
import { holdChange } from './intents';

/**
 * An object carries an epoch of this change that the database knows nothing of (change-engine.md 2.2, 9): nothing is
 * written any more, and a person has to say what happened. Throws LostChange.
 */
export function reconcileRequired(
  run: Execution,
  object: string,
  epoch: number,
  newestEpoch: number,
): Promise<void> {
  return transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    const sentence = `${object} carries epoch ${epoch} of this change, and the database knows of writes up to ${newestEpoch}: it has lost rows.`;
    const actor = { kind: 'worker', id: run.workerId } as const;
    const move = { to: 'ReconcileRequired', action: 'change.reconcile_required', actor, sentence } as const;
    await moveChange(tx, run.config, change, { ...move, notify: 'failed' }, now);
  }, run.db);
}
