import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import type { Catalog } from './catalog';
import type { CheckToKeep } from './check';

export type KeptCopy = {
  id: string;
  databaseId: string;
  object: string;
  /** Null takes one whose lease is over. */
  workerId: string | null;
  snapshotAt: Date;
  bytes: number;
  sha256: string;
  serverVersion: string;
  dumpVersion: string;
  catalog: Catalog;
  log: string;
  check: CheckToKeep;
};

/** Log of the tools that is kept with a copy, characters. */
const LOG_MAX = 65_536;

/** The copy is there: level 0, the next ones are due now. False when another worker has taken it over. */
export function keepCopy(db: Database, actor: AuditActor, kept: KeptCopy): Promise<boolean> {
  return transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE backup_copy SET state = 'kept', level = 0, finished_at = app.now(), check_due_at = app.now(),
        snapshot_at = ${kept.snapshotAt}::timestamptz, bytes = ${kept.bytes}, sha256 = ${kept.sha256},
        server_version = ${kept.serverVersion}, dump_version = ${kept.dumpVersion},
        catalog = ${JSON.stringify(kept.catalog)}::jsonb, log = ${kept.log.slice(-LOG_MAX)},
        lease_owner = NULL, lease_until = NULL
      WHERE id = ${kept.id}::uuid AND state = 'running'
        AND (lease_owner = ${kept.workerId} OR (${kept.workerId}::text IS NULL AND lease_until < app.now()))`;
    if (count === 0) return false;
    const { evidence, ...check } = kept.check;
    await tx.backupCheck.create({ data: { copyId: kept.id, ...check, evidence } });
    await stage(tx, {
      action: 'backup.kept',
      actor,
      target: `database:${kept.databaseId}`,
      result: 'ok',
      details: {
        database: kept.databaseId,
        object: kept.object,
        bytes: kept.bytes,
        sha256: kept.sha256,
        level: 0,
      },
    });
    return true;
  }, db);
}

/**
 * The attempt failed, with the sentence and the log. Only while it runs; `workerId` null also takes one whose lease
 * is over. False when it was somebody else's.
 */
export function failCopy(
  db: Database,
  actor: AuditActor,
  failed: {
    id: string;
    databaseId: string;
    object: string;
    workerId: string | null;
    error: string;
    log: string;
  },
): Promise<boolean> {
  return transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE backup_copy SET state = 'failed', finished_at = app.now(), error = ${failed.error},
        log = ${failed.log.slice(-LOG_MAX)}, lease_owner = NULL, lease_until = NULL
      WHERE id = ${failed.id}::uuid AND state = 'running'
        AND (lease_owner = ${failed.workerId} OR (${failed.workerId}::text IS NULL AND lease_until < app.now()))`;
    if (count === 0) return false;
    await stage(tx, {
      action: 'backup.failed',
      actor,
      target: `database:${failed.databaseId}`,
      result: 'failed',
      reason: failed.error,
      details: {
        database: failed.databaseId,
        object: failed.object,
        sentence: failed.error.slice(0, 500),
      },
    });
    return true;
  }, db);
}
