import 'server-only';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Identity, readIdentity } from '@/lib/backup/catalog';
import { readTarget } from '@/lib/backup/connection';
import { freeBytes } from '@/lib/backup/folder';
import { redact } from '@/lib/backup/run-tool';
import { withSession } from '@/lib/backup/session';
import { latestChecks } from '@/lib/backup/store';
import { chooseTools, findTools } from '@/lib/backup/tools';
import type { Database as DatabaseConfig, DirectBackup } from '@/lib/config/database';
import { jobPlaceOf, jobPlaceText } from '@/lib/config/job-place';
import type { Config } from '@/lib/config/schema';
import { formatBytes } from '@/lib/core/bytes';
import { isOpsError, messageOf, OpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import type { Precheck } from '../../contract';
import type { BackupData } from '../contract';
import { levelWords } from '../sentence';
import { check, type Part, type Planner } from './part';
import { planJob, type Way } from './plan-job';

/** The copy that the next one is compared with. */
type Last = {
  id: string;
  bytes: bigint | null;
  startedAt: Date;
  finishedAt: Date | null;
  level: number | null;
};

/** Throws OpsError where the server does not answer, or where there are no tools at all. */
export async function planBackup(
  planner: Planner,
  database: DatabaseConfig,
  user: string,
): Promise<Part<BackupData>> {
  const { db, config } = planner;
  const { id, name, backup } = database;
  // Asked for before: nothing is planned without it.
  if (backup === undefined) throw new Error(`No copies of ${id} are configured.`);
  const server = await identityOf(name, backup);
  const place = jobPlaceOf(config, database);
  const [way, last, running] = await Promise.all([
    place === null ? ofWorker(config, server) : planJob(planner, { database, backup, place, server, user }),
    lastCopy(db, id),
    db.backupCopy.findFirst({ where: { databaseId: id, state: { in: ['running', 'wanted'] } } }),
  ]);
  const level = backup.scratch === undefined ? 3 : 4;
  const seconds = last === null ? null : await provenSeconds(db, last, level);
  return {
    data: {
      do: 'backup',
      database: id,
      name,
      serverVersion: server.version,
      server: server.systemIdentifier,
      serverDatabase: server.database,
      tool: { name: 'pg_dump', version: way.version },
      ...(place === null ? {} : { job: jobPlaceText(place) }),
      level,
    },
    effect: { what: name, from: 'no new copy', to: `a copy, ${levelWords(level)}` },
    steps: [
      {
        n: 1,
        kind: 'copy',
        title: `Make a copy of ${name}`,
        usualSeconds: last?.finishedAt
          ? Math.round((last.finishedAt.getTime() - last.startedAt.getTime()) / 1000)
          : null,
        detail: `One dump of one snapshot, into the folder of its copies. A worker begins it within seconds${place === null ? '' : `, and a Job of CronJob ${place.cronJob} in ${place.namespace} runs pg_dump`}; what it writes counts only when it is whole.`,
      },
      {
        n: 2,
        kind: 'verify',
        title: `Prove it to ${levelWords(level)}`,
        usualSeconds: seconds,
        detail:
          level === 4
            ? 'Stored bytes, table of contents, every block, and a restore on the scratch server with rows, constraints and indexes counted.'
            : 'Stored bytes, table of contents and every block. No scratch server is configured, so that no restore proves it.',
      },
    ],
    prechecks: [
      check('reach', 'The database answers', 'pass', `PostgreSQL ${server.version}, ${server.database}.`),
      ...way.findings,
      await spaceCheck(backup.folder, last, backup.minBytes),
      running === null
        ? check('running', 'No other copy is under way', 'pass', 'None of this database is being made.')
        : check(
            'running',
            'No other copy is under way',
            'warn',
            'One is being made; this one waits for its end.',
          ),
      ...(level === 4
        ? []
        : [
            check(
              'scratch',
              'A restore proves it',
              'warn',
              'No scratch server is configured: the copy is read in full, and not restored.',
            ),
          ]),
    ],
  };
}

async function identityOf(name: string, { url }: DirectBackup): Promise<Identity> {
  const target = readTarget(url, `the copies of ${name}`);
  try {
    return await withSession(target, { appName: 'signalbox', answerSeconds: 10 }, (client) =>
      readIdentity((sql) => client.query<Record<string, unknown>>(sql)),
    );
  } catch (error) {
    if (isOpsError(error)) throw error;
    const said = redact(messageOf(error), [target.password]);
    throw new OpsError('unavailable', `The account that copies ${name} does not reach it: ${said}.`, {
      next: 'Bring the database back, or correct backup.url; `signalbox config check` tries it.',
    });
  }
}

/** An older pg_dump leaves out what it does not know: it is told here, and refused. */
async function ofWorker({ backups }: Config, server: Identity): Promise<Way> {
  const title = 'pg_dump fits the server';
  const found = await findTools(backups.tools);
  try {
    const { version, folder } = chooseTools(found, server, backups.tools);
    const detail = `pg_dump ${version} in ${folder}, for PostgreSQL ${server.version}.`;
    return { version, findings: [check('tools', title, 'pass', detail)] };
  } catch (error) {
    const newest = [...found].sort((left, right) => right.major - left.major)[0];
    if (newest === undefined || !isOpsError(error)) throw error;
    const detail = [error.message, error.next ?? ''].join(' ').trim();
    return { version: newest.version, findings: [check('tools', title, 'fail', detail)] };
  }
}

const lastCopy = (db: Database, databaseId: string): Promise<Last | null> =>
  db.backupCopy.findFirst({
    where: { databaseId, state: 'kept' },
    orderBy: { startedAt: 'desc' },
    select: { id: true, bytes: true, startedAt: true, finishedAt: true, level: true },
  });

/** What the checks of the last copy took, where it reached the level: the best guess for the next one. */
async function provenSeconds(
  db: Database,
  { id, level: reached }: Last,
  level: number,
): Promise<number | null> {
  if ((reached ?? -1) < level) return null;
  const latest = await latestChecks(db, id);
  const checks = await db.backupCheck.findMany({
    where: { copyId: id, result: 'passed', level: { gte: 1, lte: level } },
    orderBy: { id: 'desc' },
    distinct: ['level'],
    select: { seconds: true },
  });
  const isWhole = latest.filter((one) => one.level >= 1 && one.level <= level).length === level;
  return isWhole ? Math.ceil(checks.reduce((sum, { seconds }) => sum + seconds, 0)) : null;
}

/** Whether the folder of the copies has room for one more. */
export async function spaceCheck(
  folder: string,
  last: Pick<Last, 'bytes'> | null,
  minBytes: number,
): Promise<Precheck> {
  const title = 'Room for the copy';
  const needed = Number(last?.bytes ?? minBytes);
  try {
    const free = await freeBytes(folder).catch(async (error: unknown) => {
      // The folder itself is made with the first copy; the one around it must be there.
      if (last !== null) throw error;
      await fs.access(path.dirname(folder));
      return freeBytes(path.dirname(folder));
    });
    const than = last === null ? 'no copy of it is known yet' : `the last copy has ${formatBytes(needed)}`;
    return check(
      'space',
      title,
      free < needed ? 'fail' : free < 3 * needed ? 'warn' : 'pass',
      `${formatBytes(free)} are free in ${folder}; ${than}.`,
    );
  } catch (error) {
    return check('space', title, 'warn', `Could not be checked on this worker: ${messageOf(error)}.`);
  }
}
