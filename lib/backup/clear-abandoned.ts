import 'server-only';
import fs from 'node:fs/promises';
import { logger } from '@/lib/core/log';
import type { BackedUp } from './begin-copy';
import { readTarget } from './connection';
import { failCopy, keepCopy } from './end-copy';
import { endSessions } from './end-sessions';
import { finishedObject, removeObject } from './folder';
import { endJob } from './job/end-job';
import { backedUp, type Copier, dumpedCheck, sessionName } from './make-copy';

type Abandoned = {
  id: string;
  database_id: string;
  object: string;
  lease_owner: string;
  stop_reason: string | null;
  job: string | null;
};

/**
 * Ends what dead workers left: a copy that still runs by its row although nobody keeps its lease. Its Job is deleted, its
 * sessions at the database are ended (a pg_dump outlives the worker that was killed), its files removed, its row told as
 * failed. A copy that was finished, which its marker tells, is kept.
 */
export async function clearAbandoned({ db, config, actor, jobs }: Copier): Promise<number> {
  const rows = await db.$queryRaw<Abandoned[]>`
    SELECT id, database_id, object, lease_owner, stop_reason, job FROM backup_copy
    WHERE state = 'running' AND lease_until < app.now() ORDER BY started_at`;
  let cleared = 0;
  for (const { id, database_id: databaseId, object, lease_owner: owner, stop_reason: asked, job } of rows) {
    const database = backedUp(config).find((known) => known.id === databaseId);
    const folder = database?.backup.folder;
    if (folder !== undefined && (await adopt({ db, actor }, folder, { id, databaseId, object }))) {
      cleared += 1;
      continue;
    }
    const error = asked ?? `The worker ${owner} gave no sign of life any more; the copy was not finished.`;
    // The row first: a worker that comes back finds that the copy is not its own any more.
    if (!(await failCopy(db, actor, { id, databaseId, object, workerId: null, error, log: '' }))) continue;
    cleared += 1;
    if (database === undefined) continue;
    if (job !== null) await endJob(jobs, { id, job }).catch(tellJob(job));
    await endThose(database, id).catch((cause: unknown) =>
      logger('worker').warn(
        { database: databaseId, err: cause },
        'sessions of a dead worker could not be ended',
      ),
    );
    await removeObject(database.backup.folder, object).catch((cause: unknown) =>
      logger('worker').warn({ object, err: cause }, 'files of a dead worker could not be removed'),
    );
  }
  await removeFailed({ db, config, jobs });
  return cleared;
}

const tellJob = (job: string) => (cause: unknown) =>
  logger('worker').warn({ job, err: cause }, 'the Job of a failed copy could not be deleted');

/** Removes what failed attempts left, again until it succeeds: a folder or a cluster may be away for a while. */
async function removeFailed({
  db,
  config,
  jobs,
}: Pick<Copier, 'db' | 'config'> & { jobs: Copier['jobs'] }): Promise<void> {
  for (const { id: databaseId, backup } of backedUp(config)) {
    const rows = await db.backupCopy.findMany({
      where: { databaseId, state: 'failed', deletedAt: null },
      select: { id: true, object: true, job: true },
    });
    for (const { id, object, job } of rows) {
      try {
        // What still writes goes before what it wrote.
        if (job !== null) await endJob(jobs, { id, job });
        // Without its folder nothing is known of the files in it.
        await fs.access(backup.folder);
        await removeObject(backup.folder, object);
        await db.$executeRaw`UPDATE backup_copy SET deleted_at = app.now() WHERE id = ${id}::uuid AND state = 'failed'`;
      } catch (cause) {
        logger('worker').warn({ object, err: cause }, 'files of a failed copy could not be removed');
      }
    }
  }
}

/** Keeps a copy whose worker finished it and could not write its row. False when it was not finished. */
async function adopt(
  { db, actor }: Pick<Copier, 'db' | 'actor'>,
  folder: string,
  row: { id: string; databaseId: string; object: string },
): Promise<boolean> {
  const marker = await finishedObject(folder, row.object, row.id);
  if (marker?.made === undefined) return false;
  const { sha256, bytes, serverVersion, dumpVersion, snapshotAt, made } = marker;
  return keepCopy(db, actor, {
    ...row,
    workerId: null,
    snapshotAt: new Date(snapshotAt),
    ...{ sha256, bytes, serverVersion, dumpVersion, catalog: made.catalog },
    log: '',
    check: dumpedCheck(dumpVersion, made.seconds, made.evidence),
  });
}

const endThose = async ({ backup, name }: BackedUp, id: string): Promise<void> =>
  endSessions(readTarget(backup.url, `the copies of ${name}`), sessionName(id));
