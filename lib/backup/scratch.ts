import 'server-only';
import type { Client } from 'pg';
import { newId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import type { Database } from '@/lib/db/client';
import { readTarget, type Target } from './connection';
import { installationId } from './installation';
import { backedUp, type Copier } from './make-copy';
import { expiringAt, isLeftover, type Need } from './scratch-mark';
import { withSession } from './session';

const prefixes = { copy: 'signalbox_scratch_', drill: 'signalbox_drill_' } as const;
const appName = 'signalbox-scratch';

const named = (prefix: string, id: string): string =>
  `${prefix}${id.replaceAll('-', '')}_${newId().slice(0, 6)}`;

/** The name tells whose copy it is, so that what a crash leaves is found; each attempt has one of its own. */
export const scratchName = (copy: string): string => named(prefixes.copy, copy);
/** The same for a drill. */
export const drillName = (drill: string): string => named(prefixes.drill, drill);

const uuid = '([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})';
const patterns = {
  copy: new RegExp(`^${prefixes.copy}${uuid}_[0-9a-f]{6}$`),
  drill: new RegExp(`^${prefixes.drill}${uuid}_[0-9a-f]{6}$`),
};
const idIn = (name: string, kind: keyof typeof patterns): string | null =>
  patterns[kind].exec(name)?.slice(1).join('-') ?? null;

/** The copy of a scratch database; null for a database that is none of ours. */
export const copyOfScratch = (name: string): string | null => idIn(name, 'copy');

/** What looks around or makes and drops a database: a server that takes longer is none to work with. */
const answerSeconds = 120;

/** Questions to a scratch server. Throws what `withSession` throws. */
export const withClient = <T>(
  target: Target,
  work: (client: Client) => Promise<T>,
  limits: { answerSeconds?: number; signal?: AbortSignal } = {},
): Promise<T> => withSession(target, { appName, answerSeconds, ...limits }, work);

/** A mark by which any console may drop the database when so many seconds have passed on its server. */
export const expiringAfter = (target: Target, seconds: number): Promise<string> =>
  withClient(target, async (client) =>
    expiringAt(new Date((await serverNow(client)).getTime() + seconds * 1000)),
  );

async function serverNow(client: Client): Promise<Date> {
  const { rows } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  return rows[0]?.at ?? new Date(0);
}

/** Makes an empty database that says whose it is. */
export async function createScratch(target: Target, database: string, mark: string | null): Promise<void> {
  await withClient(target, async (client) => {
    await client.query(`CREATE DATABASE "${database}" TEMPLATE template0`);
    if (mark !== null)
      await client.query(`COMMENT ON DATABASE "${database}" IS ${client.escapeLiteral(mark)}`);
  });
}

/** Runs `work` with an empty database on the scratch server, and drops it whatever happens. */
export async function withScratch<T>(
  target: Target,
  { copy, mark }: { copy: string; mark: string | null },
  work: (scratch: Target) => Promise<T>,
): Promise<T> {
  const database = scratchName(copy);
  try {
    await createScratch(target, database, mark);
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

export const dropScratch = (target: Target, database: string) =>
  withClient(target, (client) => client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`));

/**
 * Drops scratch databases that are ours with certainty and that nobody works with. Those of another console on the same
 * server are left alone. The number of those that were dropped.
 */
export async function dropLeftovers({ db, config }: Pick<Copier, 'db' | 'config'>): Promise<number> {
  let dropped = 0;
  for (const { name, backup } of backedUp(config)) {
    if (backup.scratch === undefined) continue;
    try {
      const target = readTarget(backup.scratch, `the scratch server of ${name}`);
      const installation = await installationId(db);
      const { rows, now } = await withClient(target, listScratches);
      for (const { name: database, comment } of rows) {
        const need = await needOf(db, database);
        if (need === null || !isLeftover({ comment, now, installation, need })) continue;
        await dropScratch(target, database);
        dropped += 1;
      }
    } catch (error) {
      logger('worker').warn({ database: name, err: error }, 'leftovers of restores could not be looked for');
    }
  }
  return dropped;
}

async function listScratches(client: Client) {
  const { rows } = await client.query<{ name: string; comment: string | null }>(
    `SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database
     WHERE starts_with(datname, $1) OR starts_with(datname, $2)`,
    [prefixes.copy, prefixes.drill],
  );
  return { rows, now: await serverNow(client) };
}

/** Null: the name is none that we give. */
async function needOf(db: Database, name: string): Promise<Need | null> {
  const copy = idIn(name, 'copy');
  const drill = idIn(name, 'drill');
  if (copy === null && drill === null) return null;
  const [row] =
    copy === null
      ? await db.$queryRaw<{ idle: boolean }[]>`
          SELECT lease_until IS NULL OR lease_until < app.now() AS idle FROM restore_run WHERE id = ${drill}::uuid`
      : await db.$queryRaw<{ idle: boolean }[]>`
          SELECT lease_until IS NULL OR lease_until < app.now() AS idle FROM backup_copy WHERE id = ${copy}::uuid`;
  if (row === undefined) return 'unknown';
  return row.idle ? 'idle' : 'at-work';
}
