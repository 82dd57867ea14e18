import 'server-only';
import { restoreNames } from '@/lib/actuators/postgres/restore/names';
import { type Survey, surveyDatabase } from '@/lib/actuators/postgres/restore/survey';
import { Catalog } from '@/lib/backup/catalog';
import { toolsFor } from '@/lib/backup/check-copies';
import { tookWords } from '@/lib/backup/drill/words';
import { readReadiness } from '@/lib/backup/readiness';
import type { Database as DatabaseConfig } from '@/lib/config/database';
import { OpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { SourceError } from '@/lib/sources/source-error';
import type { DeployPlan, Precheck } from '../../contract';
import type { RestoreData } from '../contract';
import { restoreSteps } from '../restore-steps';
import { dataOf } from '../sentence';
import { compareRows, countNow } from './count-rows';
import type { DataInput } from './find-database';
import { watchOf } from './outer';
import type { Part, Planner } from './part';
import { spaceCheck } from './plan-backup';
import { type Restorable, readRestorable } from './restorable-copy';
import * as checks from './restore-checks';

type Input = Extract<DataInput, { kind: 'restore' }>;

/** Throws OpsError where there is no such copy, where the server does not answer, or where there are no tools. */
export async function planRestore(
  { db, config }: Planner,
  known: DatabaseConfig,
  input: Input,
): Promise<Part<RestoreData>> {
  const { id, name, backup, restore } = known;
  // Asked for before: nothing is planned without them.
  if (backup === undefined || restore === undefined) throw new Error(`No copy of ${id} can be put back.`);
  const copy = await readRestorable(db, id, input.copy);
  const catalog = Catalog.parse(copy.row.catalog);
  const [found, tools, now, counted, readiness] = await Promise.all([
    survey({ id, restore }, catalog.database, name),
    toolsFor(config, {
      server: { version: catalog.serverVersion, major: catalog.serverMajor },
      dumpVersion: copy.row.dumpVersion ?? '',
    }),
    databaseNow(db),
    countNow(name, backup),
    databaseNow(db).then((at) => readReadiness(db, known, at)),
  ]);
  if ('problem' in tools) throw new OpsError('precondition', tools.problem);
  const safetyCopy = input.safetyCopy !== false;
  const rows = compareRows(catalog.rows, 'rows' in counted ? counted.rows : null);
  const snapshotAt = (copy.row.snapshotAt ?? copy.row.startedAt).toISOString();
  const data: RestoreData = {
    do: 'restore',
    database: id,
    name,
    serverVersion: catalog.serverVersion,
    server: found.systemIdentifier ?? catalog.systemIdentifier,
    serverDatabase: catalog.database,
    oid: found.oid,
    owner: found.owner,
    copy: {
      id: copy.row.id,
      object: copy.row.object,
      snapshotAt,
      sha256: copy.row.sha256 ?? '',
      bytes: Number(copy.row.bytes),
      databaseBytes: catalog.databaseBytes,
      provenAt: (copy.provenAt ?? new Date(0)).toISOString(),
    },
    tool: { name: 'pg_restore', version: tools.version },
    safetyCopy,
    bytes: found.bytes ?? catalog.databaseBytes,
    rows,
    sessions: found.sessions,
    keepSeconds: restore.keep,
  };
  const loadSeconds = readiness.recoveryTime.seconds;
  return {
    data,
    effect: { what: name, from: 'the data it has now', to: dataOf(data.copy) },
    steps: stepsOf(data, {
      copy: await copySeconds(db, id),
      load: loadSeconds,
      watch: watchOf(config, input),
    }),
    prechecks: [
      copyCheck(copy, now),
      serverCheck(found, catalog),
      checks.accountCheck(found),
      checks.renameCheck(found, catalog.database),
      checks.lossCheck(snapshotAt, now.getTime(), rows, 'problem' in counted ? counted.problem : null),
      checks.sessionsCheck(found.sessions),
      checks.roomCheck(catalog.databaseBytes),
      await safetyCheck(db, known, backup, safetyCopy),
      timeCheck(loadSeconds),
      drillCheck(readiness.failedDrill),
    ],
  };
}

async function survey(
  keeper: Parameters<typeof surveyDatabase>[0],
  database: string,
  name: string,
): Promise<Survey> {
  try {
    const found = await surveyDatabase(keeper, database);
    if (found !== null) return found;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new OpsError(
      'unavailable',
      `The account that restores ${name} does not reach it: ${error.message}`,
      {
        next: 'Bring the server back, or correct restore.url; `signalbox config check` tries it.',
      },
    );
  }
  throw new OpsError('precondition', `The server of restore.url has no database ${database}.`, {
    next: 'Name the server in it that the copies are of. A database that was lost whole is made anew by hand: docs/backups.md says how.',
  });
}

function copyCheck({ refusal, provenAt }: Restorable, now: Date): Precheck {
  const title = 'The copy is proven';
  if (refusal !== null) return { id: 'copy', title, result: 'fail', detail: refusal };
  const ago = tookWords(Math.max(0, (now.getTime() - (provenAt?.getTime() ?? 0)) / 1000));
  return { id: 'copy', title, result: 'pass', detail: `It was restored and right (L4) ${ago} ago.` };
}

/** The copy is of this server, or somebody has to know that it is not. */
function serverCheck({ systemIdentifier }: Survey, catalog: Catalog): Precheck {
  const title = 'The copy is of this server';
  const of = (result: Precheck['result'], detail: string): Precheck => ({
    id: 'server',
    title,
    result,
    detail,
  });
  if (systemIdentifier === null || catalog.systemIdentifier === null)
    return of('warn', 'One of the two did not tell its identifier (pg_control_system), so it is not known.');
  return systemIdentifier === catalog.systemIdentifier
    ? of('pass', `System identifier ${systemIdentifier}.`)
    : of('warn', `It is of the server ${catalog.systemIdentifier}, and this one is ${systemIdentifier}.`);
}

async function safetyCheck(
  db: Database,
  { id }: DatabaseConfig,
  backup: NonNullable<DatabaseConfig['backup']>,
  safetyCopy: boolean,
): Promise<Precheck> {
  if (!safetyCopy) {
    return {
      id: 'safety',
      title: 'A safety copy comes first',
      result: 'warn',
      detail: 'None is made. The old database itself is kept; if its disk goes, what it held goes with it.',
    };
  }
  const last = await db.backupCopy.findFirst({
    where: { databaseId: id, state: 'kept' },
    orderBy: { startedAt: 'desc' },
    select: { bytes: true },
  });
  const room = await spaceCheck(backup.folder, last, backup.minBytes);
  return { ...room, id: 'safety', title: 'Room for the safety copy' };
}

const timeCheck = (seconds: number | null): Precheck => ({
  id: 'time',
  title: 'How long it is away',
  result: seconds === null ? 'warn' : 'pass',
  detail:
    seconds === null
      ? 'Unknown: no drill has passed in 30 days. The database lets nobody in while the copy is loaded.'
      : `About ${tookWords(seconds)} by the last drill, in which the database lets nobody in.`,
});

const drillCheck = (failed: string | null): Precheck => ({
  id: 'drill',
  title: 'The last drill passed',
  result: failed === null ? 'pass' : 'warn',
  detail: failed === null ? 'None has failed since.' : `It failed: ${failed}`,
});

async function copySeconds(db: Database, databaseId: string): Promise<number | null> {
  const last = await db.backupCopy.findFirst({
    where: { databaseId, state: 'kept' },
    orderBy: { startedAt: 'desc' },
    select: { startedAt: true, finishedAt: true },
  });
  if (last?.finishedAt == null) return null;
  return Math.round((last.finishedAt.getTime() - last.startedAt.getTime()) / 1000);
}

function stepsOf(
  { name, serverDatabase, safetyCopy }: RestoreData,
  usual: { copy: number | null; load: number | null; watch: number },
): DeployPlan['steps'] {
  const n = restoreSteps(safetyCopy);
  const { live } = restoreNames(serverDatabase, 0);
  const after = `${live}_r_…`;
  const former = `${live}_pre_…`;
  return [
    ...(n.copy === null
      ? []
      : [
          {
            n: n.copy,
            kind: 'copy' as const,
            title: `Make a safety copy of ${name}`,
            usualSeconds: usual.copy,
            detail: 'As it is now, whatever is wrong with it. If that fails, nothing is changed.',
          },
        ]),
    {
      n: n.close,
      kind: 'close',
      title: `Close ${live}`,
      usualSeconds: 2,
      detail: `${after} (with the number of this change) is made with its owner, locale, settings and rights; then ${live} lets nobody in and its sessions are ended.`,
    },
    {
      n: n.load,
      kind: 'load',
      title: 'Load the copy',
      usualSeconds: usual.load === null ? null : Math.ceil(usual.load),
      detail: `Into ${after}, which is empty; then its rows, constraints and indexes are looked at.`,
    },
    {
      n: n.switch,
      kind: 'switch',
      title: 'Switch',
      usualSeconds: 2,
      detail: `In one transaction ${live} becomes ${former}, ${after} becomes ${live}, and lets sessions in.`,
    },
    {
      n: n.watch,
      kind: 'watch',
      title: 'Watch the service come back',
      usualSeconds: Math.ceil(usual.watch),
      detail: 'Its sessions and its pods. An abort switches back until the watch ends.',
    },
  ];
}
