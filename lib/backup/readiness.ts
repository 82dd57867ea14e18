import 'server-only';
import { type Database as DatabaseConfig, recoveryTiers } from '@/lib/config/database';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { readRehearsable } from './drill/candidates';
import { recoveryTimeOf } from './drill/recovery-time';
import { hasFailed, passedDrill, readDrills } from './drill/store';
import { rtoObjective } from './drill/view';
import { graceSeconds } from './missed';
import { goodLevel } from './model';
import { pauseOf } from './pause';
import type { Readiness } from './ready';

/** A restore that a destructive migration may rest on is no older (change-engine.md 6.2). */
const provenSeconds = 7 * 86_400;

/** What the copies of a database allow at this moment. */
export async function readReadiness(
  db: DatabaseOrTransaction,
  known: DatabaseConfig,
  now: Date,
): Promise<Readiness> {
  const { id, name, backup } = known;
  const objectiveSeconds = known.rpo ?? recoveryTiers[known.tier].rpo;
  const pauseSeconds = backup?.schedule === undefined ? null : pauseOf(backup.schedule, now);
  const [good, drills] = await Promise.all([readRehearsable(db, id, goodLevel), readDrills(db, id)]);
  const [newest] = good;
  const [proven, bytes] = await Promise.all([
    newestProof(
      db,
      good.map((copy) => copy.id),
    ),
    newest === undefined ? null : bytesOf(db, newest.id),
  ]);
  return {
    name,
    isBackedUp: backup !== undefined,
    hasScratch: backup?.scratch !== undefined,
    nowMs: now.getTime(),
    newest: newest === undefined ? null : { snapshotMs: newest.snapshotAt.getTime(), level: newest.level },
    objectiveSeconds,
    // A run has so long after its moment before anybody calls it missed.
    reachSeconds: pauseSeconds === null ? null : pauseSeconds + graceSeconds,
    isProven: proven !== null && now.getTime() - proven.getTime() <= provenSeconds * 1000,
    provenMs: proven?.getTime() ?? null,
    failedDrill: hasFailed(drills, now) ? (drills.last?.sentence ?? null) : null,
    recoveryTime: recoveryTimeOf({
      drill: passedDrill(drills.lastPassed),
      newestBytes: bytes,
      nowMs: now.getTime(),
      objective: rtoObjective(known),
    }),
  };
}

/** When one of these copies was last restored and right; copies whose restore failed since are not among them. */
async function newestProof(db: DatabaseOrTransaction, copies: readonly string[]): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(k.at) AS at FROM backup_check k JOIN backup_copy c ON c.id = k.copy_id
    WHERE k.copy_id = ANY(${[...copies]}::uuid[]) AND k.level = 4 AND k.result = 'passed' AND c.level >= 4`;
  return row?.at ?? null;
}

async function bytesOf(db: DatabaseOrTransaction, id: string): Promise<number | null> {
  const row = await db.backupCopy.findUnique({ where: { id }, select: { bytes: true } });
  return row === null || row.bytes === null ? null : Number(row.bytes);
}
