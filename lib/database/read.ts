import 'server-only';
import type { Database } from '@/lib/config/database';
import { fresh, missing, type Reading } from '@/lib/core/reading';
import { monotonicMs, now } from '@/lib/core/time';
import { Poll } from '@/lib/sources/poll';
import {
  readConnections,
  readSessions,
  type Session,
  type StateCount,
} from '@/lib/sources/postgresql/activity';
import { type Ask, databaseName, isRefusal, withDatabase } from '@/lib/sources/postgresql/client';
import {
  type Receiving,
  readReceiving,
  readStandbys,
  type StandbySeen,
} from '@/lib/sources/postgresql/replication';
import {
  type Limits,
  readLimits,
  readServer,
  readSettings,
  type Server,
  type Setting,
} from '@/lib/sources/postgresql/server';
import { readLargestTables, readSize, type Table } from '@/lib/sources/postgresql/size';
import {
  type Extension,
  noRight,
  notLoaded,
  readExtension,
  readStatements,
  type Statement,
} from '@/lib/sources/postgresql/statements';
import { readingAfter, SourceError, toSourceError } from '@/lib/sources/source-error';
import { guideSettings } from './settings';

/** `problem`: why the view of an extension that is there gives nothing. */
export type Statements = {
  extension: Extension;
  problem: 'not-loaded' | 'no-right' | null;
  rows: Statement[];
};
export type Replication = { receiving: Receiving | null; standbys: StandbySeen[] };

/** What is known of one database, each part by itself. */
export type DatabaseReadings = {
  server: Reading<Server>;
  sessions: Reading<Session[]>;
  connections: Reading<{ limits: Limits; counts: StateCount[] }>;
  replication: Reading<Replication>;
  settings: Reading<Setting[]>;
  statements: Reading<Statements>;
  size: Reading<{ bytes: number; largest: Table[] }>;
};

type Kept = { readings: DatabaseReadings; slowAtMs: number; failures: number; retryAtMs: number };

declare global {
  var signalboxDatabases: Map<string, Poll<Kept>> | undefined;
}

const intervalMs = 10_000;
/** Sizes and the texts of queries are work for the server: once a minute is enough to see them grow. */
const slowMs = 55_000;
const longestPauseMs = 60_000;

/** After the second failure in a row a server is left alone for longer and longer: it may have no connection to spare. */
export const pauseAfter = (failures: number): number =>
  failures < 2 ? 0 : Math.min(longestPauseMs, intervalMs * 2 ** (failures - 2));

const unread: DatabaseReadings = (() => {
  const none = missing('too-late', 'The database has not answered yet.');
  return {
    server: none,
    sessions: none,
    connections: none,
    replication: none,
    settings: none,
    statements: none,
    size: none,
  };
})();

const allAfter = (last: DatabaseReadings, error: SourceError): DatabaseReadings => ({
  server: readingAfter(last.server, error),
  sessions: readingAfter(last.sessions, error),
  connections: readingAfter(last.connections, error),
  replication: readingAfter(last.replication, error),
  settings: readingAfter(last.settings, error),
  statements: readingAfter(last.statements, error),
  size: readingAfter(last.size, error),
});

async function statementsOf(part: Part): Promise<Statements> {
  const extension = await part(readExtension);
  const { version, schema } = extension;
  if (version === null || schema === null) return { extension, problem: null, rows: [] };
  try {
    return {
      extension,
      problem: null,
      rows: await part((ask) => readStatements(ask, { version, schema })),
    };
  } catch (error) {
    const answer = error instanceof SourceError ? error.answer : undefined;
    if (answer === notLoaded) return { extension, problem: 'not-loaded', rows: [] };
    if (answer === noRight) return { extension, problem: 'no-right', rows: [] };
    throw error;
  }
}

type Part = <P>(questions: (ask: Ask) => Promise<P>) => Promise<P>;

/** Asks for everything in one connection; `last` gives what a part that fails had before. Throws SourceError. */
export async function readDatabase(
  target: Pick<Database, 'id' | 'url'>,
  last: DatabaseReadings = unread,
  isSlowDue = true,
): Promise<DatabaseReadings> {
  return withDatabase(target, async (part) => {
    const server = await part(readServer);
    /** A part that the server refuses costs itself alone; a connection that is gone costs all. */
    const piece = async <T>(before: Reading<T>, questions: () => Promise<T>): Promise<Reading<T>> => {
      try {
        return fresh(await questions(), now());
      } catch (error) {
        if (!(error instanceof SourceError) || !isRefusal(error)) throw error;
        return readingAfter(before, error);
      }
    };
    const names = guideSettings.map(({ name }) => name);
    return {
      server: fresh(server, now()),
      sessions: await piece(last.sessions, () => part(readSessions)),
      connections: await piece(last.connections, () =>
        part(async (ask) => ({ limits: await readLimits(ask), counts: await readConnections(ask) })),
      ),
      replication: await piece(last.replication, () =>
        part(async (ask) => ({
          receiving: server.standby ? await readReceiving(ask) : null,
          standbys: await readStandbys(ask),
        })),
      ),
      settings: await piece(last.settings, () => part((ask) => readSettings(ask, names))),
      statements: isSlowDue ? await piece(last.statements, () => statementsOf(part)) : last.statements,
      size: isSlowDue
        ? await piece(last.size, () =>
            part(async (ask) => ({ bytes: await readSize(ask), largest: await readLargestTables(ask) })),
          )
        : last.size,
    };
  });
}

async function readKept(database: Database, previous: Kept | undefined): Promise<Kept> {
  const last = previous ?? { readings: unread, slowAtMs: 0, failures: 0, retryAtMs: 0 };
  const startedMs = monotonicMs();
  if (startedMs < last.retryAtMs) return last;
  // What failed in the slow half is asked for again at once: only what is known may wait.
  const isSlowDue =
    last.readings.size.state !== 'fresh' ||
    last.readings.statements.state !== 'fresh' ||
    startedMs - last.slowAtMs >= slowMs;
  try {
    const readings = await readDatabase(database, last.readings, isSlowDue);
    return { readings, slowAtMs: isSlowDue ? startedMs : last.slowAtMs, failures: 0, retryAtMs: 0 };
  } catch (error) {
    const failures = last.failures + 1;
    const said = toSourceError(error, databaseName(database));
    return {
      readings: allAfter(last.readings, said),
      slowAtMs: last.slowAtMs,
      failures,
      retryAtMs: monotonicMs() + pauseAfter(failures),
    };
  }
}

/** How long the first page waits for the first answer. */
const firstWaitMs = 3000;

/** The newest readings of a database, asked for every 10 s while somebody looks, however many do. */
export async function databaseReadings(database: Database): Promise<DatabaseReadings> {
  globalThis.signalboxDatabases ??= new Map();
  const polls = globalThis.signalboxDatabases;
  const known = polls.get(database.id);
  const poll =
    known ??
    new Poll<Kept>({
      name: `database ${database.id}`,
      intervalMs,
      read: (previous) => readKept(database, previous),
    });
  if (known === undefined) polls.set(database.id, poll);
  return (await poll.get(firstWaitMs))?.readings ?? unread;
}

/** For tests: the next reader starts anew. */
export function forgetDatabases(): void {
  for (const poll of globalThis.signalboxDatabases?.values() ?? []) poll.close();
  globalThis.signalboxDatabases = undefined;
}
