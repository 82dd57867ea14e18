import 'server-only';
import { type Database as DatabaseConfig, recoveryTiers } from '@/lib/config/database';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { lostCopies, readGoodCopies } from './drill/candidates';
import { recoveryTimeOf } from './drill/recovery-time';
import { hasFailed, passedDrill, readDrills } from './drill/store';
import { rtoObjective } from './drill/view';
import { graceSeconds } from './missed';
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
  const [lost, drills] = await Promise.all([lostCopies(db, id), readDrills(db, id)]);
  const [[newest], proven] = await Promise.all([readGoodCopies(db, id, lost, 1), newestProof(db, id, lost)]);
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
      newestBytes: newest?.bytes ?? null,
      nowMs: now.getTime(),
      objective: rtoObjective(known),
    }),
  };
}

/** When a good copy that is still there was last restored and right. */
async function newestProof(
  db: DatabaseOrTransaction,
  databaseId: string,
  lost: readonly string[],
): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(k.at) AS at FROM backup_copy c JOIN backup_check k ON k.copy_id = c.id
    WHERE c.database_id = ${databaseId} AND c.state = 'kept' AND c.level >= 4 AND NOT c.id = ANY(${[...lost]}::uuid[])
      AND k.level = 4 AND k.result = 'passed'`;
  return row?.at ?? null;
}
