import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { SecretRef } from '@/lib/core/env';
import { isOpsError, messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { type Transaction, transaction } from '@/lib/db/transaction';
import type { BackedUp } from './begin-copy';
import { Catalog } from './catalog';
import type { CheckToKeep } from './check';
import { type CheckedCopy, checkDecoded, checkListed, checkStored } from './check-file';
import { checkRestored } from './check-restore';
import { readTarget } from './connection';
import { installationId } from './installation';
import { holding } from './lease';
import { backedUp, type Copier } from './make-copy';
import { type CopyLevel, copyLevels, goodLevel } from './model';
import { redact } from './run-tool';
import { settleLevel } from './settle-level';
import { chooseReader, findTools } from './tools';

/** What could not be looked at is looked at again after this; where a change waits for it, sooner. */
const unknownSeconds = { calm: 3600, waitedFor: 60 } as const;
/** Copies that the size of one is compared with (6.2). */
const compared = 7;

type Taken = {
  id: string;
  database_id: string;
  object: string;
  bytes: bigint;
  sha256: string;
  level: number | null;
  server_version: string;
  dump_version: string;
  catalog: unknown;
  started_at: Date;
};

/** Checks every copy that is due, the newest first: it is the one that a restore would take. */
export async function checkDueCopies(copier: Copier): Promise<number> {
  let checked = 0;
  for (let taken = await take(copier); taken !== null; taken = await take(copier)) {
    await climb(copier, taken);
    checked += 1;
  }
  return checked;
}

async function take({ db, config, holder, signal }: Copier): Promise<Taken | null> {
  if (signal.aborted) return null;
  const ids = backedUp(config).map(({ id }) => id);
  const [row] = await db.$queryRaw<Taken[]>`
    UPDATE backup_copy SET lease_owner = ${holder.workerId},
      lease_until = app.now() + ${holder.leaseSeconds}::double precision * interval '1 s'
    WHERE id = (
      SELECT id FROM backup_copy WHERE state = 'kept' AND check_due_at <= app.now() AND database_id = ANY(${ids})
        AND (lease_until IS NULL OR lease_until < app.now())
      ORDER BY started_at DESC FOR UPDATE SKIP LOCKED LIMIT 1)
    RETURNING id, database_id, object, bytes, sha256, level, server_version, dump_version, catalog, started_at`;
  return row ?? null;
}

/** Level after level, until one does not pass; what stands then is the copy's level. */
async function climb(copier: Copier, taken: Taken): Promise<void> {
  const { db, holder } = copier;
  const database = backedUp(copier.config).find(({ id }) => id === taken.database_id);
  if (database === undefined) return;
  let reached: CopyLevel = 1;
  try {
    await holding(db, { id: taken.id, holder, stopping: copier.signal }, async (signal) => {
      let isUnknown = false;
      try {
        for await (const check of looks(copier, database, taken, signal)) {
          await keepCheck(copier, taken, check);
          isUnknown = check.result === 'unknown';
          if (check.result !== 'passed') break;
          reached = above(check.level);
        }
      } catch (error) {
        signal.throwIfAborted();
        // Asked again in an hour, so that one copy that cannot be looked at holds up no other.
        isUnknown = true;
        logger('worker').error({ copy: taken.id, level: reached, err: error }, 'a look at a copy broke off');
        const said = redact(messageOf(error), []).slice(0, 300);
        await keepCheck(copier, taken, unlooked(reached, 'Signalbox', `The look broke off: ${said}.`));
      }
      signal.throwIfAborted();
      await settle(copier, taken, isUnknown);
    });
  } catch (error) {
    // Given back as it was: another worker, or the next start, looks again.
    await db.$executeRaw`
      UPDATE backup_copy SET lease_owner = NULL, lease_until = NULL
      WHERE id = ${taken.id}::uuid AND lease_owner = ${holder.workerId}`;
    if (!copier.signal.aborted) throw error;
  }
}

const above = (level: number): CopyLevel => copyLevels.find((next) => next > level) ?? goodLevel;

async function* looks(
  { db, config }: Copier,
  { name, backup }: BackedUp,
  taken: Taken,
  signal: AbortSignal,
): AsyncGenerator<CheckToKeep> {
  const before = await db.backupCopy.findMany({
    where: { databaseId: taken.database_id, state: 'kept', startedAt: { lt: taken.started_at } },
    orderBy: { startedAt: 'desc' },
    take: compared,
    select: { bytes: true },
  });
  const copy: CheckedCopy = {
    folder: backup.folder,
    object: taken.object,
    bytes: Number(taken.bytes),
    sha256: taken.sha256,
    catalog: Catalog.parse(taken.catalog),
    serverVersion: taken.server_version,
    dumpVersion: taken.dump_version,
  };
  const sizes = before.map(({ bytes }) => Number(bytes));
  yield await checkStored(copy, { minBytes: backup.minBytes, before: sizes, signal });
  const server = { version: copy.serverVersion, major: copy.catalog.serverMajor };
  const tools = await toolsFor(config, { server, dumpVersion: copy.dumpVersion });
  if ('problem' in tools) return yield unlooked(2, 'pg_restore', tools.problem);
  const toolbox = { tools, timeoutSeconds: backup.timeout, signal };
  yield await checkListed(copy, toolbox);
  yield await checkDecoded(copy, toolbox);
  if (backup.scratch === undefined || (await isProven(db, taken.id, config.backups.reprove))) return;
  const target = scratchTarget(backup.scratch, name);
  if ('problem' in target) return yield unlooked(4, 'pg_restore, pg_amcheck', target.problem);
  const owner = await installationId(db);
  yield await checkRestored(copy, { copy: taken.id, owner, target, ...toolbox });
}

const problemOf = (error: unknown): { problem: string } => {
  if (isOpsError(error)) return { problem: [error.message, error.next ?? ''].join(' ').trim() };
  throw error;
};

/** The tools to read a copy with, or why there are none. */
export async function toolsFor(config: Config, copy: Parameters<typeof chooseReader>[1]) {
  const { tools } = config.backups;
  try {
    return chooseReader(await findTools(tools), copy, tools);
  } catch (error) {
    return problemOf(error);
  }
}

/** The scratch server of a database, or why it is not known. */
export function scratchTarget(secret: SecretRef, name: string) {
  try {
    return readTarget(secret, `the scratch server of ${name}`);
  } catch (error) {
    return problemOf(error);
  }
}

/** What stands in the way is no fault of the copy. */
const unlooked = (level: CopyLevel, tool: string, sentence: string): CheckToKeep => ({
  level,
  result: 'unknown',
  tool,
  toolVersion: 'none',
  sentence,
  evidence: [],
  seconds: 0,
});

/** Whether the copy was restored not so long ago that it would have to be again. */
async function isProven(db: Copier['db'], id: string, seconds: number): Promise<boolean> {
  const [row] = await db.$queryRaw<{ proven: boolean }[]>`
    SELECT EXISTS (SELECT FROM backup_check WHERE copy_id = ${id}::uuid AND level = 4 AND result = 'passed'
      AND at > app.now() - ${seconds}::double precision * interval '1 s') AS proven`;
  return row?.proven === true;
}

/** Stored as soon as it is known, so that a page shows how far a long climb has come. */
async function keepCheck({ db, holder }: Copier, taken: Taken, check: CheckToKeep): Promise<void> {
  await transaction(async (tx) => {
    const [held] = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM backup_copy WHERE id = ${taken.id}::uuid AND lease_owner = ${holder.workerId} AND state = 'kept' FOR UPDATE`;
    if (held !== undefined) await tx.backupCheck.create({ data: { copyId: taken.id, ...check } });
  }, db);
}

/** The level that stands, when to look again, and an audit entry when the level is another one. */
async function settle(copier: Copier, taken: Taken, isUnknown: boolean): Promise<void> {
  const { db, config, holder, actor } = copier;
  await transaction(async (tx) => {
    const [now] = await tx.$queryRaw<{ level: number | null; waited_for: boolean }[]>`
      SELECT level, EXISTS (SELECT FROM change w WHERE w.number = c.change_number AND w.finished_at IS NULL) AS waited_for
      FROM backup_copy c WHERE id = ${taken.id}::uuid AND lease_owner = ${holder.workerId} AND state = 'kept' FOR UPDATE OF c`;
    // Lost to another worker, or retention took it meanwhile: then its file may be gone for a good reason.
    if (now === undefined) return;
    const copy = { id: taken.id, databaseId: taken.database_id, object: taken.object, level: now.level };
    await settleLevel(tx, actor, copy);
    const again = now.waited_for ? unknownSeconds.waitedFor : unknownSeconds.calm;
    const { isGood, isNewest, isBest } = await standing(tx, taken.id);
    const wait = isUnknown ? again : isNewest || (isGood && isBest) ? config.backups.recheck : null;
    if (!isUnknown && !isGood && isBest) await lookAtNextBest(tx, taken);
    await tx.$executeRaw`
      UPDATE backup_copy SET lease_owner = NULL, lease_until = NULL,
        check_due_at = app.now() + ${wait}::double precision * interval '1 s'
      WHERE id = ${taken.id}::uuid`;
  }, db);
}

type Standing = { isGood: boolean; isNewest: boolean; isBest: boolean };

/** Where a copy stands among those of its database: `isBest`, no newer one was read in full and is good. */
async function standing(tx: Transaction, id: string): Promise<Standing> {
  const [found] = await tx.$queryRaw<Standing[]>`
    SELECT coalesce(c.level >= ${goodLevel}, false) AS "isGood",
      NOT EXISTS (SELECT FROM backup_copy n WHERE n.database_id = c.database_id AND n.state = 'kept'
        AND n.started_at > c.started_at) AS "isNewest",
      NOT EXISTS (SELECT FROM backup_copy n WHERE n.database_id = c.database_id AND n.state = 'kept'
        AND n.started_at > c.started_at AND n.level >= ${goodLevel}) AS "isBest"
    FROM backup_copy c WHERE id = ${id}::uuid`;
  return found ?? { isGood: false, isNewest: false, isBest: false };
}

/** The one before a copy that is not good is what a restore would take now: nobody has looked at it for long. */
const lookAtNextBest = (tx: Transaction, { database_id: databaseId, started_at: startedAt }: Taken) =>
  tx.$executeRaw`
    UPDATE backup_copy SET check_due_at = app.now() WHERE id = (
      SELECT id FROM backup_copy WHERE database_id = ${databaseId} AND state = 'kept' AND level >= ${goodLevel}
        AND started_at < ${startedAt}::timestamptz ORDER BY started_at DESC LIMIT 1)
      AND (check_due_at IS NULL OR check_due_at > app.now())`;
