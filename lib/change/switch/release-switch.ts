import 'server-only';
import { type Caller, can, type Person } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { notifyAll } from '@/lib/notify/outbox';
import type { KillSwitch } from '@/prisma/generated/client';
import { orThrow, refuse } from '../refuse';
import { switchTitle } from './active';
import { mayPull, wake } from './pull-switch';

/** Why this person cannot release it now; null when that is possible. */
export function releaseRefusal(
  actor: Caller,
  row: Pick<KillSwitch, 'releasedAt' | 'releaseAskedById'>,
): string | null {
  if (!can(actor, 'change.stop')) return mayPull;
  if (row.releasedAt !== null) return 'It has been released already.';
  return row.releaseAskedById === actor.id ? 'You asked for it: another person has to confirm.' : null;
}

/**
 * Releasing takes two people: the first one asks, another one confirms (change-engine.md 2.2, 11). What was frozen
 * then goes on where it stood. Throws OpsError `not-found`, `forbidden` or `conflict`; refusals are recorded.
 */
export async function releaseSwitch(
  { actor, config, id, reason }: { actor: Person; config: Config; id: string; reason: string },
  db: Database = database(),
): Promise<{ released: boolean }> {
  const result = await transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM kill_switch WHERE id = ${id}::uuid FOR UPDATE`;
    const row = await tx.killSwitch.findUnique({ where: { id } });
    if (row === null)
      throw new OpsError('not-found', 'There is no such switch.', {
        next: 'Look at the page Changes for those that are pulled.',
      });
    const asks = row.releaseAskedById === null;
    const entry = {
      action: asks ? 'switch.release_asked' : 'switch.released',
      actor,
      target: `switch:${row.scope}${row.target === null ? '' : `/${row.target}`}`,
      reason,
      details: { verb: row.verb, scope: row.scope, ...(row.target === null ? {} : { target: row.target }) },
    } as const;
    const refusal = releaseRefusal(actor, row);
    if (refusal !== null) {
      await stage(tx, { ...entry, result: 'refused', reason: refusal });
      if (row.releasedAt !== null) return refuse('conflict', refusal);
      return refuse(
        refusal === mayPull ? 'forbidden' : 'conflict',
        refusal,
        'Ask another SRE or lead to confirm it.',
      );
    }
    const now = await databaseNow(tx);
    if (asks) {
      await tx.killSwitch.update({
        where: { id },
        data: {
          releaseAskedById: actor.id,
          releaseAskedByName: actor.name,
          releaseReason: withoutSecrets(reason),
          releaseAskedAt: now,
        },
      });
    } else {
      await tx.killSwitch.update({
        where: { id },
        data: { releasedById: actor.id, releasedByName: actor.name, releasedAt: now },
      });
      await wake(tx, row, now);
      await notifyAll(
        tx,
        config,
        'switch.released',
        `${switchTitle(row)} was released by ${row.releaseAskedByName} and ${actor.name}.`,
      );
    }
    await stage(tx, { ...entry, result: 'ok' });
    return { released: !asks };
  }, db);
  return orThrow(result);
}
