import 'server-only';
import { z } from 'zod';
import { stage } from '@/lib/audit/stage';
import { messageOf, sentenceOf } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import { transaction } from '@/lib/db/transaction';
import { readTarget } from '../connection';
import { installationId } from '../installation';
import type { Copier } from '../make-copy';
import { goodLevel } from '../model';
import { redact } from '../run-tool';
import { spoiltCopies } from '../store';
import { dropAtServer, type MarkReader } from './drop-at-server';
import { kindOfSetAside } from './model';
import { type Restorable, restorable } from './take-load';

const Row = z.object({
  id: z.string(),
  databaseId: z.string(),
  change: z.int(),
  serverName: z.string(),
  oid: z.coerce.number(),
  setAsideAt: z.date(),
  isBegun: z.boolean(),
});
type Row = z.infer<typeof Row>;

/**
 * Drops databases that restores set aside and whose time is over, where nothing speaks against it; otherwise they stay,
 * and their row says why. The number of those that were dropped.
 */
export async function dropSetAside(
  copier: Pick<Copier, 'db' | 'config' | 'actor' | 'signal'>,
  readMark: MarkReader,
): Promise<number> {
  const { db, config } = copier;
  const found = await db.$queryRaw<unknown[]>`
    SELECT id, database_id AS "databaseId", change_number AS change, server_name AS "serverName", oid,
      set_aside_at AS "setAsideAt", drop_begun_at IS NOT NULL AS "isBegun"
    FROM set_aside WHERE state = 'kept' AND drop_after <= app.now() ORDER BY set_aside_at`;
  let dropped = 0;
  for (const row of z.array(Row).parse(found)) {
    if (copier.signal.aborted) break;
    const database = restorable(config).find(({ id }) => id === row.databaseId);
    const why =
      database === undefined
        ? 'signalbox.yaml names no account any more that may drop it (databases[].restore).'
        : await drop(copier, { row, database, readMark });
    if (why === null) {
      dropped += 1;
      continue;
    }
    await db.$executeRaw`
      UPDATE set_aside SET sentence = ${why.slice(0, 1000)} WHERE id = ${row.id}::uuid AND state = 'kept'`;
  }
  return dropped;
}

type Due = { row: Row; database: Restorable; readMark: MarkReader };

/** Why it stays; null when it is gone. */
async function drop(
  copier: Pick<Copier, 'db' | 'config' | 'actor' | 'signal'>,
  { row, database, readMark }: Due,
): Promise<string | null> {
  const { db, signal } = copier;
  const secrets: string[] = [];
  try {
    const held = await heldBack(copier, row);
    if (held !== null) return held.sentence;
    const target = readTarget(database.restore.url, `the restores of ${database.name}`);
    secrets.push(target.password);
    const { serverName: name, oid, change, isBegun } = row;
    const mayBeBeside = kindOfSetAside(name) === 'replaced';
    const expected = { name, oid, change, isBegun, mayBeBeside, installation: await installationId(db) };
    const begin = async () => {
      await db.$executeRaw`UPDATE set_aside SET drop_begun_at = app.now() WHERE id = ${row.id}::uuid`;
    };
    const why = await dropAtServer({ target, signal, ...expected, readMark, begin });
    if (why !== null) return why;
    const copy = await newestGood(copier, row);
    await keepDropped(copier, row, copy?.object);
    return null;
  } catch (error) {
    logger('worker').warn(
      { database: row.serverName, err: redact(messageOf(error), secrets) },
      'a database that was set aside could not be dropped',
    );
    return `It could not be dropped: ${sentenceOf(error, (text) => redact(text, secrets))} It is tried again.`;
  }
}

/** What in our own records speaks against it; null: nothing. */
async function heldBack(copier: Pick<Copier, 'db'>, row: Row): Promise<{ sentence: string } | null> {
  const [executing] = await copier.db.$queryRaw<{ number: number }[]>`
    SELECT number FROM change WHERE plan #>> '{data,database}' = ${row.databaseId}
      AND state IN ('Revalidating', 'Running', 'Watching', 'Paused', 'DataHold', 'DriftHold', 'Frozen', 'ReconcileRequired')
    ORDER BY number LIMIT 1`;
  if (executing !== undefined)
    return { sentence: `${changeId(executing.number)} is working on the database; it waits for its end.` };
  if (row.isBegun || (await newestGood(copier, row)) !== null) return null;
  return {
    sentence: `There is no good copy (L${goodLevel}) of what the database has held since ${row.setAsideAt.toISOString().slice(0, 16).replace('T', ' ')} UTC; it stays until there is one.`,
  };
}

/** A copy of what the database holds since, read in full, with its file and with nothing that spoilt it. */
async function newestGood(
  { db }: Pick<Copier, 'db'>,
  { databaseId, setAsideAt }: Row,
): Promise<{ object: string } | null> {
  return db.backupCopy.findFirst({
    where: {
      databaseId,
      state: 'kept',
      level: { gte: goodLevel },
      snapshotAt: { gt: setAsideAt },
      id: { notIn: await spoiltCopies(db, databaseId) },
    },
    orderBy: { startedAt: 'desc' },
    select: { object: true },
  });
}

const keepDropped = (
  { db, actor }: Pick<Copier, 'db' | 'actor'>,
  { id, databaseId, change, serverName, oid }: Row,
  copy: string | undefined,
): Promise<void> =>
  transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE set_aside SET state = 'dropped', dropped_at = app.now(), sentence = NULL
      WHERE id = ${id}::uuid AND state = 'kept'`;
    // Another worker was at it too, and has written it down.
    if (count === 0) return;
    await stage(tx, {
      action: 'backup.set_aside_dropped',
      actor,
      target: `database:${databaseId}`,
      change,
      result: 'ok',
      details: { database: databaseId, serverName, oid, ...(copy === undefined ? {} : { copy }) },
    });
  }, db);
