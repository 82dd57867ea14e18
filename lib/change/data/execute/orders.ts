import 'server-only';
import { databaseNow, type Transaction } from '@/lib/db/transaction';
import type { Execution } from '../../execute/execution';
import type { CommandFact } from '../../facts';
import type { StoredChange } from '../../stored';
import { activeKill } from '../../switch/active';
import type { SteeredFacts } from '../facts';

/** What people and switches say, and since when the change is where it is; read anew for each decision. */
export async function readSteered(run: Execution, change: StoredChange): Promise<SteeredFacts> {
  const [kill, now, commands] = await Promise.all([
    activeKill(run.db, change),
    databaseNow(run.db),
    run.db.command.findMany({
      where: { changeNumber: run.number, appliedAt: null },
      orderBy: { receivedAt: 'asc' },
    }),
  ]);
  const order = (kind: string): CommandFact | null => {
    const row = commands.find((command) => command.kind === kind);
    return row === undefined ? null : { id: row.id, actorName: row.actorName, reason: row.reason };
  };
  return {
    nowMs: now.getTime(),
    state: change.state,
    stateSinceMs: change.stateSince.getTime(),
    holdSinceMs: change.hold === null ? null : Date.parse(change.hold.since),
    backingOut: change.backingOut,
    kill,
    commands: { abort: order('abort'), pause: order('pause'), resume: order('resume') },
    maxHoldSeconds: change.plan.timing.maxHoldSeconds,
  };
}

/** A person ordered a pause that no decision has seen yet. */
export const isPaused = async (tx: Transaction, number: number): Promise<boolean> =>
  (await tx.command.count({ where: { changeNumber: number, kind: 'pause', appliedAt: null } })) > 0;
