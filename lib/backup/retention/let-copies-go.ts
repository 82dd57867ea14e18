import 'server-only';
import type { Person } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { LetCopiesGo } from './contract';
import { awaitsPerson } from './stops';
import { readLastRun } from './store';

export type LetCopiesGoCall = {
  actor: Person;
  config: Config;
  database: string;
  input: LetCopiesGo;
  requestId?: string | undefined;
};
/** So much of the list stands in the record; the deletion of each copy has its own entry. */
const toldIds = 12;

/**
 * Lets copies go that retention holds back because they are many: exactly those that the person was shown, nothing that
 * joined them since. The next run marks them, unless something else stops it; the grace still follows. Letting the same
 * ones go again changes nothing. Throws OpsError `forbidden`, `not-found`, `precondition` when nothing waits for a
 * person, or `conflict` when the list has changed.
 */
export async function letCopiesGo(
  call: LetCopiesGoCall,
  db: Database = database(),
): Promise<{ database: string; copies: number }> {
  const { actor, config, input, requestId } = call;
  requirePermission(actor, 'backup.let_go');
  if (!config.databases.some(({ id, backup }) => id === call.database && backup !== undefined)) {
    throw new OpsError('not-found', `No database ${call.database} has copies here.`, {
      next: 'signalbox.yaml names them under databases.',
    });
  }
  return transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM backup_retention WHERE database_id = ${call.database} FOR UPDATE`;
    const run = await readLastRun(tx, call.database);
    const copies = new Set(input.copies);
    const answer = { database: call.database, copies: copies.size };
    const isSame = (ids: readonly string[]) =>
      ids.length === copies.size && ids.every((id) => copies.has(id));
    if (run !== null && isSame(run.approved)) return answer;
    if (run === null || run.state !== 'stopped' || !awaitsPerson(run.stops)) {
      throw new OpsError('precondition', 'No deletion of copies waits for a person here.', {
        next: 'Reload the page: it says what the last run of retention did.',
      });
    }
    if (!isSame(run.leaving)) {
      throw new OpsError('conflict', 'The list of copies that would go has changed since it was shown.', {
        next: 'Look at the list again, then decide.',
      });
    }
    await tx.backupRetention.update({
      where: { databaseId: call.database },
      data: {
        approved: [...copies],
        approvedAt: await databaseNow(tx),
        approvedById: actor.id,
        approvedByName: actor.name,
      },
    });
    await stage(tx, {
      action: 'backup.let_go',
      actor,
      target: `database:${call.database}`,
      result: 'ok',
      reason: input.why,
      requestId,
      details: { copies: copies.size, ids: [...copies].slice(0, toldIds).join(' ') },
    });
    return answer;
  }, db);
}
