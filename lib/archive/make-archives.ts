import 'server-only';
import fs from 'node:fs/promises';
import { errorCodeOf } from '@/lib/backup/file-error';
import {
  beginObject,
  digestOf,
  finishObject,
  folderError,
  hasAllBytes,
  readMarkerAs,
  removeObject,
} from '@/lib/backup/folder';
import { holding } from '@/lib/backup/lease';
import { isOpsError, sentenceOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs, sleep } from '@/lib/core/time';
import { type Archiver, type Begun, beginDueArchive } from './begin-archive';
import { packConfiguration } from './configuration';
import { endUnchanged, failArchive, type Kept, keepArchive } from './end-archive';
import { ArchiveMarker, type LogPoint, type Manifest } from './manifest';
import { type ArchiveKind, archiveKinds } from './model';
import { packAudit } from './pack-audit';
import { isSpoilt, type KeptArchive, latestLooks, newestArchive, renewArchive } from './store';

/** Makes every archive that is due, one after another; the number of runs that were begun. */
export async function makeDueArchives(archiver: Archiver): Promise<number> {
  const { archives } = archiver.config;
  if (archives === undefined) return 0;
  let begun = 0;
  for (const kind of archiveKinds) {
    if (archiver.signal.aborted) break;
    if (!(await hasSomething(archiver, kind))) continue;
    const archive = await beginDueArchive(archiver, archives, kind);
    if (archive === null) continue;
    begun += 1;
    await makeArchive(archiver, archive);
  }
  return begun;
}

/** Whether there is anything to archive at all: a process without a file, or a log without an entry, has nothing. */
async function hasSomething({ db, source }: Archiver, kind: ArchiveKind): Promise<boolean> {
  if (kind === 'configuration') return source() !== null;
  const head = await db.auditHead.findUnique({ where: { id: 1 }, select: { size: true } });
  return (head?.size ?? 0n) > 0n;
}

type Outcome =
  | { is: 'kept'; kept: Kept }
  | { is: 'unchanged'; sameAs: string }
  | { is: 'failed'; problem: string };

/**
 * Makes one archive: a name of its own, SHA-256, its place, its marker, its row. Whatever goes wrong, nothing of it stays
 * in the folder, the row says why, and no other archive is touched.
 */
async function makeArchive(archiver: Archiver, archive: Begun): Promise<void> {
  const { db, actor, holder } = archiver;
  const { id, kind, object, folder } = archive;
  const row = { id, kind, object, workerId: holder.workerId };
  await holding(db, { id, holder, stopping: archiver.signal, renew: renewArchive }, async (signal) => {
    const outcome = await attempt(archiver, archive, signal).catch(
      (error: unknown): Outcome => ({ is: 'failed', problem: inWords(error, signal) }),
    );
    // With its marker an archive is finished, whatever becomes of this worker: another one keeps it then.
    if (outcome.is === 'kept') {
      const isKept = await persistently(signal, () => keepArchive(db, actor, { ...row, ...outcome.kept }));
      // Whoever took it over has kept it, or an answer was lost after the row was written: only a failed one goes.
      if (isKept || !(await hasFailed(db, id))) return;
    }
    await removeObject(folder, object).catch((error: unknown) =>
      logger('worker').warn({ object, err: error }, 'what is left of an archive could not be removed'),
    );
    if (outcome.is === 'unchanged') await endUnchanged(db, row, outcome.sameAs);
    if (outcome.is !== 'failed') return;
    logger('worker').warn({ kind, why: outcome.problem }, 'an archive failed');
    await failArchive(db, actor, { ...row, error: outcome.problem });
  });
}

async function hasFailed(db: Archiver['db'], id: string): Promise<boolean> {
  const row = await db.archive.findUnique({ where: { id }, select: { state: true } });
  return row === null || row.state === 'failed';
}

/** Between two attempts to write the row of a finished archive. */
const RETRY_MS = 1000;

async function persistently(signal: AbortSignal, act: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (signal.aborted) throw error;
      logger('worker').warn(
        { err: error },
        'a finished archive could not be written down; it is tried again',
      );
      await sleep(RETRY_MS, signal);
    }
  }
}

function inWords(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'The worker was stopped, or lost the archive to another one.';
  return isOpsError(error) ? sentenceOf(error) : `The archive broke off: ${sentenceOf(error)}`;
}

async function attempt(archiver: Archiver, archive: Begun, signal: AbortSignal): Promise<Outcome> {
  const { db } = archiver;
  const { folder, object } = archive;
  const startedMs = monotonicMs();
  const newest = await newestArchive(db, archive.kind, folder);
  const file = await beginObject(folder, object);
  const content = await pack(archiver, { kind: archive.kind, file, newest, signal }).catch(
    (error: unknown) => {
      const isOfFolder =
        !isOpsError(error) && ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes(errorCodeOf(error));
      throw isOfFolder ? folderError(folder, error) : error;
    },
  );
  if (content === null && newest !== null) return { is: 'unchanged', sameAs: newest.id };
  if (content === null) throw new Error('there is nothing to archive');
  const digest = await digestOf(file, signal);
  signal.throwIfAborted();
  const seconds = (monotonicMs() - startedMs) / 1000;
  const marker: ArchiveMarker = {
    v: 1,
    archive: archive.id,
    object,
    ...digest,
    madeAt: archive.startedAt.toISOString(),
    seconds,
    content,
  };
  await finishObject(folder, marker).catch((error: unknown) => {
    throw folderError(folder, error);
  });
  return { is: 'kept', kept: { ...digest, content, seconds } };
}

type Packing = { kind: ArchiveKind; file: string; newest: KeptArchive | null; signal: AbortSignal };

/** Writes what is to be archived into `file`; null when the newest archive holds all of it, and is sound. */
async function pack(archiver: Archiver, { kind, file, newest, signal }: Packing): Promise<Manifest | null> {
  if (kind === 'audit') return packAudit(archiver.db, { file, before: endOf(newest), signal });
  const source = archiver.source();
  if (source === null) throw new Error('the configuration of this worker was not read from a file');
  const packed = await packConfiguration(source);
  if (newest !== null && (await stillHolds(archiver, newest, packed.manifest))) return null;
  await fs.writeFile(file, packed.bytes);
  return packed.manifest;
}

const endOf = (newest: KeptArchive | null): LogPoint | null =>
  newest?.content.kind === 'audit' ? newest.content.after : null;

/** The same manifest in an archive that is there, whole, and that no look found spoilt. */
async function stillHolds(
  { db, config }: Archiver,
  newest: KeptArchive,
  manifest: Manifest,
): Promise<boolean> {
  const folder = config.archives?.folder ?? '';
  const marker = await readMarkerAs(ArchiveMarker, folder, newest.object);
  if (marker === null || !(await hasAllBytes(folder, marker))) return false;
  if (isSpoilt((await latestLooks(db, [newest.id])).get(newest.id) ?? [])) return false;
  // Both went through the same schema, so that their members stand in the same order.
  return JSON.stringify(newest.content) === JSON.stringify(manifest);
}
