import 'server-only';
import type { Database as DatabaseConfig } from '@/lib/config/database';
import type { Transaction } from '@/lib/db/transaction';

type Place = Pick<DatabaseConfig, 'service' | 'environment' | 'region'>;

/**
 * A copy in the middle of a migration is of neither schema, and each would wait for the other's locks. Whoever begins
 * one of the two holds this lock until the end of its transaction, and so sees the other one.
 */
async function decideAlone(tx: Transaction, { service, environment }: Place): Promise<void> {
  const key = `database:${service}/${environment}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
}

/**
 * Whether a change is about to migrate a database, or is at it: no copy begins then. One that is held for a person, or
 * goes back, migrates nothing by itself; what it left is worth a copy.
 */
export async function isMigrated(tx: Transaction, place: Place): Promise<boolean> {
  if (place.service === undefined) return false;
  await decideAlone(tx, place);
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM change c WHERE c.service = ${place.service} AND c.environment = ${place.environment}
      AND c.state IN ('Revalidating', 'Running', 'Paused', 'Frozen') AND NOT c.backing_out
      AND jsonb_exists(c.plan->'staged'->'regions', ${place.region})
      AND EXISTS (SELECT FROM step s WHERE s.change_number = c.number AND s.kind = 'job'
        AND s.state IN ('pending', 'running')) LIMIT 1`;
  return rows.length > 0;
}

/** The copy of one of these databases that is being made: a migration of them begins after its end. Null: none is. */
export async function copyUnderWay(
  tx: Transaction,
  databases: readonly DatabaseConfig[],
): Promise<{ name: string; object: string } | null> {
  for (const database of databases) {
    await decideAlone(tx, database);
    const row = await tx.backupCopy.findFirst({
      where: { databaseId: database.id, state: 'running' },
      select: { object: true },
    });
    if (row !== null) return { name: database.name, object: row.object };
  }
  return null;
}
