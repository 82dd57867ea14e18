import 'server-only';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { readTarget } from '../connection';
import { endSessions } from '../end-sessions';
import type { Copier } from '../make-copy';
import { type EndedLoad, endLoad } from './end-load';
import { loadSession } from './load-copies';
import { type Restorable, restorable } from './take-load';

type Row = { id: string; databaseId: string; why: 'dead' | 'ended' | 'unable' };

const sentences = {
  dead: 'The worker that loaded it died.',
  ended: 'The change that asked for it has ended.',
  unable: 'signalbox.yaml names no account any more that may put a copy of this database back.',
} as const;

/**
 * Ends what nobody carries out: a load that still runs by its row although nobody keeps its lease, one whose change has
 * ended, and one that no worker can begin. The database that it was loaded into is left to the change.
 */
export async function clearAbandonedLoads(copier: Copier): Promise<number> {
  const able = restorable(copier.config);
  const rows = await copier.db.$queryRaw<Row[]>`
    SELECT id, database_id AS "databaseId", why FROM (
      SELECT r.*, CASE WHEN r.state = 'running' AND r.lease_until < app.now() THEN 'dead'
        WHEN r.state = 'wanted' AND NOT EXISTS (SELECT FROM change c WHERE c.number = r.change_number
          AND c.finished_at IS NULL) THEN 'ended'
        WHEN r.state = 'wanted' AND NOT r.database_id = ANY(${able.map(({ id }) => id)}) THEN 'unable' END AS why
      FROM restore_run r WHERE r.purpose = 'restore' AND r.state IN ('wanted', 'running')) found
    WHERE why IS NOT NULL ORDER BY requested_at`;
  let cleared = 0;
  for (const { id, databaseId, why } of rows) {
    // The row first: a worker that comes back finds that the load is not its own any more.
    if (!(await endLoad(copier, { id, ...endOf(why) }))) continue;
    cleared += 1;
    const database = able.find((known) => known.id === databaseId);
    if (why !== 'dead' || database === undefined) continue;
    // A pg_restore outlives the worker that was killed, and would go on writing.
    await endThose(database, id).catch((error: unknown) =>
      logger('worker').warn(
        { database: databaseId, err: messageOf(error) },
        'sessions of a dead load could not be ended',
      ),
    );
  }
  return cleared;
}

const endOf = (why: Row['why']): Omit<EndedLoad, 'id'> => ({
  workerId: null,
  state: why === 'ended' ? 'cancelled' : 'failed',
  phase: null,
  sentence: sentences[why],
  isFaultOfCopy: false,
  evidence: [],
  check: null,
});

/** Asked of the database that the URL names: the one that is loaded may let nobody in. */
const endThose = async ({ restore, name }: Restorable, id: string): Promise<void> =>
  endSessions(readTarget(restore.url, `the restores of ${name}`), loadSession(id));
