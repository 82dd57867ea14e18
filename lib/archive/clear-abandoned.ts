import 'server-only';
import fs from 'node:fs/promises';
import { hasAllBytes, readMarkerAs, removeObject } from '@/lib/backup/folder';
import { logger } from '@/lib/core/log';
import type { Archiver } from './begin-archive';
import { failArchive, keepArchive } from './end-archive';
import { ArchiveMarker } from './manifest';
import { archiveKinds } from './model';

/**
 * Ends what dead workers left: an archive that still runs by its row although nobody keeps its lease. One that was
 * finished, which its marker tells, is kept; of any other the files go, and the row says why. How many.
 */
export async function clearAbandonedArchives({
  db,
  actor,
  config,
}: Pick<Archiver, 'db' | 'actor' | 'config'>): Promise<number> {
  const rows = await db.$queryRaw<
    { id: string; kind: string; folder: string; object: string; lease_owner: string }[]
  >`SELECT id, kind, folder, object, lease_owner FROM archive
    WHERE state = 'running' AND lease_until < app.now() ORDER BY started_at`;
  let cleared = 0;
  for (const { id, kind: text, folder, object, lease_owner: owner } of rows) {
    const kind = archiveKinds.find((known) => known === text);
    if (kind === undefined) continue;
    const row = { id, kind, object, workerId: null };
    const marker = await readMarkerAs(ArchiveMarker, folder, object);
    const isFinished =
      marker !== null &&
      marker.archive === id &&
      marker.object === object &&
      (await hasAllBytes(folder, marker));
    const error = `The worker ${owner} gave no sign of life any more; the archive was not finished.`;
    const isMine = isFinished
      ? await keepArchive(db, actor, { ...row, ...marker })
      : await failArchive(db, actor, { ...row, error });
    if (isMine) cleared += 1;
  }
  await removeFailed(db, config.archives?.folder ?? '');
  return cleared;
}

/** Removes what failed attempts left, again until it succeeds: a folder may be away for a while. */
async function removeFailed(db: Archiver['db'], folder: string): Promise<void> {
  const rows = await db.archive.findMany({
    where: { folder, state: 'failed', deletedAt: null },
    select: { id: true, object: true },
  });
  for (const { id, object } of rows) {
    try {
      // Without its folder nothing is known of the files in it.
      await fs.access(folder);
      await removeObject(folder, object);
      await db.$executeRaw`UPDATE archive SET deleted_at = app.now() WHERE id = ${id}::uuid AND state = 'failed'`;
    } catch (cause) {
      logger('worker').warn({ object, err: cause }, 'files of a failed archive could not be removed');
    }
  }
}
