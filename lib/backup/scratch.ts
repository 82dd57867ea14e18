import 'server-only';
import type { Client } from 'pg';
import { newId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import type { Database } from '@/lib/db/client';
import { readTarget, type Target } from './connection';
import { backedUp, type Copier } from './make-copy';
import { withSession } from './session';

const prefix = 'signalbox_scratch_';
const appName = 'signalbox-scratch';

/** The name tells whose copy it is, so that what a crash leaves is found; each attempt has one of its own. */
export const scratchName = (copy: string): string =>
  `${prefix}${copy.replaceAll('-', '')}_${newId().slice(0, 6)}`;

/** The copy of a scratch database; null for a database that is none of ours. */
export function copyOfScratch(name: string): string | null {
  const hex =
    /^signalbox_scratch_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[0-9a-f]{6}$/.exec(
      name,
    );
  return hex === null ? null : hex.slice(1).join('-');
}

/** What looks around or makes and drops a database: a server that takes longer is none to work with. */
const answerSeconds = 120;

/** Questions to a scratch server. Throws what `withSession` throws. */
export const withClient = <T>(
  target: Target,
  work: (client: Client) => Promise<T>,
  limits: { answerSeconds?: number; signal?: AbortSignal } = {},
): Promise<T> => withSession(target, { appName, answerSeconds, ...limits }, work);

/** Runs `work` with an empty database on the scratch server, and drops it whatever happens. */
export async function withScratch<T>(
  target: Target,
  copy: string,
  work: (scratch: Target) => Promise<T>,
): Promise<T> {
  const database = scratchName(copy);
  await withClient(target, (client) => client.query(`CREATE DATABASE "${database}" TEMPLATE template0`));
  try {
    return await work({ ...target, database });
  } finally {
    await dropScratch(target, database).catch((error: unknown) =>
      logger('worker').warn(
        { database, err: error },
        'a scratch database could not be dropped; it is tried again',
      ),
    );
  }
}

const dropScratch = (target: Target, database: string) =>
  withClient(target, (client) => client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`));

/**
 * Drops scratch databases that nobody works with: their copy is ours, and no live worker holds it. Those of another
 * console on the same server are left alone. The number of those that were dropped.
 */
export async function dropLeftovers({ db, config }: Pick<Copier, 'db' | 'config'>): Promise<number> {
  let dropped = 0;
  for (const { name, backup } of backedUp(config)) {
    if (backup.scratch === undefined) continue;
    try {
      const target = readTarget(backup.scratch, `the scratch server of ${name}`);
      const { rows } = await withClient(target, (client) =>
        client.query<{ name: string }>(
          `SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)`,
          [prefix],
        ),
      );
      for (const { name: database } of rows) {
        const copy = copyOfScratch(database);
        if (copy === null || !(await isIdle(db, copy))) continue;
        await dropScratch(target, database);
        dropped += 1;
      }
    } catch (error) {
      logger('worker').warn({ database: name, err: error }, 'leftovers of restores could not be looked for');
    }
  }
  return dropped;
}

async function isIdle(db: Database, copy: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ idle: boolean }[]>`
    SELECT lease_until IS NULL OR lease_until < app.now() AS idle FROM backup_copy WHERE id = ${copy}::uuid`;
  return row?.idle === true;
}
