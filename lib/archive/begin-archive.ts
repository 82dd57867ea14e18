import 'server-only';
import type { AuditActor } from '@/lib/audit/stage';
import type { Holder } from '@/lib/backup/begin-copy';
import { type Attempt, dueCopy } from '@/lib/backup/decide-copy';
import { objectName } from '@/lib/backup/folder';
import { holdSchedule } from '@/lib/backup/schedule';
import type { Archives } from '@/lib/config/database';
import type { ConfigSource } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import { newId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { type ArchiveKind, archiveSubject } from './model';

/** What makes, checks and deletes archives. */
export type Archiver = {
  db: Database;
  config: Config;
  /** What the process runs with; null where it was not read from a file, and nothing is there to archive. */
  source: () => ConfigSource | null;
  actor: AuditActor;
  holder: Holder;
  /** Ends what is under way. */
  signal: AbortSignal;
};

export type Begun = { id: string; kind: ArchiveKind; folder: string; object: string; startedAt: Date };

/** So many of the newest attempts tell which moments of a schedule are answered. */
const LOOKED_AT = 20;
const endings: Record<ArchiveKind, string> = { configuration: 'tar.gz', audit: 'ndjson.gz' };

/** A run that found nothing new answers its moment as one with a file does. */
const stateOf = (state: string): Attempt['state'] =>
  state === 'running' || state === 'failed' ? state : 'kept';

/** Begins the archive that its schedule wants now; null: none, or another worker is at it. */
export function beginDueArchive(
  { db, holder }: Pick<Archiver, 'db' | 'holder'>,
  archives: Archives,
  kind: ArchiveKind,
): Promise<Begun | null> {
  const { cron, timeZone } = archives[kind];
  const { folder } = archives;
  return transaction(async (tx) => {
    const since = await holdSchedule(tx, archiveSubject(kind), { cron, timeZone });
    if (since === null) return null;
    const now = await databaseNow(tx);
    const rows = await tx.archive.findMany({
      where: { kind, OR: [{ slotAt: { lte: now } }, { slotAt: null }, { state: 'running' }] },
      orderBy: { startedAt: 'desc' },
      take: LOOKED_AT,
      select: { state: true, slotAt: true, finishedAt: true },
    });
    const attempts = rows.map((row) => ({ ...row, state: stateOf(row.state) }));
    if (attempts.some(({ state }) => state === 'running')) return null;
    const due = dueCopy({ cron, timeZone }, since, attempts, now);
    if (due === null) return null;
    const id = newId();
    const object = objectName(kind, id, now, endings[kind]);
    await tx.$executeRaw`
      INSERT INTO archive (id, kind, cause, folder, object, slot_at, missed_slots, lease_owner, lease_until)
      VALUES (${id}::uuid, ${kind}, ${due.cause}, ${folder}, ${object}, ${due.slotAt}::timestamptz,
        ${due.missedSlots}, ${holder.workerId},
        app.now() + ${holder.leaseSeconds}::double precision * interval '1 s')`;
    return { id, kind, folder, object, startedAt: now };
  }, db);
}
