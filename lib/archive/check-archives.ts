import 'server-only';
import { hex } from '@/lib/audit/merkle';
import { stage } from '@/lib/audit/stage';
import type { CheckToKeep } from '@/lib/backup/check';
import { checkStored } from '@/lib/backup/check-file';
import { fileOf, readMarkerAs } from '@/lib/backup/folder';
import { holding } from '@/lib/backup/lease';
import { type CopyLevel, copyLevels, standingLevel } from '@/lib/backup/model';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { transaction } from '@/lib/db/transaction';
import type { Archiver } from './begin-archive';
import { checkAuditDecoded, checkAuditListed, checkAuditProven, type Joins } from './check-audit';
import {
  checkConfigurationDecoded,
  checkConfigurationListed,
  checkConfigurationProven,
} from './check-configuration';
import { ArchiveMarker, type LogPoint, Manifest } from './manifest';
import { type ArchiveKind, archiveLevelNames, archiveSubject } from './model';
import { programVersion } from './program';
import { latestLooks, renewArchive } from './store';

/** What could not be looked at is looked at again after this. */
const unknownSeconds = 3600;
/** Older archives are read in full this often: each is a link that a proof of the whole log needs. */
export const olderSeconds = 7 * 86_400;
/** Empty, a gzip has some twenty bytes. */
const minBytes = 20;

type Taken = {
  id: string;
  kind: ArchiveKind;
  folder: string;
  object: string;
  bytes: bigint;
  sha256: string;
  content: unknown;
  started_at: Date;
};

/** Checks every archive that is due, the newest first. */
export async function checkDueArchives(archiver: Archiver): Promise<number> {
  let checked = 0;
  for (let taken = await take(archiver); taken !== null; taken = await take(archiver)) {
    await climb(archiver, taken);
    checked += 1;
  }
  return checked;
}

async function take({ db, config, holder, signal }: Archiver): Promise<Taken | null> {
  if (signal.aborted || config.archives === undefined) return null;
  const [row] = await db.$queryRaw<Taken[]>`
    UPDATE archive SET lease_owner = ${holder.workerId},
      lease_until = app.now() + ${holder.leaseSeconds}::double precision * interval '1 s'
    WHERE id = (
      SELECT id FROM archive WHERE state = 'kept' AND check_due_at <= app.now() AND folder = ${config.archives.folder}
        AND (lease_until IS NULL OR lease_until < app.now())
      ORDER BY started_at DESC FOR UPDATE SKIP LOCKED LIMIT 1)
    RETURNING id, kind, folder, object, bytes, sha256, content, started_at`;
  return row ?? null;
}

/** Level after level, until one does not pass; what stands then is the archive's level. */
async function climb(archiver: Archiver, taken: Taken): Promise<void> {
  const { db, holder } = archiver;
  let reached: CopyLevel = 1;
  const lease = { id: taken.id, holder, stopping: archiver.signal, renew: renewArchive };
  try {
    await holding(db, lease, async (signal) => {
      let isUnknown = false;
      try {
        for await (const check of looks(archiver, taken, signal)) {
          await keepCheck(archiver, taken, check);
          isUnknown = check.result === 'unknown';
          if (check.result !== 'passed') break;
          reached = copyLevels.find((next) => next > check.level) ?? reached;
        }
      } catch (error) {
        signal.throwIfAborted();
        // Asked again in an hour, so that one archive that cannot be looked at holds up no other.
        isUnknown = true;
        logger('worker').error({ archive: taken.id, err: error }, 'a look at an archive broke off');
        await keepCheck(archiver, taken, unlooked(reached, messageOf(error).slice(0, 300)));
      }
      signal.throwIfAborted();
      await settle(archiver, taken, isUnknown);
    });
  } catch (error) {
    // Given back as it was: another worker, or the next start, looks again.
    await db.$executeRaw`
      UPDATE archive SET lease_owner = NULL, lease_until = NULL
      WHERE id = ${taken.id}::uuid AND lease_owner = ${holder.workerId}`;
    if (!archiver.signal.aborted) throw error;
  }
}

const unlooked = (level: CopyLevel, said: string): CheckToKeep => ({
  level,
  result: 'unknown',
  tool: 'Signalbox',
  toolVersion: programVersion,
  sentence: `The look broke off: ${said}.`,
  evidence: [],
  seconds: 0,
});

async function* looks({ db }: Archiver, taken: Taken, signal: AbortSignal): AsyncGenerator<CheckToKeep> {
  const stored = { ...taken, bytes: Number(taken.bytes) };
  yield await checkStored(stored, { minBytes, before: [], signal }, (folder, object) =>
    readMarkerAs(ArchiveMarker, folder, object),
  );
  const file = fileOf(taken.folder, taken.object);
  const expected = Manifest.parse(taken.content);
  if (expected.kind === 'configuration') {
    yield await checkConfigurationListed({ file, expected });
    yield await checkConfigurationDecoded({ file, expected });
    return yield await checkConfigurationProven({ file, expected });
  }
  yield await checkAuditListed({ file, signal }, expected);
  yield await checkAuditDecoded({ file, signal });
  yield await checkAuditProven({ file, signal }, await joinsOf(db, taken));
}

/** The archive before it in its folder, and the live log. */
async function joinsOf(db: Archiver['db'], taken: Taken): Promise<Joins> {
  const row = await db.archive.findFirst({
    where: { kind: 'audit', folder: taken.folder, state: 'kept', startedAt: { lt: taken.started_at } },
    orderBy: { startedAt: 'desc' },
    select: { content: true },
  });
  const head = await db.auditHead.findUniqueOrThrow({ where: { id: 1 }, select: { size: true } });
  return {
    before: row === null ? null : endOf(Manifest.parse(row.content)),
    live: {
      size: Number(head.size),
      leaves: async (first, count) => {
        const rows = await db.$queryRaw<{ seq: bigint; leaf: Uint8Array }[]>`
          SELECT seq, leaf FROM audit.entry WHERE seq >= ${BigInt(first)} AND seq < ${BigInt(first + count)}`;
        const leaves = new Map(rows.map(({ seq, leaf }) => [Number(seq), hex(leaf)]));
        return Array.from({ length: count }, (_, index) => leaves.get(first + index) ?? '');
      },
    },
  };
}

const endOf = (manifest: Manifest): LogPoint | null => (manifest.kind === 'audit' ? manifest.after : null);

/** Stored as soon as it is known, so that a page shows how far a long climb has come. */
async function keepCheck({ db, holder }: Archiver, taken: Taken, check: CheckToKeep): Promise<void> {
  await transaction(async (tx) => {
    const [held] = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM archive WHERE id = ${taken.id}::uuid AND lease_owner = ${holder.workerId} AND state = 'kept' FOR UPDATE`;
    if (held !== undefined) await tx.archiveCheck.create({ data: { archiveId: taken.id, ...check } });
  }, db);
}

/** The level that stands, when to look again, and an audit entry when the level is another one. */
async function settle(
  { db, config, holder, actor }: Archiver,
  taken: Taken,
  isUnknown: boolean,
): Promise<void> {
  await transaction(async (tx) => {
    const [now] = await tx.$queryRaw<{ level: number | null; is_newest: boolean }[]>`
      SELECT level, NOT EXISTS (SELECT FROM archive n WHERE n.kind = a.kind AND n.folder = a.folder
          AND n.state = 'kept' AND n.started_at > a.started_at) AS is_newest
      FROM archive a WHERE id = ${taken.id}::uuid AND lease_owner = ${holder.workerId} AND state = 'kept' FOR UPDATE OF a`;
    if (now === undefined) return;
    const latest = (await latestLooks(tx, [taken.id])).get(taken.id) ?? [];
    const level = standingLevel(latest);
    const recheck = now.is_newest ? config.backups.recheck : Math.max(olderSeconds, config.backups.recheck);
    const wait = isUnknown ? unknownSeconds : recheck;
    await tx.$executeRaw`
      UPDATE archive SET level = ${level}, lease_owner = NULL, lease_until = NULL,
        check_due_at = app.now() + ${wait}::double precision * interval '1 s'
      WHERE id = ${taken.id}::uuid`;
    const failed = latest.find(({ result }) => result === 'failed');
    // One that never rose has nothing to fall from; that it is spoilt is worth an entry all the same.
    if (level === now.level && failed === undefined) return;
    const sentence =
      failed?.sentence ??
      (level === null ? 'Nothing is known of it any more.' : `${archiveLevelNames[level]}.`);
    await stage(tx, {
      action: 'archive.level_changed',
      actor,
      target: archiveSubject(taken.kind),
      result: failed === undefined ? 'ok' : 'failed',
      details: {
        kind: taken.kind,
        object: taken.object,
        levelBefore: now.level ?? -1,
        level: level ?? -1,
        sentence: sentence.slice(0, 500),
      },
    });
  }, db);
}
