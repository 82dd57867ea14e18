import 'server-only';

import { requirePermission } from '@/lib/access/require-permission';
import { stage } from '@/lib/audit/stage';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { WrittenExclusion } from './contract';
import { toExclusion } from './store';
import { refuseVoid, type VoidCall, voidColumns } from './void-entry';

/**
 * Counts the events of an excluded span again, those of the past too; to end a recurring exclusion and keep its
 * past, void it and add it anew with UNTIL. Throws OpsError `forbidden`, `not-found` or `precondition`.
 */
export async function voidExclusion(
  { actor, slo, id, input, requestId }: VoidCall,
  db: Database = database(),
): Promise<WrittenExclusion> {
  requirePermission(actor, 'slo.exclude');
  return transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM slo_exclusion WHERE id = ${id}::uuid FOR UPDATE`;
    const before = await tx.sloExclusion.findFirst({ where: { id, slo } });
    if (before === null || before.voidedAt !== null) refuseVoid('exclusion', before?.voidedByName);
    const at = await databaseNow(tx);
    const record = await tx.sloExclusion.update({
      where: { id },
      data: voidColumns(actor, at, input.reason),
    });
    await stage(tx, {
      action: 'slo.exclusion_voided',
      actor,
      target: `slo:${slo}`,
      result: 'ok',
      reason: input.reason,
      requestId,
      details: { id, environment: record.environment, rule: record.rule ?? undefined },
    });
    return toExclusion(record);
  }, db);
}
