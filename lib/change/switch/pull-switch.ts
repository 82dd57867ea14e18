import 'server-only';
import { can, type Person } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, type Transaction, transaction } from '@/lib/db/transaction';
import { notifyAll } from '@/lib/notify/outbox';
import { executingStates, waitingStates } from '../model';
import { observe } from '../move-change';
import { orThrow, refuse } from '../refuse';
import { changesUnder, switchTitle } from './active';
import type { PullSwitch } from './contract';

export const mayPull = 'Only an SRE or a lead can pull or release a switch.';

/**
 * Pulls a switch at once and without approval (change-engine.md 2.2, 11). Pulled twice it is one. Throws OpsError
 * `forbidden` (recorded) or `invalid` for an unknown cluster or service.
 */
export async function pullSwitch(
  { actor, config, input }: { actor: Person; config: Config; input: PullSwitch },
  db: Database = database(),
): Promise<{ id: string }> {
  const target = targetOf(config, input);
  const { verb, scope } = input;
  const reason = withoutSecrets(input.reason);
  const result = await transaction(async (tx) => {
    const entry = {
      action: 'switch.pulled',
      actor,
      target: `switch:${scope}${target === null ? '' : `/${target}`}`,
      reason,
      details: { verb, scope, ...(target === null ? {} : { target }) },
    } as const;
    if (!can(actor, 'change.stop')) {
      await stage(tx, { ...entry, result: 'refused', reason: mayPull });
      return refuse('forbidden', mayPull, 'Call somebody who has one of these roles.');
    }
    // Two people at once: the second waits for the first, and then finds it pulled.
    await tx.$executeRaw`LOCK TABLE kill_switch IN SHARE ROW EXCLUSIVE MODE`;
    const pulled = await tx.killSwitch.findFirst({ where: { verb, scope, target, releasedAt: null } });
    if (pulled !== null) return { id: pulled.id };
    const now = await databaseNow(tx);
    const row = await tx.killSwitch.create({
      data: {
        verb,
        scope,
        target,
        reason,
        pulledById: actor.id,
        pulledByName: actor.name,
        pulledByEmail: actor.email,
        pulledAt: now,
      },
    });
    const sentence = `${switchTitle(row)}, by ${actor.name}: ${reason}`;
    await tellWaiting(tx, row, `Does not start: ${sentence}`);
    await wake(tx, row, now);
    await notifyAll(tx, config, 'switch.pulled', sentence);
    await stage(tx, { ...entry, result: 'ok' });
    return { id: row.id };
  }, db);
  return orThrow(result);
}

/** Throws OpsError `invalid`. */
function targetOf(config: Config, { scope, target }: PullSwitch): string | null {
  if (scope === 'everywhere') return null;
  const known = (scope === 'cluster' ? config.clusters : config.services).map(({ id }) => id);
  if (target !== null && known.includes(target)) return target;
  const message = `There is no ${scope} ${target ?? 'without a name'}; it is one of ${known.join(', ')}.`;
  throw new OpsError('invalid', message, { fields: [{ path: 'target', message }] });
}

/** No worker takes what is queued while a switch is pulled, so the log of those says why. */
async function tellWaiting(tx: Transaction, row: Scope, sentence: string): Promise<void> {
  const waiting = await tx.change.findMany({
    where: { state: { in: ['Approved', 'Queued'] }, AND: changesUnder(row) },
    select: { number: true },
    orderBy: { number: 'asc' },
  });
  for (const { number } of waiting) {
    // The change's row lock keeps the numbers of its log dense.
    await tx.$queryRaw`SELECT 1 FROM change WHERE number = ${number} FOR UPDATE`;
    await observe(tx, number, null, 'hold', sentence);
  }
}

type Scope = { scope: string; target: string | null };

/** Whoever carries a covered change out looks again at once. */
export const wake = (tx: Transaction, scope: Scope, now: Date) =>
  tx.change.updateMany({
    where: { state: { in: [...executingStates, ...waitingStates] }, AND: changesUnder(scope) },
    data: { dueAt: now },
  });
