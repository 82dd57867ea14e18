import 'server-only';
import { stage } from '@/lib/audit/stage';
import { removeObject } from '@/lib/backup/folder';
import { goodLevel } from '@/lib/backup/model';
import { clockToleranceSeconds } from '@/lib/backup/retention/stops';
import { formatDuration } from '@/lib/core/duration';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { now as coreNow } from '@/lib/core/time';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { Archiver } from './begin-archive';
import { archiveSubject } from './model';

/** What decides: when it was made, how far it is proven now, and whether its end has begun. */
export type Standing = { id: string; startedMs: number; level: number | null; isEnding: boolean };

/**
 * Archives of the configuration that may go: those in whose place another one has been for longer than `keepSeconds`.
 * What was in force during that time stays, however old it is. Nothing goes while the newest is not read in full, and
 * nothing that is from the future counts.
 */
export function leavingArchives(
  archives: readonly Standing[],
  { keepSeconds, nowMs }: { keepSeconds: number; nowMs: number },
): string[] {
  const sorted = archives
    .filter(({ startedMs }) => startedMs <= nowMs)
    .toSorted((left, right) => right.startedMs - left.startedMs);
  const [newest] = sorted.filter(({ isEnding }) => !isEnding);
  if (newest === undefined || (newest.level ?? -1) < goodLevel) return [];
  return sorted.flatMap(({ id, isEnding }, index) => {
    if (id === newest.id) return [];
    const next = sorted[index - 1];
    const isReplaced = next !== undefined && nowMs - next.startedMs > keepSeconds * 1000;
    return isEnding || isReplaced ? [id] : [];
  });
}

/**
 * Deletes archives of the configuration whose time is over: claimed first, then marker and file, then said. The audit
 * log's are links of one chain and stay. `clock` is the worker's own: where it and that of the database are apart,
 * nobody can say how old anything is.
 */
export async function retainArchives(
  { db, config, actor }: Pick<Archiver, 'db' | 'config' | 'actor'>,
  clock: () => Date = coreNow,
): Promise<number> {
  const { archives } = config;
  if (archives === undefined) return 0;
  const now = await databaseNow(db);
  if (Math.abs(now.getTime() - clock().getTime()) > clockToleranceSeconds * 1000) return 0;
  const rows = await db.archive.findMany({
    where: {
      kind: 'configuration',
      folder: archives.folder,
      OR: [{ state: 'kept' }, { state: 'deleted', deletedAt: null }],
    },
    select: { id: true, object: true, startedAt: true, level: true, state: true },
  });
  const standing = rows.map(({ id, startedAt, level, state }) => ({
    id,
    level,
    startedMs: startedAt.getTime(),
    isEnding: state === 'deleted',
  }));
  const { keep } = archives.configuration;
  const leaving = new Set(leavingArchives(standing, { keepSeconds: keep, nowMs: now.getTime() }));
  let deleted = 0;
  for (const { id, object } of rows.filter((row) => leaving.has(row.id))) {
    const claimed = await db.$executeRaw`UPDATE archive SET state = 'deleted'
      WHERE id = ${id}::uuid AND deleted_at IS NULL AND state IN ('kept', 'deleted')`;
    if (claimed === 0) continue;
    try {
      await removeObject(archives.folder, object);
    } catch (error) {
      logger('worker').warn(
        { object, err: messageOf(error) },
        'an archive could not be deleted; tried again',
      );
      continue;
    }
    deleted += await transaction(async (tx) => {
      const ended = await tx.$executeRaw`UPDATE archive SET deleted_at = app.now()
        WHERE id = ${id}::uuid AND state = 'deleted' AND deleted_at IS NULL`;
      if (ended === 0) return 0;
      await stage(tx, {
        action: 'archive.deleted',
        actor,
        target: archiveSubject('configuration'),
        result: 'ok',
        reason: `Another one took its place more than ${formatDuration(keep)} ago.`,
        details: { kind: 'configuration', object },
      });
      return 1;
    }, db);
  }
  return deleted;
}
