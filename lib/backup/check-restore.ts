import 'server-only';
import type { Client } from 'pg';
import { messageOf } from '@/lib/core/errors';
import { monotonicMs } from '@/lib/core/time';
import { type Catalog, countRows, readConstraints, readVersion } from './catalog';
import { type CheckToKeep, fact, judged } from './check';
import { type CheckedCopy, logFact } from './check-file';
import { type Target, toolEnvironment } from './connection';
import type { Evidence } from './contract';
import { fileOf } from './folder';
import { redact, runTool, type ToolResult } from './run-tool';
import { withClient, withScratch } from './scratch';
import { ownedBy } from './scratch-mark';
import type { Tools } from './tools';

export type Restoring = {
  copy: string;
  /** This console, as the scratch database says whose it is. */
  owner: string;
  target: Target;
  tools: Tools;
  timeoutSeconds: number;
  signal: AbortSignal;
};

const head = { level: 4, tool: 'pg_restore, pg_amcheck' } as const;

/**
 * L4: restores the copy into a database that is made for it and dropped again, then holds rows, constraints and the
 * structure of heaps and indexes against the catalog of the snapshot. `unknown` where the scratch server is what
 * stands in the way.
 */
export async function checkRestored(copy: CheckedCopy, restoring: Restoring): Promise<CheckToKeep> {
  const startedMs = monotonicMs();
  const { target, tools, signal } = restoring;
  const seconds = () => (monotonicMs() - startedMs) / 1000;
  const unknown = (sentence: string, evidence: Evidence[] = []): CheckToKeep => ({
    ...head,
    toolVersion: tools.version,
    result: 'unknown',
    sentence,
    evidence,
    seconds: seconds(),
  });
  try {
    const { version, major } = await withClient(target, (client) => readVersion((sql) => client.query(sql)), {
      signal,
    });
    if (major < copy.catalog.serverMajor) {
      return unknown(
        `The scratch server is PostgreSQL ${version}, older than the database (${copy.serverVersion}).`,
      );
    }
    const made = { copy: restoring.copy, mark: ownedBy(restoring.owner) };
    const checked = await withScratch(target, made, (scratch) =>
      lookAt(copy, { ...restoring, target: scratch }),
    );
    const evidence = [...checked.evidence, fact('Version of the scratch server', null, version)];
    if (checked.unknown !== null) return unknown(checked.unknown, evidence);
    return judged(
      { ...head, toolVersion: tools.version, evidence, seconds: seconds() },
      'A restore has the rows, constraints and indexes of the database.',
    );
  } catch (error) {
    signal.throwIfAborted();
    return unknown(`The scratch server cannot be used: ${redact(messageOf(error), [target.password])}.`);
  }
}

export type Looked = { unknown: string | null; evidence: Evidence[] };
/** A restored database, and the tools to look at it. */
export type Restored = Omit<Restoring, 'copy' | 'owner'>;

async function lookAt(copy: CheckedCopy, restoring: Restoring): Promise<Looked> {
  const restored = await restore(copy, restoring);
  restoring.signal.throwIfAborted();
  const evidence = [fact('Exit code of pg_restore', '0', String(restored.code ?? 'ended by a signal'))];
  if (restored.problem !== null) {
    const said = [...evidence, ...logFact(restored.log)];
    return { unknown: serverIsShort(restored), evidence: said };
  }
  const looked = await lookAtRestored(copy.catalog, restoring);
  return { ...looked, evidence: [...evidence, ...looked.evidence] };
}

/** Rows and constraints of a restored database against the catalog of the snapshot, then what pg_amcheck sees. */
export async function lookAtRestored(catalog: Catalog, restoring: Restored): Promise<Looked> {
  const evidence = await compareRestored(catalog, restoring);
  if (evidence.some(({ isRight }) => isRight === false)) return { unknown: null, evidence };
  const looked = await lookForDamage(restoring, toLookAt.appName);
  return { ...looked, evidence: [...evidence, ...looked.evidence] };
}

/** What pg_amcheck sees in heaps and indexes; it puts its extension there where it is not. */
export async function lookForDamage(restored: Restored, appName: string): Promise<Looked> {
  const checked = await amcheck(restored, appName);
  restored.signal.throwIfAborted();
  // pg_amcheck ends with 2 where it found something, with 1 where it could not look.
  if (checked.code === 0 || checked.code === 2) {
    const found = checked.code === 0 ? 'none' : 'found';
    const evidence = [fact('Damage that pg_amcheck sees', 'none', found), ...logFact(checked.stdout)];
    return { unknown: null, evidence };
  }
  return {
    unknown: `The rows are right, but pg_amcheck could not look: ${checked.problem ?? 'no reason given'}`,
    evidence: logFact(checked.log),
  };
}

/** What only the scratch server is to blame for; null when it is the copy. */
export function serverIsShort({ isDecided, log, problem }: ToolResult): string | null {
  if (!isDecided) return problem;
  const extension = /extension "([^"]+)" is not available/.exec(log)?.[1];
  if (extension !== undefined) return `The scratch server does not have the extension ${extension}.`;
  const blamed =
    /No space left on device|server closed the connection|terminating connection|Connection refused|permission denied|must be superuser/;
  const found = blamed.exec(log)?.[0];
  return found === undefined ? null : `The scratch server stood in the way of the restore: ${found}.`;
}

/** What of a copy is left out, and as whom its sessions are known at the server. */
export type RestoreManner = { leaveOut: readonly string[]; appName: string };

/** Owners and rights are left out: roles are not in a dump. */
const toLookAt: RestoreManner = {
  leaveOut: ['--no-owner', '--no-privileges', '--no-publications', '--no-subscriptions'],
  appName: 'signalbox-scratch',
};

/** As a drill and a look do it. */
export const restoreArguments = ['--no-password', '--exit-on-error', ...toLookAt.leaveOut];

type Section = 'pre-data' | 'data' | 'post-data';

/** Restores the copy into the database of `target`, the whole of it or some of its sections. */
export const restore = (
  copy: Pick<CheckedCopy, 'folder' | 'object'>,
  { target, tools, timeoutSeconds, signal }: Restored,
  sections: readonly Section[] = [],
  { leaveOut, appName }: RestoreManner = toLookAt,
) =>
  runTool({
    tools,
    name: 'pg_restore',
    args: [
      '--no-password',
      '--exit-on-error',
      ...leaveOut,
      ...sections.map((section) => `--section=${section}`),
      `--dbname=${target.database}`,
      fileOf(copy.folder, copy.object),
    ],
    environment: toolEnvironment(target, appName),
    timeoutSeconds,
    signal,
  });

const amcheck = ({ target, tools, timeoutSeconds, signal }: Restored, appName: string) =>
  runTool({
    tools,
    name: 'pg_amcheck',
    args: ['--no-password', '--install-missing', target.database],
    environment: toolEnvironment(target, appName),
    timeoutSeconds,
    signal,
  });

/** Rows and constraints of a restored database against the catalog of the snapshot. */
export async function compareRestored(
  catalog: Catalog,
  { target, timeoutSeconds, signal }: Restored,
): Promise<Evidence[]> {
  // One limit over all counts together.
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  const compare = async (client: Client): Promise<Evidence[]> => {
    const query = (sql: string) => client.query<Record<string, unknown>>(sql);
    const constraints = await readConstraints(query);
    const rows = await countRows(query, catalog.rows);
    const off = catalog.rows.flatMap((table, index) =>
      rows[index] === table.rows
        ? []
        : [fact(`Rows of ${table.schema}.${table.table}`, String(table.rows), String(rows[index]))],
    );
    const sum = (counts: readonly number[]) => String(counts.reduce((total, count) => total + count, 0));
    return [
      fact('Constraints', String(catalog.constraints), String(constraints.all)),
      fact(
        'Constraints that are not valid',
        catalog.invalidConstraints.toSorted().join(', ') || 'none',
        constraints.invalid.join(', ') || 'none',
      ),
      ...off,
      fact(`Rows of ${catalog.rows.length} tables`, sum(catalog.rows.map((table) => table.rows)), sum(rows)),
    ];
  };
  return withClient(target, compare, { answerSeconds: timeoutSeconds, signal: over });
}
