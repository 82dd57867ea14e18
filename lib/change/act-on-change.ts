import 'server-only';
import type { Person } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import type { Database } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { lockChange } from './lock-change';
import { orThrow, refuse } from './refuse';
import type { StoredChange } from './stored';

/** What a person does with a change by one word and a reason: the actions whose record needs no details. */
export type PlainAction =
  | 'change.queued'
  | 'change.cancelled'
  | 'change.paused'
  | 'change.resumed'
  | 'change.aborted'
  | 'change.reconciled'
  | 'change.reviewed';

export type Act = {
  actor: Person;
  id: string;
  action: PlainAction;
  /** Why it cannot be done in this state at this moment; null when it can. */
  closed: (change: StoredChange, now: Date) => string | null;
  allowed: (change: StoredChange) => boolean;
  /** Said to those who are not allowed. */
  whoMay: string;
  /** What is wrong with what came with the act; null when nothing is. */
  wrong?: (change: StoredChange) => string | null;
};

/** What an act's audit entries have in common. */
const entryOf = ({ actor, id, action }: Act, change: StoredChange) =>
  ({ action, actor, target: `change:${id}`, change: change.number, planHash: change.planHash }) as const;

/**
 * One act on a locked change in one transaction. A refusal is recorded; the act records itself. Throws OpsError
 * `forbidden`, `conflict`, `invalid` or `not-found`.
 */
export async function actOnChange(
  db: Database,
  act: Act,
  run: (
    tx: Transaction,
    change: StoredChange,
    now: Date,
    entry: ReturnType<typeof entryOf>,
  ) => Promise<unknown>,
): Promise<void> {
  const result = await transaction(async (tx) => {
    const { change, now } = await lockChange(tx, act.id);
    const entry = entryOf(act, change);
    const closed = act.closed(change, now);
    if (closed !== null || !act.allowed(change)) {
      const reason = closed ?? act.whoMay;
      await stage(tx, { ...entry, result: 'refused', reason });
      return refuse(closed === null ? 'forbidden' : 'conflict', reason);
    }
    const wrong = act.wrong?.(change) ?? null;
    if (wrong !== null) {
      await stage(tx, { ...entry, result: 'refused', reason: wrong });
      return refuse('invalid', wrong);
    }
    await run(tx, change, now, entry);
    return null;
  }, db);
  orThrow(result);
}
