import 'server-only';
import { z } from 'zod';
import type { Database as DatabaseConfig } from '@/lib/config/database';
import { recoveryTiers } from '@/lib/config/database';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { Pin } from '../contract';
import { pauseOf } from '../pause';
import { countedLevel, type RetainedCopy } from './model';
import { ageLimit, type Stop, stopCodes } from './stops';

/** A copy as retention sees it; `kept` and `tombstoned` have a file, of `running` and `deleting` only the name matters. */
export type StoredCopy = {
  id: string;
  object: string;
  state: 'running' | 'kept' | 'tombstoned' | 'deleting';
  snapshotAt: Date;
  level: number | null;
  isSpoilt: boolean;
  wasVerified: boolean;
  serverVersion: string | null;
  pins: Pin[];
  /** A drill or a load of it waits or is under way: what it is called. */
  inUse: 'drill' | 'restore' | null;
  deleteAfter: Date | null;
};

type Row = Omit<StoredCopy, 'state' | 'pins'> & { state: string; pins: unknown };

const Pins = z.array(Pin);
export const pinsOf = (column: unknown): Pin[] => Pins.parse(column);

const stateOf = (state: string): StoredCopy['state'] =>
  state === 'running' || state === 'kept' || state === 'tombstoned' ? state : 'deleting';

/** Copies of a database that are, or may be, in its folder: newest first. */
export async function readCopies(db: DatabaseOrTransaction, databaseId: string): Promise<StoredCopy[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT c.id, c.object, c.state, coalesce(c.snapshot_at, c.started_at) AS "snapshotAt", c.level, c.pins,
      c.server_version AS "serverVersion", c.delete_after AS "deleteAfter",
      EXISTS (SELECT FROM backup_check k WHERE k.copy_id = c.id AND k.result = 'failed' AND NOT EXISTS (
        SELECT FROM backup_check l WHERE l.copy_id = k.copy_id AND l.level = k.level AND l.id > k.id
          -- A restore that could not be tried takes nothing back of one that failed.
          AND NOT (l.level = 4 AND l.result = 'unknown'))) AS "isSpoilt",
      EXISTS (SELECT FROM backup_check k WHERE k.copy_id = c.id AND k.level >= ${countedLevel} AND k.result = 'passed')
        AS "wasVerified",
      (SELECT max(r.purpose) FROM restore_run r WHERE r.copy_id = c.id AND r.state IN ('wanted', 'running')) AS "inUse"
    FROM backup_copy c WHERE c.database_id = ${databaseId}
      AND (c.state IN ('running', 'kept', 'tombstoned') OR (c.state = 'deleted' AND c.deleted_at IS NULL))
    ORDER BY "snapshotAt" DESC, c.id DESC`;
  return rows.map((row) => ({ ...row, state: stateOf(row.state), pins: pinsOf(row.pins) }));
}

/** Which of these names are objects of any database, neither failed nor deleted: folders may be shared. */
export async function knownObjects(
  db: DatabaseOrTransaction,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.backupCopy.findMany({
    where: { object: { in: [...names] }, deletedAt: null, state: { not: 'failed' } },
    select: { object: true },
  });
  return new Set(rows.map(({ object }) => object));
}

export const toRetained = (copy: StoredCopy, isMissing: boolean): RetainedCopy => ({
  id: copy.id,
  snapshotMs: copy.snapshotAt.getTime(),
  level: copy.level,
  isSpoilt: copy.isSpoilt,
  wasVerified: copy.wasVerified,
  isMissing,
  serverMajor: copy.serverVersion === null ? null : Number.parseInt(copy.serverVersion, 10) || null,
  pins: [...copy.pins.map(({ reason }) => reason), ...(copy.inUse === null ? [] : [useWords[copy.inUse]])],
});

/** Seconds that the newest verified copy of a database may be old before retention stops. */
export function ageLimitOf({ tier, rpo, backup }: DatabaseConfig, now: Date): number {
  const objective = rpo ?? recoveryTiers[tier].rpo;
  if (backup?.schedule === undefined) return objective;
  return ageLimit(objective, pauseOf(backup.schedule, now), backup.timeout);
}

const useWords = { drill: 'a drill restores it', restore: 'a change restores it' } as const;

const Stops = z.array(z.object({ code: z.enum(stopCodes), sentence: z.string() }));

export const retentionStates = ['done', 'waits', 'stopped'] as const;

/** What the last run of retention left: null before the first. */
export type LastRun = {
  ranAt: Date;
  state: (typeof retentionStates)[number];
  stops: Stop[];
  leaving: string[];
  unknownFiles: string[];
  unknownCount: number;
  missing: string[];
  approved: string[];
  approvedAt: Date | null;
  approvedByName: string | null;
};

const LastState = z.enum(retentionStates);

export async function readLastRun(db: DatabaseOrTransaction, databaseId: string): Promise<LastRun | null> {
  const row = await db.backupRetention.findUnique({ where: { databaseId } });
  return row === null ? null : { ...row, state: LastState.parse(row.state), stops: Stops.parse(row.stops) };
}
