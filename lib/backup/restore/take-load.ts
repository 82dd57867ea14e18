import 'server-only';
import { z } from 'zod';
import { stage } from '@/lib/audit/stage';
import type { Database as DatabaseConfig, DirectBackup, Restoring } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { transaction } from '@/lib/db/transaction';
import type { Copier } from '../make-copy';

/** A database whose copies can be put back from here. */
export type Restorable = DatabaseConfig & { backup: DirectBackup; restore: Restoring };

export const restorable = (config: Config): Restorable[] =>
  config.databases.flatMap(({ backup, restore, ...database }) =>
    backup === undefined || restore === undefined ? [] : [{ ...database, backup, restore }],
  );

const Row = z.object({
  id: z.string(),
  databaseId: z.string(),
  copyId: z.string(),
  object: z.string(),
  change: z.int(),
  into: z.string(),
  oid: z.coerce.number(),
});

/** A load that is under way: `into` and `oid` are the database at its server. */
export type TakenLoad = Omit<z.infer<typeof Row>, 'databaseId'> & { database: Restorable };

/**
 * Begins the oldest load that a change asked for, while that change still wants it: running, neither aborted nor paused,
 * under no switch. Null: none, or another worker is at it.
 */
export function takeLoad({ db, config, holder, actor, signal }: Copier): Promise<TakenLoad | null> {
  const databases = restorable(config);
  if (signal.aborted || databases.length === 0) return Promise.resolve(null);
  return transaction(async (tx) => {
    const [found] = await tx.$queryRaw<unknown[]>`
      SELECT w.id, w.database_id AS "databaseId", w.copy_id AS "copyId", w.object, w.change_number AS change,
        w.database_name AS into, w.database_oid AS oid
      FROM restore_run w JOIN change c ON c.number = w.change_number
      WHERE w.state = 'wanted' AND w.purpose = 'restore' AND w.database_id = ANY(${databases.map(({ id }) => id)})
        AND c.state = 'Running' AND NOT c.backing_out
        AND NOT EXISTS (SELECT FROM command o WHERE o.change_number = c.number AND o.applied_at IS NULL
          AND o.kind IN ('abort', 'pause'))
        AND NOT EXISTS (SELECT FROM kill_switch k WHERE k.released_at IS NULL
          AND (k.scope = 'everywhere' OR k.target = CASE k.scope WHEN 'cluster' THEN c.cluster ELSE c.service END))
      ORDER BY w.requested_at FOR UPDATE OF w SKIP LOCKED LIMIT 1`;
    if (found === undefined) return null;
    const { databaseId, ...row } = Row.parse(found);
    const database = databases.find(({ id }) => id === databaseId);
    if (database === undefined) return null;
    await tx.$executeRaw`
      UPDATE restore_run SET state = 'running', started_at = app.now(), lease_owner = ${holder.workerId},
        lease_until = app.now() + ${holder.leaseSeconds}::double precision * interval '1 s'
      WHERE id = ${row.id}::uuid`;
    await stage(tx, {
      action: 'backup.load_started',
      actor,
      target: `database:${databaseId}`,
      change: row.change,
      result: 'ok',
      details: { load: row.id, database: databaseId, object: row.object, into: row.into },
    });
    return { ...row, database };
  }, db);
}
