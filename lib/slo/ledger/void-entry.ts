import 'server-only';
import type { Person } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { EntryRow, VoidWritten } from './contract';
import { toEntry } from './store';

export type VoidCall = {
  actor: Person;
  config: Config;
  slo: string;
  id: string;
  input: VoidWritten;
  requestId?: string | undefined;
};

/** What a void writes; the row itself stays as it was. */
export const voidColumns = (actor: Person, at: Date, reason: string) => ({
  voidedAt: at,
  voidedById: actor.id,
  voidedByName: actor.name,
  voidReason: reason,
});

/** Throws OpsError `not-found`, or `precondition` for one that is voided already. */
export function refuseVoid(what: 'entry' | 'exclusion', voidedByName: string | null | undefined): never {
  if (voidedByName === undefined || voidedByName === null)
    throw new OpsError('not-found', `This objective has no such ${what}.`);
  throw new OpsError('precondition', `This ${what} was voided by ${voidedByName} already.`, {
    next: `Add a new ${what} if it is still needed.`,
  });
}

/** Takes an entry out of the ledger; it stays to be seen. Throws OpsError `forbidden`, `not-found`, `precondition`. */
export async function voidEntry(
  { actor, slo, id, input, requestId }: VoidCall,
  db: Database = database(),
): Promise<EntryRow> {
  requirePermission(actor, 'slo.account');
  return transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM slo_entry WHERE id = ${id}::uuid FOR UPDATE`;
    const before = await tx.sloEntry.findFirst({ where: { id, slo } });
    if (before === null || before.voidedAt !== null) refuseVoid('entry', before?.voidedByName);
    const at = await databaseNow(tx);
    const record = await tx.sloEntry.update({ where: { id }, data: voidColumns(actor, at, input.reason) });
    await stage(tx, {
      action: 'slo.entry_voided',
      actor,
      target: `slo:${slo}`,
      result: 'ok',
      reason: input.reason,
      requestId,
      details: { id, environment: record.environment, cause: record.cause, title: record.title },
    });
    return toEntry(record);
  }, db);
}
