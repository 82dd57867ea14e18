import 'server-only';
import type { Client } from 'pg';
import { formatDuration } from '@/lib/core/duration';
import { adviceOf, messageOf, OpsError } from '@/lib/core/errors';
import { type Catalog, readCatalog, readVersion } from './catalog';
import type { Target } from './connection';
import type { Evidence } from './contract';
import { endSessions } from './end-sessions';
import { redact } from './run-tool';
import { withSession } from './session';

/** One run of pg_dump over an exported snapshot, wherever it runs. Its signal asks it to end; it never throws. */
export type DumpRun = { snapshot: string; signal: AbortSignal };
/** What became of it: `problem` is a sentence, null when the dump is whole. */
export type DumpEnd = { log: string } & (
  | { problem: null; dumpVersion: string; evidence: Evidence[] }
  | { problem: string }
);
/** Readies a run for a server. Throws OpsError where it cannot be made: nothing has begun then. */
export type Dumper = (server: {
  version: string;
  major: number;
}) => Promise<(run: DumpRun) => Promise<DumpEnd>>;

export type Dump = {
  target: Target;
  dumper: Dumper;
  appName: string;
  timeoutSeconds: number;
  lockTimeoutSeconds: number;
  signal: AbortSignal;
};

/** `problem` is a sentence, null when the dump is whole. The catalog is that of the dumped snapshot. */
export type Dumped = { log: string } & (
  | { problem: null; catalog: Catalog; dumpVersion: string; evidence: Evidence[] }
  | { problem: string }
);

/** After its time pg_dump is ended, and its session at the server. */
const FAREWELL_SECONDS = 30;

export const milliseconds = (seconds: number): number => Math.min(Math.ceil(seconds * 1000), 2 ** 31 - 1);

/**
 * Dumps a database in custom format, and reads its catalog in the same snapshot: one session exports it, pg_dump and
 * the questions of the catalog see it. Never throws; OpsErrors of `dumper` are told as problems.
 */
export async function dumpDatabase(dump: Dump): Promise<Dumped> {
  const { target } = dump;
  const { timeoutSeconds, appName } = dump;
  // The server gives up first, and says why.
  const answerSeconds = timeoutSeconds + FAREWELL_SECONDS / 2;
  // Over everything, also over a server that says nothing any more.
  const over = AbortSignal.timeout(milliseconds(timeoutSeconds + FAREWELL_SECONDS));
  let isConnected = false;
  let dumping: Promise<unknown> = Promise.resolve();
  try {
    return await withSession(target, { appName, answerSeconds, signal: over }, (client) => {
      isConnected = true;
      return inSnapshot({ ...dump, signal: AbortSignal.any([dump.signal, over]) }, client, (started) => {
        dumping = started;
      });
    });
  } catch (error) {
    // Nobody may take the file away while it is still written to.
    await dumping.catch(() => undefined);
    const text = redact(messageOf(error), [target.password]);
    const log = `${text}\n`;
    if (!isConnected) return { problem: connectProblem(text), log };
    if (over.aborted) {
      const waited = formatDuration(timeoutSeconds + FAREWELL_SECONDS);
      const problem = `The server did not answer any more, and the copy was given up after ${waited}. Look whether the server and the way to it are well; the next run tries again.`;
      return { problem, log };
    }
    const problem =
      error instanceof OpsError ? `${text}${adviceOf(error)}` : `The server refused a question: ${text}.`;
    return { problem, log };
  }
}

/** What the driver says when there is no session, in words. */
function connectProblem(said: string): string {
  if (/password authentication failed|SASL|SCRAM/.test(said))
    return 'The server refused the password of the account.';
  if (/database ".*" does not exist/.test(said)) return 'The server has no database of the name in the URL.';
  if (/no pg_hba.conf entry/.test(said))
    return 'The server refuses our account or our address (pg_hba.conf).';
  return `The server cannot be reached: ${said}.`;
}

async function inSnapshot(
  dump: Dump,
  client: Client,
  begun: (dumping: Promise<unknown>) => void,
): Promise<Dumped> {
  const query = (sql: string) => client.query<Record<string, unknown>>(sql);
  const version = await readVersion(query);
  const begin = await dump.dumper(version);
  const limits = `SET LOCAL statement_timeout = ${milliseconds(dump.timeoutSeconds)};
    SET LOCAL lock_timeout = ${milliseconds(dump.lockTimeoutSeconds)};
    SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL search_path = pg_catalog; SET LOCAL row_security = off`;
  await query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await query(limits);
  const exported = await query('SELECT pg_export_snapshot() AS id');
  const snapshot = String(exported.rows[0]?.['id']);
  // Whichever fails first ends the other: half a copy is worth as much as none.
  const stopping = new AbortController();
  const signal = AbortSignal.any([dump.signal, stopping.signal]);
  const dumping = begin({ snapshot, signal });
  begun(dumping);
  const reading = readCatalog(query).catch((error: unknown) => {
    stopping.abort();
    return error instanceof Error ? error : new Error(String(error));
  });
  const result = await dumping;
  if (result.problem !== null && !stopping.signal.aborted) {
    // The questions of the catalog may wait for the same lock that pg_dump did.
    await endSessions(dump.target, dump.appName).catch(() => undefined);
    return { problem: result.problem, log: result.log };
  }
  const catalog = await reading;
  if (!(catalog instanceof Error)) {
    if (result.problem !== null) return { problem: result.problem, log: result.log };
    const { dumpVersion, evidence, log } = result;
    return { problem: null, catalog, dumpVersion, evidence, log };
  }
  const text = redact(messageOf(catalog), [dump.target.password]);
  return { problem: `The catalog could not be read: ${text}.`, log: `${result.log}${text}\n` };
}
