import 'server-only';
import type { Actor } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import type { Database as DatabaseConfig, DirectBackup } from '@/lib/config/database';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { removeObject } from '../folder';
import type { Verdict } from './model';
import type { LastRun, StoredCopy } from './store';
import { keptText, leavesText } from './words';

type Place = { db: Database; database: DatabaseConfig & { backup: DirectBackup }; actor: Actor };
type Verdicts = ReadonlyMap<string, Verdict>;

const targetOf = ({ database }: Place): string => `database:${database.id}`;
const detailsOf = ({ id, object, snapshotAt }: StoredCopy) => ({
  copy: id,
  object,
  snapshot: snapshotAt.toISOString(),
});

function reasonOf(verdicts: Verdicts, id: string): string {
  const verdict = verdicts.get(id);
  if (verdict === undefined) return 'Its end had begun before.';
  return verdict.stays ? verdict.by.map(keptText).join(', ') : leavesText(verdict.leaves);
}

/** Takes the mark from copies that something needs again; how many. */
export async function liftTombstones(
  place: Place,
  copies: readonly StoredCopy[],
  verdicts: Verdicts,
): Promise<number> {
  let lifted = 0;
  for (const copy of copies) {
    lifted += await transaction(async (tx) => {
      const count = await tx.$executeRaw`UPDATE backup_copy SET state = 'kept', delete_after = NULL
        WHERE id = ${copy.id}::uuid AND state = 'tombstoned'`;
      if (count === 0) return 0;
      await stage(tx, {
        action: 'backup.wanted_again',
        actor: place.actor,
        target: targetOf(place),
        result: 'ok',
        reason: reasonOf(verdicts, copy.id),
        details: detailsOf(copy),
      });
      return count;
    }, place.db);
  }
  return lifted;
}

/** Marks copies for deletion after the grace, each with its reason; one that was pinned meanwhile stays. How many. */
export async function markCopies(
  place: Place,
  copies: readonly StoredCopy[],
  verdicts: Verdicts,
  last: LastRun | null,
): Promise<number> {
  const { grace } = place.database.backup.retention;
  let marked = 0;
  for (const copy of copies) {
    marked += await transaction(async (tx) => {
      const rows = await tx.$queryRaw<{ deleteAfter: Date }[]>`UPDATE backup_copy
        SET state = 'tombstoned', delete_after = app.now() + ${grace}::double precision * interval '1 s'
        WHERE id = ${copy.id}::uuid AND state = 'kept' AND pins = '[]'::jsonb
          AND NOT EXISTS (SELECT FROM restore_run r WHERE r.copy_id = ${copy.id}::uuid AND r.state IN ('wanted', 'running'))
        RETURNING delete_after AS "deleteAfter"`;
      const [row] = rows;
      if (row === undefined) return 0;
      await stage(tx, {
        action: 'backup.tombstoned',
        actor: place.actor,
        target: targetOf(place),
        result: 'ok',
        reason: reasonOf(verdicts, copy.id),
        details: {
          ...detailsOf(copy),
          deleteAfter: row.deleteAfter.toISOString(),
          letGoBy: last?.approved.includes(copy.id) === true ? (last.approvedByName ?? undefined) : undefined,
        },
      });
      return 1;
    }, place.db);
  }
  return marked;
}

/**
 * Deletes copies whose grace is over. Each is claimed first, so that a pin comes before it or is refused; then its
 * marker and its file go, and only then is it said to be deleted. After a crash in between the next run goes on here.
 */
export async function deleteCopies(
  place: Place,
  copies: readonly StoredCopy[],
  verdicts: Verdicts,
): Promise<number> {
  let deleted = 0;
  for (const copy of copies) {
    const claimed = await place.db.$executeRaw`UPDATE backup_copy SET state = 'deleted'
      WHERE id = ${copy.id}::uuid AND deleted_at IS NULL AND (state = 'deleted'
        OR (state = 'tombstoned' AND delete_after <= app.now() AND pins = '[]'::jsonb
          AND NOT EXISTS (SELECT FROM restore_run r WHERE r.copy_id = ${copy.id}::uuid AND r.state IN ('wanted', 'running'))))`;
    if (claimed === 0) continue;
    try {
      await removeObject(place.database.backup.folder, copy.object);
    } catch (error) {
      logger('worker').warn(
        { copy: copy.id, err: messageOf(error) },
        'a copy could not be deleted; tried again later',
      );
      continue;
    }
    deleted += await transaction(async (tx) => {
      const ended = await tx.$executeRaw`UPDATE backup_copy SET deleted_at = app.now()
        WHERE id = ${copy.id}::uuid AND state = 'deleted' AND deleted_at IS NULL`;
      if (ended === 0) return 0;
      await stage(tx, {
        action: 'backup.deleted',
        actor: place.actor,
        target: targetOf(place),
        result: 'ok',
        reason: reasonOf(verdicts, copy.id),
        details: detailsOf(copy),
      });
      return 1;
    }, place.db);
  }
  return deleted;
}
