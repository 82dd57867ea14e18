import 'server-only';
import type { AuditActor } from '@/lib/audit/stage';
import { jobPlaceOf } from '@/lib/config/job-place';
import type { Config } from '@/lib/config/schema';
import { isOpsError, sentenceOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs, sleep } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { type BackedUp, type Begun, beginDueCopy, type Holder } from './begin-copy';
import { type CheckToKeep, fact, judged } from './check';
import { readTarget, type Target } from './connection';
import type { Evidence } from './contract';
import { type Dumper, dumpDatabase } from './dump';
import { dumpHere } from './dump-here';
import { failCopy, keepCopy } from './end-copy';
import {
  beginObject,
  digestOf,
  finishObject,
  folderError,
  freeBytes,
  type Marker,
  removeObject,
} from './folder';
import type { JobsOf } from './job/cluster';
import { dumpByJob } from './job/dump-by-job';
import { holding, isCopyStopAsked } from './lease';
import { giveBackCopy, takeWantedCopy } from './take-wanted';
import { chooseTools, findTools } from './tools';

export type Copier = {
  db: Database;
  config: Config;
  actor: AuditActor;
  holder: Holder;
  /** Ends what is under way. */
  signal: AbortSignal;
  /** Jobs in clusters, and the pause between two looks at one; without it copies by Jobs fail. */
  jobs?: JobsOf;
  jobPollMs?: number;
};

/** Databases of the configuration that a worker copies by itself. */
export const backedUp = (config: Config): BackedUp[] =>
  config.databases.flatMap(({ backup, ...database }) =>
    backup === undefined ? [] : [{ ...database, backup }],
  );

/** As the sessions of a copy are named at the database, so that those of a dead worker can be ended. */
export const sessionName = (id: string): string => `signalbox-copy-${id}`;

/**
 * Makes every copy that is due, one after another; the number of those that were begun. What changes ask for comes
 * before what schedules want: people wait for it.
 */
export async function makeDueCopies(copier: Copier): Promise<number> {
  const { db, config, holder, actor, signal } = copier;
  const databases = backedUp(config);
  let begun = 0;
  const make = async (copy: Begun): Promise<void> => {
    begun += 1;
    await makeCopy(copier, copy);
  };
  const makeWanted = async (): Promise<void> => {
    while (!signal.aborted) {
      const copy = await takeWantedCopy(db, databases, holder, actor);
      if (copy === null) return;
      await make(copy);
    }
  };
  for (const database of databases) {
    await makeWanted();
    if (signal.aborted) break;
    const copy = await beginDueCopy(db, database, holder, actor);
    if (copy !== null) await make(copy);
  }
  await makeWanted();
  return begun;
}

/**
 * Makes one copy: dump into a name of its own, SHA-256, its place, its marker, its row. Whatever goes wrong, nothing
 * of it stays in the folder, the row says why, and no other copy is touched.
 */
export async function makeCopy(copier: Copier, copy: Begun): Promise<void> {
  const { db, actor, holder } = copier;
  const { folder } = copy.database.backup;
  const row = { id: copy.id, databaseId: copy.database.id, object: copy.object, workerId: holder.workerId };
  const outcome = await holding(
    db,
    { id: copy.id, holder, stopping: copier.signal, isStopAsked: isCopyStopAsked },
    async (signal): Promise<Outcome | null> => {
      const made = await attempt(copier, copy, signal).catch(
        (error: unknown): Outcome => ({ problem: inWords(error), log: '' }),
      );
      if (made.problem !== null) return made;
      const isKept = await persistently(signal, () => keepCopy(db, actor, { ...row, ...made.kept }));
      return isKept ? null : made;
    },
  );
  if (outcome === null) {
    logger('worker').info({ database: row.databaseId, object: row.object }, 'a copy is kept');
    return;
  }
  // Whoever took it over has kept it, or an answer was lost after the row was written: only a failed one goes.
  if (outcome.problem === null && !(await hasFailed(db, copy.id))) return;
  await removeObject(folder, copy.object).catch((error: unknown) =>
    logger('worker').warn({ object: row.object, err: error }, 'a failed copy could not be removed'),
  );
  if (outcome.problem === null) return;
  const asked = await stopReason(db, copy.id);
  // A worker that drains is no reason for a signed change to fail: the next one begins the copy anew.
  if (copy.change !== null && asked === null && copier.signal.aborted) {
    if (await giveBackCopy(db, actor, { ...row, change: copy.change })) return;
  }
  const error = asked ?? outcome.problem;
  logger('worker').warn({ database: row.databaseId, why: error }, 'a copy failed');
  await failCopy(db, actor, { ...row, error, log: outcome.log });
}

/** Why somebody wanted it to end; null: nobody did. */
async function stopReason(db: Database, id: string): Promise<string | null> {
  const row = await db.backupCopy.findUnique({ where: { id }, select: { stopReason: true } });
  return row?.stopReason ?? null;
}

/** Between two attempts to write the row of a finished copy. */
const RETRY_MS = 1000;

/** Tries until it succeeds; with `signal` it throws, and what was finished is left to whoever clears up. */
export async function persistently<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (signal.aborted) throw error;
      logger('worker').warn({ err: error }, 'what was finished could not be written down; it is tried again');
      await sleep(RETRY_MS, signal);
    }
  }
}

async function hasFailed(db: Database, id: string): Promise<boolean> {
  const row = await db.backupCopy.findUnique({ where: { id }, select: { state: true } });
  return row === null || row.state === 'failed';
}

type Kept = Omit<Parameters<typeof keepCopy>[2], 'id' | 'databaseId' | 'object' | 'workerId'>;
type Outcome = { problem: string; log: string } | { problem: null; kept: Kept };

function inWords(error: unknown): string {
  return isOpsError(error) ? sentenceOf(error) : `The copy broke off: ${sentenceOf(error)}`;
}

async function attempt(copier: Copier, copy: Begun, signal: AbortSignal): Promise<Outcome> {
  const { db, config } = copier;
  const { database, object } = copy;
  const { backup } = database;
  const target = readTarget(backup.url, `the copies of ${database.name}`);
  const file = await beginObject(backup.folder, object);
  await requireSpace(db, database);
  const startedMs = monotonicMs();
  // Before the snapshot: the data is of this moment or younger.
  const snapshotAt = await databaseNow(db);
  const dumped = await dumpDatabase({
    target,
    dumper: await dumperOf(copier, copy, target, file),
    appName: sessionName(copy.id),
    timeoutSeconds: backup.timeout,
    lockTimeoutSeconds: config.backups.lockTimeout,
    signal,
  });
  if (dumped.problem !== null) return dumped;
  const { catalog, dumpVersion, evidence, log } = dumped;
  try {
    const digest = await digestOf(file, signal);
    if (digest.bytes < backup.minBytes) {
      return { problem: `The dump has ${digest.bytes} bytes: less than minBytes (${backup.minBytes}).`, log };
    }
    signal.throwIfAborted();
    const seconds = (monotonicMs() - startedMs) / 1000;
    await finishObject(backup.folder, {
      v: 1,
      copy: copy.id,
      database: database.id,
      object,
      ...digest,
      snapshotAt: snapshotAt.toISOString(),
      serverVersion: catalog.serverVersion,
      dumpVersion,
      systemIdentifier: catalog.systemIdentifier,
      made: { catalog, seconds, evidence },
    } satisfies Marker);
    // With its marker it is finished, whatever becomes of this worker.
    const check = dumpedCheck(dumpVersion, seconds, evidence);
    const versions = { serverVersion: catalog.serverVersion, dumpVersion };
    return { problem: null, kept: { snapshotAt, ...digest, ...versions, catalog, log, check } };
  } catch (error) {
    if (signal.aborted) return { problem: 'The worker was stopped, or lost the copy to another one.', log };
    throw folderError(backup.folder, error);
  }
}

/** How the dump is made: as a process of this worker, or by a Job in the cluster. */
async function dumperOf(copier: Copier, copy: Begun, target: Target, file: string): Promise<Dumper> {
  const { db, config, actor, holder, jobs, jobPollMs } = copier;
  const common = {
    file,
    appName: sessionName(copy.id),
    lockTimeoutSeconds: config.backups.lockTimeout,
  };
  const place = jobPlaceOf(config, copy.database);
  if (place !== null) {
    return dumpByJob({
      ...common,
      ...{ db, actor, jobs, place, copy },
      workerId: holder.workerId,
      password: target.password,
      ...(jobPollMs === undefined ? {} : { pollMs: jobPollMs }),
    });
  }
  const found = await findTools(config.backups.tools);
  return dumpHere({
    ...common,
    target,
    toolsFor: (server) => chooseTools(found, server, config.backups.tools),
    timeoutSeconds: copy.database.backup.timeout,
  });
}

/** L0: what stands behind every finished copy. */
export const dumpedCheck = (
  toolVersion: string,
  seconds: number,
  evidence: Evidence[] = [fact('Exit code', '0', '0')],
): CheckToKeep =>
  judged({ level: 0, tool: 'pg_dump', toolVersion, evidence, seconds }, 'pg_dump ended without an error.');

/** A disk that could not hold the last copy once more is told before it is filled. */
async function requireSpace(db: Database, { id, backup }: BackedUp): Promise<void> {
  const last = await db.backupCopy.findFirst({
    where: { databaseId: id, state: 'kept' },
    orderBy: { startedAt: 'desc' },
    select: { bytes: true },
  });
  const free = await freeBytes(backup.folder).catch((error: unknown) => {
    throw folderError(backup.folder, error);
  });
  const needed = Number(last?.bytes ?? backup.minBytes);
  if (free >= needed) return;
  throw folderError(backup.folder, Object.assign(new Error('no space'), { code: 'ENOSPC' }));
}
