import 'server-only';
import { z } from 'zod';
import { changeId } from '@/lib/core/ids';
import type { BackupCopy } from '@/prisma/generated/client';
import { type CopyView, Pin } from './contract';
import { copyCauses, copyStates } from './model';
import { unusualShare } from './size';
import type { StoredLatest } from './store';

/** Everything of a row that a page shows; catalog and log are large, and left out. */
export const copyColumns = {
  id: true,
  databaseId: true,
  cause: true,
  changeNumber: true,
  state: true,
  object: true,
  slotAt: true,
  missedSlots: true,
  startedAt: true,
  snapshotAt: true,
  finishedAt: true,
  bytes: true,
  sha256: true,
  serverVersion: true,
  dumpVersion: true,
  job: true,
  level: true,
  error: true,
  pins: true,
  deleteAfter: true,
  deletedAt: true,
} as const;
export type CopyRow = Pick<BackupCopy, keyof typeof copyColumns>;

const Pins = z.array(Pin);
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** The share is said by the look at level 1; a copy that was not looked at has no usual size. */
function isUnusual(latest: readonly StoredLatest[]): boolean {
  const stored = latest.find(({ level }) => level === 1);
  const size = stored?.evidence.find(({ what }) => what.startsWith('Size against the median'));
  const share = /^([+−])(\d+) %$/.exec(size?.found ?? '');
  return share !== null && Number(share[2]) > unusualShare * 100;
}

export function copyView(row: CopyRow, latest: readonly StoredLatest[]): CopyView {
  return {
    id: row.id,
    database: row.databaseId,
    cause: z.enum(copyCauses).parse(row.cause),
    change: row.changeNumber === null ? null : changeId(row.changeNumber),
    state: z.enum(copyStates).parse(row.state),
    object: row.object,
    slotAt: iso(row.slotAt),
    missedSlots: row.missedSlots,
    startedAt: row.startedAt.toISOString(),
    snapshotAt: iso(row.snapshotAt),
    finishedAt: iso(row.finishedAt),
    bytes: row.bytes === null ? null : Number(row.bytes),
    sha256: row.sha256,
    serverVersion: row.serverVersion,
    dumpVersion: row.dumpVersion,
    job: row.job,
    level: row.level,
    isSpoilt: latest.some(({ result }) => result === 'failed'),
    provenAt: iso(latest.find(({ level, result }) => level === 4 && result === 'passed')?.at ?? null),
    isUnusualSize: isUnusual(latest),
    error: row.error,
    pins: Pins.parse(row.pins),
    deleteAfter: iso(row.deleteAfter),
    deletedAt: iso(row.deletedAt),
  };
}
