import 'server-only';
import type { Actor } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import type { Database as DatabaseConfig, DirectBackup } from '@/lib/config/database';
import { now as coreNow } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { readRestores } from '../restore/under-way';
import { deleteCopies, liftTombstones, markCopies } from './carry-out';
import { takeInventory } from './inventory';
import { countedLevel } from './model';
import { selectCopies } from './select-copies';
import { onlyWaits, type Stop, stopsOf } from './stops';
import {
  ageLimitOf,
  knownObjects,
  type LastRun,
  readCopies,
  readLastRun,
  type StoredCopy,
  toRetained,
} from './store';

export type RetentionRun = { marked: number; deleted: number; lifted: number; stops: Stop[] };
type Backed = DatabaseConfig & { backup: DirectBackup };
type World = { db: Database; database: Backed; actor: Actor; clock: () => Date };

/**
 * Carries the retention of one database out, in two phases: what no rule needs is marked, and deleted when the grace is
 * over and still no rule needs it. What is wanted again is unmarked before anything else. Where anything speaks against
 * it, nothing is marked and nothing is deleted, and why is kept for the page. A file that the database does not know
 * is never touched. `clock` is the worker's own.
 */
export async function runRetention(
  db: Database,
  database: Backed,
  actor: Actor,
  clock: () => Date = coreNow,
): Promise<RetentionRun> {
  const world: World = { db, database, actor, clock };
  const { folder } = database.backup;
  const copies = await readCopies(db, database.id);
  const inventory = await takeInventory(folder, (names) => knownObjects(db, names));
  const filed = copies.filter(({ state }) => state === 'kept' || state === 'tombstoned');
  const isMissing = ({ object }: StoredCopy) => inventory.problem === null && !inventory.isWhole(object);
  const retained = filed.map((copy) => toRetained(copy, isMissing(copy)));
  const verdicts = new Map(
    selectCopies(retained, database.backup.retention).map((verdict) => [verdict.id, verdict]),
  );
  const leaves = ({ id }: StoredCopy) => verdicts.get(id)?.stays === false;
  const marked = filed.filter(({ state }) => state === 'tombstoned');
  const lifted = await liftTombstones(
    world,
    marked.filter((copy) => !leaves(copy)),
    verdicts,
  );
  const leaving = filed.filter((copy) => copy.state === 'kept' && leaves(copy));
  const ending = copies.filter(
    (copy) => copy.state === 'deleting' || (copy.state === 'tombstoned' && leaves(copy)),
  );
  const last = await readLastRun(db, database.id);
  const before = clock().getTime();
  const now = await databaseNow(db);
  const due = ending.filter(
    ({ state, deleteAfter }) => state === 'deleting' || (deleteAfter !== null && deleteAfter <= now),
  );
  const verified = retained.filter(
    ({ level, isSpoilt, isMissing: gone }) => !gone && !isSpoilt && level !== null && level >= countedLevel,
  );
  const isFolderGone = inventory.problem !== null && filed.length > 0;
  const isIdle = leaving.length === 0 && due.length === 0 && !isFolderGone;
  const stops = isIdle
    ? []
    : stopsOf({
        leaving: leaving.map(({ id }) => id),
        inForce: filed.filter((copy) => copy.state === 'kept' && !isMissing(copy)).length,
        approved: last?.approved ?? [],
        clock: { database: now.getTime(), before, after: clock().getTime() },
        newestVerified: verified[0]?.snapshotMs ?? null,
        newestSnapshot: retained[0]?.snapshotMs ?? null,
        ageLimitSeconds: ageLimitOf(database, now),
        isRunning: copies.some(({ state }) => state === 'running'),
        isRestoring: (await readRestores(db, database.id)).underWay !== null,
        folderProblem: inventory.problem,
      });
  const run: RetentionRun = { marked: 0, deleted: 0, lifted, stops };
  if (stops.length === 0) {
    run.marked = await markCopies(world, leaving, verdicts, last);
    run.deleted = await deleteCopies(world, due, verdicts);
  }
  await keepRun(world, last, {
    stops,
    leaving: stops.length === 0 ? [] : leaving.map(({ id }) => id),
    inForce: filed.length,
    unknownFiles: inventory.unknown,
    unknownCount: inventory.unknownCount,
    missing: filed.filter(isMissing).map(({ id }) => id),
  });
  return run;
}

type Outcome = Pick<LastRun, 'stops' | 'leaving' | 'unknownFiles' | 'unknownCount' | 'missing'> & {
  inForce: number;
};

const codesOf = (stops: readonly Stop[]): string => stops.map(({ code }) => code).join(' ');

/** Keeps what came of it; a stop is recorded once, not with every run that finds it again. */
async function keepRun(
  { db, database, actor }: World,
  last: LastRun | null,
  outcome: Outcome,
): Promise<void> {
  const { stops, leaving, inForce, ...folder } = outcome;
  const state = stops.length === 0 ? 'done' : onlyWaits(stops) ? 'waits' : 'stopped';
  const isNew = state === 'stopped' && (last?.state !== 'stopped' || codesOf(last.stops) !== codesOf(stops));
  await transaction(async (tx) => {
    const data = { ...folder, state, stops, leaving, ranAt: await databaseNow(tx) };
    // What a person let go is gone with the run that marked it; a stop of another kind leaves their word standing.
    const cleared =
      stops.length === 0 ? { approved: [], approvedAt: null, approvedById: null, approvedByName: null } : {};
    await tx.backupRetention.upsert({
      where: { databaseId: database.id },
      create: { databaseId: database.id, ...data, approved: [] },
      update: { ...data, ...cleared },
    });
    if (!isNew) return;
    await stage(tx, {
      action: 'backup.retention_stopped',
      actor,
      target: `database:${database.id}`,
      result: 'refused',
      reason: stops.map(({ sentence }) => sentence).join(' '),
      details: { copies: leaving.length, of: inForce },
    });
  }, db);
}
