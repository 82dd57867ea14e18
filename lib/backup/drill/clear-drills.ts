import 'server-only';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { scratchTarget } from '../check-copies';
import { backedUp, type Copier } from '../make-copy';
import { dropScratch } from '../scratch';
import { endDrill } from './end-drill';

type Row = {
  id: string;
  databaseId: string;
  copyId: string | null;
  object: string | null;
  owner: string | null;
  scratch: string | null;
};

/**
 * Ends what dead workers left: a drill that still runs by its row although nobody keeps its lease, with its scratch
 * database. Also one that nobody can carry out any more, since signalbox.yaml names no scratch server for it.
 */
export async function clearAbandonedDrills(copier: Copier): Promise<number> {
  const able = backedUp(copier.config).filter(({ backup }) => backup.scratch !== undefined);
  const rows = await copier.db.$queryRaw<Row[]>`
    SELECT id, database_id AS "databaseId", copy_id AS "copyId", object, lease_owner AS owner, database_name AS scratch
    FROM restore_run WHERE purpose = 'drill' AND (
      (state = 'running' AND lease_until < app.now())
      OR (state = 'wanted' AND NOT database_id = ANY(${able.map(({ id }) => id)})))
    ORDER BY requested_at`;
  let cleared = 0;
  for (const { owner, scratch, ...row } of rows) {
    const database = able.find(({ id }) => id === row.databaseId);
    const sentence =
      owner === null
        ? 'signalbox.yaml names no scratch server for this database any more.'
        : `The worker ${owner} gave no sign of life any more; the drill was not finished.`;
    // The row first: a worker that comes back finds that the drill is not its own any more.
    const isOurs = await endDrill(copier, {
      ...row,
      name: database?.name ?? row.databaseId,
      workerId: null,
      state: owner === null ? 'cancelled' : 'failed',
      phase: null,
      sentence,
      isFaultOfCopy: false,
      evidence: [],
      check: null,
    });
    if (!isOurs) continue;
    cleared += 1;
    if (database?.backup.scratch === undefined || scratch === null) continue;
    const target = scratchTarget(database.backup.scratch, database.name);
    if ('problem' in target) continue;
    // Its sessions end with it: a pg_restore outlives the worker that was killed.
    await dropScratch(target, scratch).catch((error: unknown) =>
      logger('worker').warn(
        { scratch, err: messageOf(error) },
        'the database of a dead worker could not be dropped',
      ),
    );
  }
  return cleared;
}
